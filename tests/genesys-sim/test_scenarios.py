"""The stand-in against sipp as the phone, on loopback. Usage: test_scenarios.py SIM [test ...]"""
import math
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

from sim_control import Refused, Sim, free_port, wait_until

SIPP = pathlib.Path(__file__).parent / "sipp"
PROGRAM = ""
UUID = "[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}"


def mulaw(sample):
    """G.711 µ-law of a 16-bit sample, written from the standard apart from the program's own."""
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), 32635) + 132
    exponent = magnitude.bit_length() - 8
    return ~(sign | exponent << 4 | (magnitude >> (exponent + 3)) & 0xF) & 0xFF


def write_tone(path, frequency, seconds=3):
    path.write_bytes(bytes(mulaw(int(10362 * math.sin(2 * math.pi * frequency * n / 8000)))
                           for n in range(8000 * seconds)))


class Scenario(unittest.TestCase):
    sim_options = ()
    dns = ("7000-7099", "7100=secret")

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="genesys-sim-")
        self.addCleanup(scratch.cleanup)
        self.directory = pathlib.Path(scratch.name)
        write_tone(self.directory / "tone.ulaw", 700)
        self.sim = Sim(PROGRAM, self.directory, *self.sim_options, dns=self.dns)
        self.sim.__enter__()
        self.addCleanup(self.sim.stop)
        self.phone_port = free_port()

    def start(self, scenario, *options):
        phone = subprocess.Popen(
            ["sipp", f"127.0.0.1:{self.sim.port}", "-sf", SIPP / f"{scenario}.xml", "-i",
             "127.0.0.1", "-mi", "127.0.0.1", "-p", str(self.phone_port), "-mp", str(free_port()),
             "-m", "1", "-nostdin", "-timeout", "15s", "-timeout_error", "-trace_err", "-error_file",
             f"{self.directory}/sipp.err", *options],
            cwd=self.directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: phone.poll() is None and phone.kill())
        return phone

    def finish(self, phone):
        status = phone.wait(20)
        errors = self.directory / "sipp.err"
        self.assertEqual(status, 0, errors.read_text() if errors.exists() else "sipp failed")

    def run_phone(self, scenario, *options):
        self.finish(self.start(scenario, *options))

    def register(self, dn="7001"):
        self.run_phone("register", "-s", dn)

    def call_in(self, scenario, **body):
        """A registered phone that plays `scenario`, and the call that rings it."""
        self.register()
        phone = self.start(scenario)
        wait_until(lambda: self.listens(self.phone_port), 5, "sipp listening")
        return phone, self.sim.post("/calls", {"to": "7001", "from": "5551234", **body})["id"]

    @staticmethod
    def listens(port):
        wanted = f":{port:04X} "
        return any(wanted in line.split("rem_address")[0][:30] for line in
                   pathlib.Path("/proc/net/udp").read_text().splitlines()[1:])

    def hears(self, call_id, frequency, level):
        """Waits until the call hears a tone, and checks that RTP came whole."""
        def tone(call):
            media = call["media"]
            return (media["packets_received"] >= 40 and media["frequency_hz"]
                    and abs(media["frequency_hz"] - frequency) < 2)
        media = self.sim.wait_call(call_id, tone, 5, f"{frequency} Hz")["media"]
        self.assertAlmostEqual(media["level_dbfs"], level, delta=3)
        self.assertEqual(media["lost"], 0)
        self.assertEqual(media["malformed"], 0)
        return media


class Registration(Scenario):
    def test_register(self):
        self.register()
        binding = self.sim.get("/registrations")["7001"]
        self.assertEqual(binding["contact"], f"sip:7001@127.0.0.1:{self.phone_port}")
        ok = self.sim.sent("SIP/2.0 200")[0]
        # In the order of the request, then Expires, Contact, Content-Length.
        self.assertEqual(ok.headers, ["Via", "From", "To", "Call-ID", "CSeq", "Expires", "Contact",
                                      "Content-Length"])
        self.assertRegex(ok.values["To"], f";tag={UUID}-1$")

    def test_last_register_wins(self):
        self.register()
        first = self.phone_port
        self.phone_port = free_port()
        self.register()
        self.assertNotEqual(first, self.phone_port)
        self.assertEqual(self.sim.get("/registrations")["7001"]["contact"],
                         f"sip:7001@127.0.0.1:{self.phone_port}")
        # The earlier phone is told nothing: two requests came, two answers went, no more.
        self.assertEqual([m.direction for m in self.sim.trace()], ["received", "sent"] * 2)

    def test_unknown_dn(self):
        self.run_phone("register-unknown", "-s", "8001")
        self.assertEqual(self.sim.get("/registrations"), {})

    def test_digest(self):
        self.run_phone("register-digest", "-s", "7100", "-au", "7100", "-ap", "secret")
        self.assertIn("7100", self.sim.get("/registrations"))
        challenge = self.sim.sent("SIP/2.0 401")[0].values["WWW-Authenticate"]
        self.assertRegex(challenge, r'^Digest realm="genesys",nonce="[0-9a-f]{48}"')

    def test_wrong_password(self):
        phone = self.start("register-digest", "-s", "7100", "-au", "7100", "-ap", "wrong")
        self.assertNotEqual(phone.wait(20), 0)
        self.assertEqual(self.sim.get("/registrations"), {})

    def test_stale_nonce(self):
        self.sim.post("/fail", {"stale": 1})
        phone = self.start("register-digest", "-s", "7100", "-au", "7100", "-ap", "secret")
        self.assertNotEqual(phone.wait(20), 0)  # this phone gives up; a good one tries again
        self.assertIn("stale=true", self.sim.sent("SIP/2.0 401")[1].values["WWW-Authenticate"])

    def test_faults(self):
        self.sim.post("/fail", {"register": 503, "count": 1})
        phone = self.start("register", "-s", "7001")
        self.assertNotEqual(phone.wait(20), 0)
        self.assertTrue(self.sim.sent("SIP/2.0 503"))
        self.register()
        # Silence: the first request is dropped, the repeated one is served.
        self.sim.post("/fail", {"register": "silent", "count": 1})
        before = len(self.sim.trace())
        self.register()
        new = self.sim.trace()[before:]
        self.assertEqual([m.direction for m in new], ["received", "received", "sent"])

    def test_registration_removed(self):
        self.register()
        self.sim.delete("/registrations/7001")
        self.assertEqual(self.sim.get("/registrations"), {})
        with self.assertRaises(Refused) as refused:
            self.sim.post("/calls", {"to": "7001"})
        self.assertEqual(refused.exception.args, (409, "to: DN 7001 is not registered"))


class IncomingCall(Scenario):
    def test_answered_and_hung_up(self):
        phone, call = self.call_in("call-in", play="tone:440", codec="PCMU,PCMA",
                                   record=f"{self.directory}/heard.wav",
                                   headers={"X-Customer": "gold"})
        self.sim.wait_state(call, "answered")
        media = self.hears(call, 700, -13)
        self.assertLess(media["first_rtp_out_ms"], 50)
        self.sim.delete(f"/calls/{call}", {"reason": 'SIP;cause=403;text="Forbidden"'})
        self.finish(phone)
        ended = self.sim.call(call)
        self.assertEqual(ended["ended"]["by"], "sim")
        wav = (self.directory / "heard.wav").read_bytes()
        samples = struct.unpack(f"<{(len(wav) - 44) // 2}h", wav[44:])
        self.assertGreater(len(samples), 8000 // 2)
        self.assertGreater(max(samples), 8000)
        self.check_invite(self.sim.sent("INVITE")[0])
        self.check_bye(self.sim.sent("BYE")[0])
        self.assertEqual(self.sim.get("/status")["rtp_ports_in_use"], 0)

    def check_invite(self, invite):
        self.assertEqual(invite.start, f"INVITE sip:7001@127.0.0.1:{self.phone_port} SIP/2.0")
        self.assertEqual(invite.headers, [
            "From", "To", "Call-ID", "CSeq", "Content-Length", "Content-Type", "Via", "Contact",
            "Allow", "Max-Forwards", "X-Genesys-CallUUID", "Session-Expires", "Min-SE", "Supported",
            "X-Customer"])
        at = f"127.0.0.1:{self.sim.port}"
        values = invite.values
        self.assertRegex(values["From"], f"^sip:5551234@{at};tag={UUID}-[0-9]+$")
        self.assertEqual(values["To"], "sip:7001@127.0.0.1")
        self.assertRegex(values["Call-ID"], f"^{UUID}-1@127.0.0.1$")
        self.assertRegex(values["Via"], f"^SIP/2.0/UDP {at};branch=z9hG4bK{UUID}-1$")
        self.assertEqual(values["Contact"], f"<sip:5551234@{at}>")
        self.assertRegex(values["X-Genesys-CallUUID"], "^[0-9A-V]{26}000001$")
        self.assertEqual(values["Session-Expires"], "1800;refresher=uac")
        self.assertEqual(values["Min-SE"], "90")
        self.assertEqual(values["Supported"], "uui,100rel,timer")
        self.assertIn("a=rtpmap:0 pcmu/8000\r\n", invite.body)

    def check_bye(self, bye):
        self.assertEqual(bye.headers, ["From", "To", "Call-ID", "CSeq", "Content-Length", "Via",
                                       "Reason", "Max-Forwards", "X-Genesys-CallUUID"])

    def test_cancelled(self):
        phone, call = self.call_in("call-cancelled")
        self.sim.wait_state(call, "ringing")
        self.sim.delete(f"/calls/{call}")
        self.finish(phone)
        ended = self.sim.wait_state(call, "ended")
        self.assertEqual(ended["ended"]["status"], 487)
        invite, cancel = self.sim.sent("INVITE")[0], self.sim.sent("CANCEL")[0]
        self.assertEqual(cancel.headers, ["From", "To", "Call-ID", "CSeq", "Content-Length", "Via",
                                          "Max-Forwards"])
        self.assertEqual(cancel.values["Via"], invite.values["Via"])
        self.assertEqual(self.sim.sent("ACK")[0].headers,
                         ["Via", "From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length"])

    def test_desktop_answer(self):
        phone, call = self.call_in("desktop-answer", desktop_answer=True, reinvite_after_ack=True,
                                   play="tone:440")
        self.hears(call, 700, -13)
        self.sim.delete(f"/calls/{call}")
        self.finish(phone)
        self.assertEqual(self.sim.sent("NOTIFY")[0].headers, [
            "From", "To", "Call-ID", "CSeq", "Content-Length", "Via", "Contact", "Event",
            "Subscription-State", "Max-Forwards", "X-Genesys-CallUUID"])
        reinvite = self.sim.sent("INVITE")[1]
        self.assertEqual(reinvite.values["Allow"], "INVITE, ACK, PRACK, CANCEL, BYE, REFER, INFO, "
                                                   "MESSAGE, NOTIFY, OPTIONS")
        starts = [m.start.split()[0] for m in self.sim.trace() if m.direction == "sent"]
        self.assertEqual(starts, ["SIP/2.0", "INVITE", "NOTIFY", "ACK", "INVITE", "ACK", "BYE"])

    def test_offerless(self):
        phone, call = self.call_in("offerless", offerless=True, desktop_answer=True, codec="PCMU",
                                   play="tone:440")
        self.hears(call, 700, -13)
        self.sim.delete(f"/calls/{call}")
        self.finish(phone)
        ack = self.sim.sent("ACK")[0]
        self.assertRegex(ack.body, r"m=audio \d+ RTP/AVP 0 101\r\n")
        self.assertEqual(self.sim.sent("INVITE")[0].values["Supported"], "timer")

    def test_offerless_black_hole(self):
        phone, call = self.call_in("offerless", offerless=True, desktop_answer=True,
                                   ack_sdp="blackhole")
        wait_until(lambda: self.sim.sent("ACK"), 5, "the ACK")
        self.sim.delete(f"/calls/{call}")
        self.finish(phone)
        media = self.sim.call(call)["media"]
        self.assertEqual((media["sending"], media["packets_sent"]), (False, 0))
        ack = self.sim.sent("ACK")[0]
        self.assertEqual(len(ack.body), 270)
        self.assertIn("c=IN IP4 0.0.0.0\r\nt=0 0\r\nm=audio 10000 RTP/AVP 101 8 0 4 18 3\r\n",
                      ack.body)

    def test_offerless_echo_and_late(self):
        phone, call = self.call_in("offerless", offerless=True, desktop_answer=True, ack_sdp="echo",
                                   ack_delay_ms=1700)
        wait_until(lambda: self.sim.sent("ACK"), 5, "the late ACK")
        self.sim.delete(f"/calls/{call}")
        self.finish(phone)
        offers = [m for m in self.sim.trace() if m.direction == "received" and m.body
                  and m.start == "SIP/2.0 200 OK"]
        self.assertGreaterEqual(len(offers), 2)  # repeated while the ACK was awaited
        ack = self.sim.sent("ACK")[0]
        self.assertEqual(ack.body, offers[0].body)
        self.assertNotIn("Max-Forwards", ack.headers)


class OutgoingCall(Scenario):
    def call(self, number, scenario="call-out", *options):
        self.register()
        self.run_phone(scenario, "-s", number, "-key", "dn", "7001", *options)
        return self.sim.wait_state(self.sim.only_call(), "ended")

    def test_echo(self):
        ended = self.call("9001")
        media = ended["media"]
        self.assertAlmostEqual(media["frequency_hz"], 700, delta=2)
        self.assertGreater(media["packets_received"], 80)
        self.assertGreater(media["packets_sent"], 80)
        self.assertLess(media["first_rtp_out_ms"], 50)
        self.assertEqual((media["lost"], media["reordered"]), (0, 0))
        self.assertEqual(ended["ended"]["by"], "phone")

    def test_recorder(self):
        media = self.call("9003")["media"]
        wav = pathlib.Path(media["recording"]).read_bytes()
        self.assertGreater(len(wav), 44 + 16000)
        self.assertEqual(struct.unpack("<I", wav[40:44])[0], len(wav) - 44)

    def test_cancelled(self):
        ended = self.call("9011", "call-out-cancelled")
        self.assertEqual((ended["ended"]["by"], ended["ended"]["status"]), ("phone", 487))

    def test_rejected(self):
        self.assertEqual(self.call("9012", "call-out-rejected")["ended"]["status"], 403)
        refusal = self.sim.sent("SIP/2.0 403")[0]
        self.assertEqual(refusal.values["Reason"], 'SIP;cause=403;text="Forbidden"')

    def test_busy(self):
        self.assertEqual(self.call("9010", "call-out-rejected")["ended"]["status"], 486)

    def test_nobody_there(self):
        self.register()
        for number, status in (("8888", 404), ("7002", 480)):
            self.run_phone("call-out-rejected", "-s", number, "-key", "dn", "7001")
            self.assertTrue(self.sim.sent(f"SIP/2.0 {status}"))
        self.assertEqual(self.sim.get("/calls"), [])


class DigestCall(Scenario):
    sim_options = ("--authenticate", "register,invite", "--realm", "sip.example")

    def test_invite_challenged(self):
        self.run_phone("call-out-digest", "-s", "9004", "-key", "dn", "7100", "-au", "7100", "-ap",
                       "secret")
        challenge = self.sim.sent("SIP/2.0 407")[0].values["Proxy-Authenticate"]
        self.assertTrue(challenge.startswith('Digest realm="sip.example",'), challenge)
        media = self.sim.wait_state(self.sim.only_call(), "ended")["media"]
        self.assertEqual(media["codec"], "pcma")
        self.assertGreater(media["packets_sent"], 5)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
