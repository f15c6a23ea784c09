"""The control interface, and TCP."""
import pathlib
import threading

from scenario import SIPP, Scenario, run
from sim_control import Refused, wait_until


class Control(Scenario):
    def answered(self, **body):
        phone, call = self.call_in("phone", **body)
        self.sim.wait_state(call, "answered")
        return phone, call

    def reinvite(self, call, **body):
        count = len(self.sim.sent("ACK"))
        self.sim.post(f"/calls/{call}/reinvite", body)
        wait_until(lambda: len(self.sim.sent("ACK")) > count, 5, f"re-INVITE {body}")
        return self.sim.sent("INVITE")[-1]

    def sending(self, call, on):
        return self.sim.wait_call(call, lambda c: c["media"]["sending"] == on, 5, f"sending {on}")

    def test_every_reinvite(self):
        phone, call = self.answered(play="tone:440", codec="PCMU")
        self.sending(call, True)
        hole = self.reinvite(call, sdp="blackhole")
        self.assertIn("RTP/AVP 101 8 0 4 18 3", hole.body)
        self.sending(call, False)
        retrieved = self.reinvite(call, sdp="none", codec="PCMA")
        self.assertEqual(retrieved.body, "")
        self.assertIn("RTP/AVP 0 101", self.sim.sent("ACK")[-1].body)
        self.sending(call, True)
        held = self.reinvite(call, sdp="hold", direction="inactive")
        self.assertIn("a=inactive", held.body)
        self.sending(call, False)
        before = self.sim.call(call)
        moved = self.reinvite(call, sdp="move", new_call_uuid=True)
        self.assertIn("RTP/AVP 8 101", moved.body)
        after = self.sending(call, True)
        self.assertNotEqual(before["media"]["local_port"], after["media"]["local_port"])
        self.assertNotEqual(before["media"]["ssrc_sent"], after["media"]["ssrc_sent"])
        self.assertNotEqual(before["call_uuid"], after["call_uuid"])
        self.assertEqual(moved.values["X-Genesys-CallUUID"], after["call_uuid"])
        cseqs = [m.values["CSeq"] for m in self.sim.sent("INVITE")]
        self.assertEqual(cseqs, [f"{n} INVITE" for n in range(1, 6)])
        versions = [m.body.split(" ")[2] for m in self.sim.sent("INVITE") if "GSept" in m.body]
        self.assertEqual(versions, sorted(set(versions), key=int))
        self.sim.delete(f"/calls/{call}")
        self.finish(phone)

    def test_requests_inside_the_dialog(self):
        phone, call = self.answered()
        for path, body in (("notify", {"event": "hold"}), ("options", {})):
            answer = self.sim.post(f"/calls/{call}/{path}", body)
            self.assertEqual(answer["status"], 200)
            self.assertLess(answer["ms"], 1000)
        self.assertEqual(self.sim.sent("NOTIFY")[0].values["Event"], "hold")
        self.sim.delete(f"/calls/{call}")
        self.finish(phone)

    def test_digits_and_sound_come_back_from_an_echo(self):
        # sipp sends back what comes to its media port: events, and the tone.
        echoing = (SIPP / "phone.xml").read_text().replace("[rtpstream_audio_port]", "[media_port]")
        silent = echoing.replace('<exec rtp_stream="tone.ulaw,-1,0"/>', "")
        (self.directory / "echo.xml").write_text(silent)
        phone, call = self.call_in(self.directory / "echo", "-rtp_echo", play="tone:440")
        self.hears(call, 440, -10)
        self.sim.post(f"/calls/{call}/digits", {"digits": "12#"})
        self.sim.wait_call(call, lambda c: c["media"]["digits"] == "12#", 5, "the digits")
        self.sim.post(f"/calls/{call}/play", {"play": "tone:880:-20"})
        self.hears(call, 880, -20)
        self.sim.delete(f"/calls/{call}")
        self.finish(phone)

    def test_options_outside_a_dialog(self):
        self.register()
        self.sim.post("/fail", {"options": 503, "count": 0})  # lifts nothing, is no fault
        # Nobody is there any more: the request is repeated until it times out; do not wait for it.
        asked = threading.Thread(target=self.probe_refused, daemon=True)
        asked.start()
        wait_until(lambda: len(self.sim.sent("OPTIONS")) >= 2, 5, "OPTIONS repeated")
        probe = self.sim.sent("OPTIONS")[0]
        self.assertEqual(probe.headers, ["From", "To", "Call-ID", "CSeq", "Content-Length", "Via",
                                         "Contact", "Max-Forwards"])
        self.assertEqual(self.sim.stop(), 0)  # with a request still unanswered
        asked.join(5)
        self.assertFalse(asked.is_alive())

    def probe_refused(self):
        try:
            self.sim.post("/dn/7001/options")
        except (Refused, OSError):
            pass

    def test_errors_name_the_reason(self):
        for method, path, body, status, reason in (
                ("GET", "/nothing", None, 404, "no such path: /nothing"),
                ("DELETE", "/status", None, 405, "DELETE is not possible here"),
                ("GET", "/calls/c9", None, 404, "no call c9"),
                ("POST", "/calls", {"to": "7001"}, 409, "to: DN 7001 is not registered"),
                ("POST", "/calls", {"to": "8001"}, 409, "to: DN 8001 is not provisioned"),
                ("POST", "/calls", {"to": "7001", "plya": "x"}, 400, "plya: unknown field"),
                ("POST", "/dn/7001/options", {}, 409, "DN 7001 is not registered"),
                ("DELETE", "/registrations/7001", None, 404, "DN 7001 is not registered"),
                ("POST", "/fail", {"register": 200}, 400, "register: neither a status from 300 to "
                                                          '699 nor "silent"')):
            with self.assertRaises(Refused) as refused:
                self.sim.http(method, path, body)
            self.assertEqual(refused.exception.args, (status, reason))

    def test_stops_cleanly_in_mid_call(self):
        phone, call = self.answered(play="tone:440")
        self.sending(call, True)
        self.assertEqual(self.sim.stop(), 0)
        phone.kill()
        phone.wait()


class OverTcp(Scenario):
    sim_options = ("--transport", "both")

    def test_call_in(self):
        self.run_phone("register", "-s", "7001", "-t", "t1")
        self.assertTrue(self.sim.get("/registrations")["7001"]["peer"].startswith("tcp:"))
        phone = self.start("phone", "-t", "t1")
        wait_until(lambda: f":{self.phone_port:04X} 00000000:0000 0A" in
                   pathlib.Path("/proc/net/tcp").read_text(), 5, "sipp listening")
        call = self.sim.post("/calls", {"to": "7001", "play": "tone:440"})["id"]
        self.hears(call, 700, -13)
        self.assertIn(";transport=tcp>", self.sim.sent("INVITE")[0].values["Contact"])
        self.assertTrue(self.sim.sent("INVITE")[0].values["Via"].startswith("SIP/2.0/TCP "))
        self.sim.delete(f"/calls/{call}")
        self.finish(phone)

    def test_call_out(self):
        self.run_phone("register", "-s", "7001", "-t", "t1")
        self.run_phone("call-out", "-s", "9001", "-key", "dn", "7001", "-t", "t1")
        self.assertGreater(self.sim.call(self.sim.only_call())["media"]["packets_sent"], 80)


if __name__ == "__main__":
    run()
