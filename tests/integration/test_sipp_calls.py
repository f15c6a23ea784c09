"""How calls begin, with sipp as SIP Server and tones both ways: made by the desktop, answered in every way,
refused, with early media."""

import asyncio

from sipp_case import SECOND, SippCase
from sipp_flow import BLACK_HOLE, Flow, sdp

EVENT = {"Subscription_State": "active"}


class DesktopCall(SippCase):
    """3PCC make-call: the agent's own DN is rung without SDP, and the desktop answers."""

    def beginning(self):
        flow = Flow(number="5551234")
        cseq = flow.send("INVITE", Supported="timer")
        flow.expect(180, Allow_Events="talk")
        notify = flow.send("NOTIFY", Event="talk", **EVENT)
        flow.expect(200, 500, cseq=f"{notify} NOTIFY")
        flow.expect(200, 500, cseq=f"{cseq} INVITE", body="m=audio [0-9]+ RTP/AVP 0 8 101",
                    remember={"offer": (None, "v=0.*")})
        return flow, cseq

    async def accepting(self, page):
        await page.event("accepting")
        await asyncio.sleep(0.3)  # the stretch in which nothing may happen
        self.assertNotIn("accepted", page.seen(), "nobody is there yet")

    async def test_flow_1(self):
        page = await self.signed_in()
        customer = await self.party()
        flow, cseq = self.beginning()
        flow.cue()
        flow.send("ACK", sdp(customer), cseq=cseq)
        flow.told("BYE")
        sipp = await self.run_flow(flow)
        await self.accepting(page)
        await sipp.cue()
        await page.event("accepted")
        await self.talk(page, customer)
        await page.request({"request": "hangup"})
        await self.over(sipp)

    async def test_flow_1_with_a_late_answer(self):
        """The far end rings for 31 s, a second short of the agent's patience (64 × T1)."""
        page = await self.signed_in()
        customer = await self.party()
        flow, cseq = self.beginning()
        flow.pause(31)
        flow.send("ACK", sdp(customer), cseq=cseq)
        flow.told("BYE")
        sipp = await self.run_flow(flow)
        await self.accepting(page)
        await page.event("accepted", timeout=40)
        await self.talk(page, customer)
        await page.request({"request": "hangup"})
        await self.over(sipp)

    async def test_flow_1_fails(self):
        page = await self.signed_in()
        for name, body in (("echo", "[$offer]"), ("black hole", BLACK_HOLE)):
            with self.subTest(name):
                flow, cseq = self.beginning()
                flow.cue()
                flow.send("ACK", body, cseq=cseq)
                flow.hang_up(Reason='SIP;cause=403;text="Forbidden"')
                sipp = await self.run_flow(flow)
                await self.accepting(page)
                await sipp.cue()
                hung_up, _ = await page.event("hangup")
                self.assertEqual((hung_up["code"], hung_up["reason"]), (403, "403 Forbidden from 5551234"))
                self.assertNotIn("accepted", page.seen())
                await self.over(sipp)

    async def test_flow_1_and_nobody_answers(self):
        """SIP Server gives up just before the agent's 200 would: a black hole and BYE after 31.95 s."""
        page = await self.signed_in()
        flow, cseq = self.beginning()
        flow.pause(31.7)  # and what sipp needs to get there
        flow.send("ACK", BLACK_HOLE, cseq=cseq)
        flow.hang_up(Reason='SIP;cause=480;text="Temporarily Unavailable"')
        sipp = await self.run_flow(flow)
        await self.accepting(page)
        hung_up, _ = await page.event("hangup", timeout=40)
        self.assertEqual((hung_up["code"], hung_up["reason"]), (480, "480 Temporarily Unavailable from 5551234"))
        self.assertNotIn("accepted", page.seen())
        await self.over(sipp)

    async def test_flow_2(self):
        """With ring-back of the media server, then the far end by its offer or by its answer."""
        page = await self.signed_in()
        for offered in (True, False):
            with self.subTest(offered=offered):
                ring_back, customer = await self.party(425, host=SECOND), await self.party()
                flow, cseq = self.beginning()
                flow.send("ACK", BLACK_HOLE, cseq=cseq)
                flow.cue()
                flow.invited(sdp(ring_back))
                flow.cue()
                flow.invited(*((sdp(customer), "") if offered else ("", sdp(customer))))
                flow.told("BYE")
                sipp = await self.run_flow(flow)
                await self.accepting(page)
                await sipp.cue()
                await self.talk(page, ring_back)
                await sipp.cue()
                await page.event("accepted")
                await self.talk(page, customer)
                await page.request({"request": "hangup"})
                await page.event("hangup")
                await self.over(sipp)

    async def test_flow_2_fails(self):
        page = await self.signed_in()
        flow, cseq = self.beginning()
        flow.send("ACK", BLACK_HOLE, cseq=cseq)
        flow.cue()
        flow.hang_up(Reason='SIP;cause=486;text="Busy Here"')
        sipp = await self.run_flow(flow)
        await self.accepting(page)
        page.ear.forget()
        await page.hears_nothing()
        await sipp.cue()
        hung_up, _ = await page.event("hangup")
        self.assertEqual((hung_up["code"], hung_up["reason"]), (486, "486 Busy Here from 5551234"))
        await self.over(sipp)


class CallOut(SippCase):
    async def test_early_media_is_not_the_answers(self):
        """Announcements of the media server in 183, the far end's own address in 200."""
        page = await self.signed_in()
        announcement, customer = await self.party(600, host=SECOND), await self.party()
        flow = Flow(number="5550000")
        flow.expect("INVITE", keep="invite", body="m=audio [0-9]+ RTP/AVP 0 8 101")
        flow.log("call [call_id]")
        flow.answer("183 Session Progress", sdp(announcement), kept="invite", begins=True)
        flow.cue()
        flow.answer("200 OK", sdp(customer), kept="invite", begins=True)
        flow.expect("ACK")
        flow.told("BYE")
        sipp = await self.run_flow(flow)
        await page.request({"request": "call", "uri": "5550000"})
        await page.event("progress")
        await self.talk(page, announcement)
        self.assertNotIn("accepted", page.seen())
        sipp.call_id = await self.logged(sipp, r"call (\S+)")
        await sipp.cue()
        await page.event("accepted")
        await self.talk(page, customer)
        await page.request({"request": "hangup"})
        await self.over(sipp)

    async def test_refused(self):
        page = await self.signed_in()
        for status in ("486 Busy Here", "603 Decline", "480 Temporarily Unavailable"):
            with self.subTest(status):
                flow = Flow(number="5550000")
                flow.expect("INVITE")
                flow.answer(status, begins=True, Reason='Q.850;cause=17;text="User busy"')
                flow.expect("ACK")
                sipp = await self.run_flow(flow)
                await page.request({"request": "call", "uri": "5550000"})
                hung_up, _ = await page.event("hangup")
                self.assertEqual((hung_up["code"], hung_up["reason_header"]),
                                 (int(status[:3]), 'Q.850;cause=17;text="User busy"'))
                await self.over(sipp)


class CallIn(SippCase):
    async def test_declined(self):
        page = await self.signed_in()
        party = await self.party()
        for code in (486, 603):
            with self.subTest(code):
                flow = Flow()
                cseq = flow.send("INVITE", sdp(party))
                flow.expect(180)
                flow.expect(code)
                flow.send("ACK", cseq=cseq, failed=True)
                sipp = await self.run_flow(flow)
                await page.event("incomingcall")
                await page.request({"request": "decline", "code": code})
                await page.event("hangup")
                await self.over(sipp)

    async def test_asks_to_be_answered(self):
        page = await self.signed_in()
        customer = await self.party()
        for header in ({"Call_Info": "<sip:127.0.0.1>;answer-after=0"}, {"Alert_Info": "Ring Answer"}):
            with self.subTest(header):
                flow = Flow()
                flow.call(sdp(customer), **header)
                flow.told("BYE")
                sipp = await self.run_flow(flow)
                incoming, _ = await page.event("incomingcall")
                self.assertEqual(incoming["auto_answer"], {"after": 0, "beep": True})
                await page.event("accepted")
                await self.talk(page, customer)
                await page.request({"request": "hangup"})
                await page.event("hangup")
                await self.over(sipp)

    async def test_reliable_ringing(self):
        """PRACK, where the caller requires it: nothing in it, or the answer to the offer in 180."""
        page = await self.signed_in()
        customer = await self.party()
        for offered in (True, False):
            with self.subTest(offered=offered):
                flow = Flow()
                cseq = flow.send("INVITE", sdp(customer) if offered else "", Require="100rel")
                flow.expect(180, Require="100rel", remember={"rseq": ("RSeq", "[0-9]+")})
                prack = flow.send("PRACK", "" if offered else sdp(customer), RAck=f"[$rseq] {cseq} INVITE")
                flow.expect(200, cseq=f"{prack} PRACK")
                flow.expect(200, cseq=f"{cseq} INVITE")
                flow.send("ACK", cseq=cseq)
                flow.told("BYE")
                sipp = await self.run_flow(flow)
                await self.answer(page)
                await self.talk(page, customer)
                await page.request({"request": "hangup"})
                await page.event("hangup")
                await self.over(sipp)


class TalkAsks(SippCase):
    options = {**SippCase.options, "dn_defaults": '  talk_answers = "ask"'}

    async def test_agent_has_to_answer(self):
        page = await self.signed_in()
        customer = await self.party()
        flow = Flow()
        cseq = flow.send("INVITE", sdp(customer))
        flow.expect(180)
        flow.asked("NOTIFY", Event="talk", **EVENT)
        flow.expect(200, cseq=f"{cseq} INVITE")
        flow.send("ACK", cseq=cseq)
        flow.told("BYE")
        sipp = await self.run_flow(flow)
        talk, _ = await page.event("talk")
        self.assertEqual((talk["answers"], talk["waiting_for"]), (False, "agent"))
        await self.answer(page)
        await self.talk(page, customer)
        await page.request({"request": "hangup"})
        await self.over(sipp)
