"""sipp as SIP Server, so that the stand-in and the gateway do not merely agree with each other."""

from sipp_case import SippCase


class Sipp(SippCase):
    async def test_refresh_before_expiry(self):
        sipp = await self.start("refresh")
        page = await self.sign_in(audio=False)
        self.assertEqual((await self.query_session(page))["line"]["expires"], 4)
        await self.finish(sipp, "refresh")

        async def renewed():
            return (await self.query_session(page))["line"]["expires"] == 1800
        await self.eventually(renewed, "the new expiry")
        self.assertEqual(page.seen(), [])  # a refresh is no news

    async def test_options(self):
        await self.play("options")

    async def test_call_in(self):
        page = await self.signed_in()
        sipp = await self.start("call-in", "-rtp_echo")
        incoming, _ = await page.event("incomingcall")
        self.assertEqual(incoming["uuid"], "0BFQ7ABCDEFGH1JKLMN2OPQRST000001")
        await page.request({"request": "accept"})
        accepted, _ = await page.event("accepted")
        self.assertEqual(accepted["sip_codec"], "PCMU/8000")
        await page.hears(700, -13, seconds=2.3)  # echoed
        self.assertEqual("".join([(await page.event("dtmf"))[0]["digit"] for _ in "159#"]), "159#")
        hung_up, _ = await page.event("hangup")
        self.assertEqual(hung_up["reason_header"], 'SIP;cause=503;text="Trunk gone"')
        await self.finish(sipp, "call-in")
        self.assertNotIn("incomingcall", page.seen())  # the INVITE came twice
        self.assertNotIn("dtmf", page.seen())

    async def test_desktop_answer(self):
        page = await self.signed_in()
        sipp = await self.start("desktop", "-rtp_echo")
        await page.event("incomingcall")
        await page.event("accepted")
        await page.hears(700, -13)
        await page.request({"request": "hangup"})
        await page.event("hangup")
        await self.finish(sipp, "desktop")

    async def test_cancel_comes_too_late(self):
        page = await self.signed_in()
        sipp = await self.start("late-cancel")
        await page.event("incomingcall")
        await page.request({"request": "accept"})
        await page.event("accepted")
        hung_up, _ = await page.event("hangup")
        self.assertEqual(hung_up["code"], 200)
        await self.finish(sipp, "late-cancel")

    async def test_call_out(self):
        page = await self.signed_in()
        sipp = await self.start("call-out", "-rtp_echo")
        await page.request({"request": "call", "uri": "5550000"})
        await page.event("progress")
        await page.hears(700, -13, seconds=2)
        await page.event("ringing")
        await page.event("accepted")
        page.ear.forget()
        await page.hears(700, -13)
        await page.request({"request": "hangup"})
        await page.event("hangup")
        await self.finish(sipp, "call-out")

    async def test_answer_crosses_cancel(self):
        page = await self.signed_in()
        sipp = await self.start("answer-crosses-cancel")
        await page.request({"request": "call", "uri": "5550000"})
        await page.event("ringing")
        await page.request({"request": "hangup"})
        hung_up, _ = await page.event("hangup")
        self.assertEqual(hung_up["code"], 487)
        await self.finish(sipp, "answer-crosses-cancel")
        self.assertNotIn("accepted", page.seen())
