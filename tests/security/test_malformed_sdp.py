"""Session descriptions that are none, in every place where SIP brings one."""

import subprocess

from inside_case import InsideCase, RtpParty, sdp

GOOD = sdp(26000)
BAD = {
    "empty lines": "\r\n" * 50,
    "no SDP": "hello",
    "NUL": GOOD.replace("s=-", "s=\0"),
    "version 1": GOOD.replace("v=0", "v=1"),
    "no version": GOOD.replace("v=0\r\n", ""),
    "no audio": GOOD.replace("m=audio", "m=video"),
    "port 0": GOOD.replace("m=audio 26000", "m=audio 0"),
    "port 65536": GOOD.replace("m=audio 26000", "m=audio 65536"),
    "port -1": GOOD.replace("m=audio 26000", "m=audio -1"),
    "port of 400 digits": GOOD.replace("m=audio 26000", "m=audio " + "9" * 400),
    "payload type 128": GOOD.replace("AVP 0 101", "AVP 128"),
    "no payload type": GOOD.replace("AVP 0 101", "AVP"),
    "no connection line": GOOD.replace("c=IN IP4 127.0.0.1\r\n", ""),
    "host is a name": GOOD.replace("c=IN IP4 127.0.0.1", "c=IN IP4 evil.example"),
    "host is a multicast group": GOOD.replace("c=IN IP4 127.0.0.1", "c=IN IP4 239.1.1.1/127"),
    "host is the broadcast address": GOOD.replace("c=IN IP4 127.0.0.1", "c=IN IP4 255.255.255.255"),
    "IPv6 in IP4": GOOD.replace("c=IN IP4 127.0.0.1", "c=IN IP4 ::1"),
    "300 lines": GOOD + "a=x\r\n" * 300,
    "DTLS": GOOD.replace("RTP/AVP", "UDP/TLS/RTP/SAVPF"),
    "cut in a line": GOOD[:GOOD.index("m=") + 9],
    "line ends of one octet, doubled": GOOD.replace("\r\n", "\n\n"),
    "bare CR": GOOD.replace("\r\n", "\r"),
}
MULTIPART = "multipart/mixed;boundary=x"
BODIES = {
    "multipart without a part": (MULTIPART, "--x--\r\n"),
    "multipart that never ends": (MULTIPART, f"--x\r\nContent-Type: application/sdp\r\n\r\n{GOOD}"),
    "multipart in multipart in multipart": (MULTIPART, "--x\r\nContent-Type: multipart/mixed;boundary=x\r\n\r\n" * 50),
    "multipart of 1000 parts": (MULTIPART, "--x\r\n\r\n\r\n" * 1000),
    "multipart with no boundary": ("multipart/mixed", GOOD),
    "another type": ("application/xml", GOOD),
}
ODD = {  # and good: what cannot be used of it is left out
    "two audio lines": GOOD + GOOD[GOOD.index("m="):],
    "3000 payload types": GOOD.replace("AVP 0 101", "AVP " + "0 " * 3000),
    "a line of 14000 octets": GOOD + "a=" + "x" * 14000 + "\r\n",
}


class MalformedSdp(InsideCase):
    def test_sofia_sips_parsers_are_out_of_use(self):
        """Nothing of ours can call those of SDP and of multipart bodies, which are of 2011."""
        wanted = subprocess.run(["nm", "-D", "--undefined-only", self.stack.settings.plugin], text=True,
                                capture_output=True, check=True).stdout.split()
        self.assertIn("nua_create", wanted)
        self.assertEqual([name for name in wanted if name.startswith(("sdp_", "soa_", "msg_multipart_"))], [])

    async def test_offers(self):
        page = await self.sign_in()
        found = {}
        bodies = {name: ("application/sdp", text) for name, text in BAD.items()} | BODIES
        for name, (kind, text) in bodies.items():
            with self.subTest(name):
                dialog = self.peer.dialog(self.dn)
                cseq = dialog.send("INVITE", text, kind)
                answer = await dialog.receive("final", method="INVITE", seconds=3)
                dialog.theirs = answer["To"]
                dialog.send("ACK", cseq=cseq)
                found[name] = answer.status
                self.assertIn(answer.status, (400, 415, 488, 606), answer.start)
        self.assertEqual([event for event in page.seen() if event == "incomingcall"], [])
        await self.answers()
        dialog, party = await self.call_with_audio(page)
        await self.in_a_call(page, dialog, party)

    async def in_a_call(self, page, dialog, party):
        """The same in re-INVITE and UPDATE: refused, and the call stays what it was."""
        for name, text in BAD.items():
            for method in ("INVITE", "UPDATE"):
                with self.subTest(name, method=method):
                    cseq = dialog.send(method, text)
                    answer = await dialog.receive("final", method=method, seconds=3)
                    if method == "INVITE":
                        dialog.send("ACK", cseq=cseq)
                    self.assertIn(answer.status, (400, 415, 488, 606), answer.start)
        await self.talks(page, party)

    async def test_answers_to_our_calls(self):
        """A call that cannot be is ended with BYE, and the page hears why."""
        page = await self.sign_in()
        for name, text in BAD.items():
            if name == "port 0":
                continue  # an answer may refuse the audio for the time being, as SIP Server's black hole does
            with self.subTest(name):
                await page.request({"request": "call", "uri": "5551234"})
                invite = await self.peer.receive("INVITE", seconds=3)
                dialog = self.peer.accepted(invite, text)
                await dialog.receive("ACK", seconds=3)
                self.peer.answer(await dialog.receive("BYE", seconds=3), 200)
                hung_up, _ = await page.event("hangup", 3)
                self.assertEqual(hung_up["code"], 488, hung_up)
        await self.answers()

    async def test_answers_in_ack(self):
        """SIP Server sends echoes and black holes there, and says with a BYE or a re-INVITE what is to be: until
        then nobody is connected."""
        page = await self.sign_in()
        for name, text in BAD.items():
            with self.subTest(name):
                dialog = self.peer.dialog(self.dn)
                cseq = dialog.send("INVITE")
                incoming, _ = await page.event("incomingcall", 3)
                await page.request({"request": "accept", "call_id": incoming["call_id"]})
                dialog.theirs = (await dialog.receive(200, method="INVITE"))["To"]
                dialog.send("ACK", text, cseq=cseq)
                dialog.send("BYE")
                await dialog.receive(200, method="BYE")
                await page.event("hangup", 3, call_id=incoming["call_id"])
                self.assertNotIn("accepted", page.seen())
        await self.answers()
        party = await RtpParty().open(self)
        await self.answer_call(page, self.peer.dialog(self.dn), sdp(party.port))
        await self.talks(page, party)

    async def test_odd_ones(self):
        page = await self.sign_in()
        for name, text in ODD.items():
            with self.subTest(name):
                dialog = self.peer.dialog(self.dn)
                await self.answer_call(page, dialog, text)
                dialog.send("BYE")
                await dialog.receive(200, method="BYE")
                await page.event("hangup")
