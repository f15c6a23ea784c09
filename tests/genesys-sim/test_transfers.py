"""What goes on across calls, against sipp as the phone: other parties, consultation, REFER both ways."""
from scenario import Scenario, run
from sim_control import Refused, wait_until

MUSIC = {"party": "music", "play": "tone:520", "at_media_server": True}


class Transfers(Scenario):
    sim_options = ("--media-server", "127.0.0.2")

    def starts(self, direction="sent"):
        return [m.start.split()[0] for m in self.sim.trace() if m.direction == direction]

    def moved(self, call, party, count):
        """The phone's media after `count` re-INVITEs were answered."""
        def answered(c):
            return sum(note["text"] == "re-INVITE answered 200" for note in c["notes"]) == count
        json = self.sim.wait_call(call, answered, 5, f"{count} re-INVITEs")
        self.hears(call, 700, -13, whole=count == 1)
        return json["parties"][party]

    def test_other_party_and_back(self):
        phone, call = self.call_in("phone", play="tone:440")
        self.sim.wait_state(call, "answered")
        self.hears(call, 700, -13)
        first = self.sim.call(call)["media"]
        self.sim.post(f"/calls/{call}/connect", {**MUSIC, "sdp": "full", "new_call_uuid": True})
        music = self.moved(call, "music", 1)
        self.assertNotEqual(first["ssrc_sent"], music["ssrc_sent"])
        offer = self.sim.sent("INVITE")[1]
        self.assertIn("c=IN IP4 127.0.0.2\r\n", offer.body)
        self.assertIn(f"m=audio {music['local_port']} ", offer.body)
        self.assertNotEqual(offer.values["X-Genesys-CallUUID"],
                            self.sim.sent("INVITE")[0].values["X-Genesys-CallUUID"])
        self.assertFalse(self.sim.call(call)["parties"]["caller"]["sending"])
        self.sim.post(f"/calls/{call}/connect", {"party": "caller"})
        again = self.moved(call, "caller", 2)
        self.assertEqual((again["local_port"], again["ssrc_sent"]), (first["local_port"], first["ssrc_sent"]))
        self.assertEqual(self.sim.sent("INVITE")[2].body, "")
        self.sim.post(f"/calls/{call}/connect", {**MUSIC, "sdp": "twice"})
        self.moved(call, "music", 3)
        asked, offered = self.sim.sent("INVITE")[3:]
        self.assertEqual((asked.body, bool(offered.body)), ("", True))
        self.assertIn("c=IN IP4 0.0.0.0\r\n", self.sim.sent("ACK")[3].body)
        with self.assertRaises(Refused) as refused:
            self.sim.post(f"/calls/{call}/connect", {})
        self.assertEqual(refused.exception.args, (400, "party: missing"))
        self.sim.delete(f"/calls/{call}")
        self.finish(phone)
        self.assertEqual(self.sim.get("/status")["rtp_ports_in_use"], 0)

    def consulting(self):
        """A phone with a held customer and a consultation: the two calls."""
        phone, primary = self.call_in("desk", "-m", "2", play="tone:440", desktop_answer=True)
        self.sim.wait_state(primary, "answered")
        self.hears(primary, 700, -13)
        self.sim.post(f"/calls/{primary}/hold")
        self.sim.wait_call(primary, lambda c: not c["media"]["sending"], 5, "hold")
        consultation = self.sim.post("/dn/7001/call", {"to": "9004"})["id"]
        self.sim.wait_state(consultation, "answered")
        return phone, primary, consultation

    def test_transfer_to_a_number(self):
        phone, primary, consultation = self.consulting()
        self.sim.post(f"/calls/{primary}/complete", {"consultation": consultation, "first": "consultation"})
        self.finish(phone)
        byes = [bye.values["Call-ID"] for bye in self.sim.sent("BYE")]
        ended = [self.sim.call(call)["legs"][0]["call_id"] for call in (consultation, primary)]
        self.assertEqual(byes, ended)
        self.assertEqual((self.sim.get("/status")["calls"], self.sim.get("/status")["rtp_ports_in_use"]), (0, 0))

    def test_conference_with_a_number(self):
        phone, primary, consultation = self.consulting()
        with self.assertRaises(Refused):
            self.sim.post(f"/calls/{primary}/complete", {"consultation": primary})
        conference = self.sim.post(f"/calls/{primary}/complete", {"consultation": consultation, "as": "conference"})
        self.assertEqual(conference["call_uuid"], self.sim.call(primary)["call_uuid"])

        def heard(call):
            port = call["parties"]["7001"]
            return port["frequency_hz"] and abs(port["frequency_hz"] - 700) < 2 and port["sending"]
        self.sim.wait_call(conference["id"], heard, 5, "700 Hz at the bridge")
        self.sim.delete(f"/calls/{conference['id']}")
        self.finish(phone)
        self.assertEqual(self.sim.get("/status")["rtp_ports_in_use"], 0)

    def test_phone_is_referred(self):
        phone, call = self.call_in("referred", play="tone:440")
        self.sim.wait_state(call, "answered")
        self.sim.post(f"/calls/{call}/refer", {"to": "9004"})
        self.finish(phone)
        referral = self.sim.wait_state(call, "ended")["referral"]
        self.assertEqual((referral["status"], referral["progress"], referral["over"]), (202, [100, 200], True))

    def test_phone_transfers(self):
        for number, scenario in (("9004", "refers"), ("9010", "refers-in-vain")):
            with self.subTest(number):
                phone, call = self.call_in(scenario, "-key", "to", number, play="tone:440")
                self.finish(phone)
                self.assertEqual(self.sim.wait_state(call, "ended")["ended"]["by"], "phone")
        wait_until(lambda: self.sim.get("/status")["rtp_ports_in_use"] == 0, 5, "no port left")

    def test_answers_that_cannot_be(self):
        phone, call = self.call_in("phone", play="tone:440")
        self.sim.wait_state(call, "answered")
        for path, body, status in ((f"/calls/{call}/refer", {"to": "9004", "dn": "7002"}, 409),
                                   (f"/calls/{call}/refer", {}, 400), ("/dn/7002/call", {"to": "9004"}, 409),
                                   ("/dn/7001/call", {"to": "9010"}, 409), ("/dn/7001/call", {"to": "9004", "flow": 3}, 400),
                                   (f"/calls/{call}/complete", {"consultation": "c99"}, 409),
                                   (f"/calls/{call}/hold", {"by": "hand"}, 400),
                                   (f"/calls/{call}/info", {"type": "text/plain"}, 400)):
            with self.subTest(path=path, body=body), self.assertRaises(Refused) as refused:
                self.sim.post(path, body)
            self.assertEqual(refused.exception.args[0], status, refused.exception)
        self.assertEqual(self.sim.post(f"/calls/{call}/info", {"content": "x"})["status"], 200)
        self.sim.delete(f"/calls/{call}")
        self.finish(phone)


if __name__ == "__main__":
    run()
