"""Calls in and out against sipp: bytes by the trace, sound by the counters."""
import pathlib
import struct
import time

from scenario import SIPP, UUID, Scenario, run
from sim_control import free_port, wait_until


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

    def test_answers_late(self):
        ended = self.call("9014*1")
        self.assertGreaterEqual(ended["answered_ms"], 1000)
        self.assertGreater(ended["media"]["packets_sent"], 80)

    def test_early_media(self):
        scenario = (SIPP / "call-out.xml").read_text().replace('response="180"', 'response="183"')
        (self.directory / "early.xml").write_text(scenario)
        ended = self.call("9013*1", self.directory / "early")
        self.assertLess(ended["media"]["first_rtp_out_ms"], -900)  # before the answer
        self.assertIn("m=audio", self.sim.sent("SIP/2.0 183")[0].body)

    def test_media_elsewhere(self):
        ended = self.call("9016*41000")
        self.assertEqual(ended["media"]["packets_sent"], 0)
        answers = [m.body for m in self.sim.sent("SIP/2.0 200") if m.body]
        self.assertIn("m=audio 41000 ", answers[0])

    def test_media_at_no_port(self):
        self.register()
        for number in ("9016", "9016*80", "9016*41001"):
            self.run_phone("call-out-rejected", "-s", number, "-key", "dn", "7001")
        self.assertEqual(len(self.sim.sent("SIP/2.0 404")), 3)

    def test_100_calls(self):
        self.register()
        phone = self.start("call-out", "-s", "9001", "-key", "dn", "7001", "-r", "50", "-m", "100",
                           "-l", "100")
        most = 0
        while phone.poll() is None:
            most = max(most, self.sim.get("/status")["calls"])
            time.sleep(0.05)
        self.finish(phone)
        self.assertGreater(most, 60)
        ended = [self.sim.call(c["id"]) for c in self.sim.get("/calls")]
        self.assertEqual(len(ended), 100)
        for call in ended:
            self.assertGreater(call["media"]["packets_sent"], 90)
            self.assertLess(call["media"]["packets_sent"], 115)
        self.assertEqual(self.sim.get("/status")["rtp_ports_in_use"], 0)


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


class DnToDn(Scenario):
    def connect(self, *options):
        """7001 is called by 7002; returns the phones and the call."""
        self.register()
        called = self.start("phone")
        wait_until(lambda: self.listens(self.phone_port), 5, "sipp listening")
        self.phone_port = free_port()
        self.register("7002")
        caller = self.start("call-out", "-s", "7001", "-key", "dn", "7002", *options)
        return called, caller, self.sim.only_call()

    def test_call_passes_through(self):
        called, caller, call = self.connect()
        answered = self.sim.wait_state(call, "answered")
        self.assertEqual((answered["kind"], answered["media"]), ("dn-to-dn", None))
        self.assertEqual([leg["role"] for leg in answered["legs"]], ["uas", "uac"])
        self.finish(caller)
        self.finish(called)
        self.sim.wait_state(call, "ended")
        invite = self.sim.sent("INVITE")[0]
        self.assertTrue(invite.values["From"].startswith("sip:7002@127.0.0.1;tag="))
        offer = next(m for m in self.sim.trace() if m.start.startswith("INVITE")
                     and m.direction == "received")
        self.assertEqual(invite.body, offer.body)

    def test_hung_up_by_command(self):
        called, caller, call = self.connect()
        self.sim.wait_state(call, "answered")
        self.sim.delete(f"/calls/{call}", {"reason": "SIP;cause=480"})
        self.finish(called)
        self.assertEqual(len(self.sim.sent("BYE")), 2)
        self.assertEqual({m.values["Reason"] for m in self.sim.sent("BYE")}, {"SIP;cause=480"})


if __name__ == "__main__":
    run()
