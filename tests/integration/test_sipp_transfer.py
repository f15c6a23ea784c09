"""Consultation, transfer and conference with sipp as SIP Server, REFER and Replaces, and tones both ways
after each step. Two dialogs are two sipps, at two hosts of SIP Server."""

from sipp_case import SECOND, SippCase
from sipp_flow import BLACK_HOLE, UUID, Flow, sdp

EVENT = {"Subscription_State": "active"}
REFER_GOES_ON = {"Event": "refer", "Subscription_State": "active;expires=60"}
REFER_IS_OVER = {"Event": "refer", "Subscription_State": "terminated;reason=noresource"}
FRAGMENT = "message/sipfrag"
OTHER_UUID = "0BFQ7ABCDEFGH1JKLMN2OPQRST000002"


class Consultation(SippCase):
    def consultation(self, colleague):
        """The desktop calls the colleague: a second dialog (make-call, flow 2)."""
        flow = Flow(number="5550001", uuid=OTHER_UUID)
        cseq = flow.send("INVITE", Supported="timer")
        flow.expect(180)
        flow.asked("NOTIFY", Event="talk", **EVENT)
        flow.expect(200, 500, cseq=f"{cseq} INVITE")
        flow.send("ACK", BLACK_HOLE, cseq=cseq)
        flow.invited(sdp(colleague))
        return flow

    def held(self, flow, party):
        flow.cue()
        flow.asked("NOTIFY", Event="hold", **EVENT)
        flow.reinvited(sdp(party, "recvonly"), body="a=sendonly")

    def retrieved(self, flow, party):
        flow.cue()
        flow.asked("NOTIFY", Event="talk", **EVENT)
        flow.reinvited(sdp(party), body="a=sendrecv")

    async def consulting(self, page, customer, colleague, primary, consult):
        """Both flows run: the customer is held, the colleague talks with the agent."""
        first = await self.run_flow(primary)
        await self.answer(page)
        await self.talk(page, customer)
        await first.cue()
        await self.changed(page, hold="local")
        second = await self.run_flow(consult, SECOND)
        await page.event("accepted")
        await self.talk(page, colleague)
        await customer.hears_nothing()
        return first, second

    async def test_two_dialogs_alternate_and_transfer(self):
        """SIP Server connects the others, and the agent's dialogs end in any order."""
        for order in ("primary first", "consultation first"):
            with self.subTest(order):
                page = await self.signed_in()
                customer, colleague = await self.party(), await self.party(880)
                primary = Flow()
                primary.call(sdp(customer))
                self.held(primary, customer)
                self.retrieved(primary, customer)
                self.held(primary, customer)
                consult = self.consultation(colleague)
                self.held(consult, colleague)
                self.retrieved(consult, colleague)
                for flow in (primary, consult):
                    flow.cue()
                    flow.hang_up()
                first, second = await self.consulting(page, customer, colleague, primary, consult)
                await second.cue()
                await colleague.hears_nothing()
                await first.cue()
                await self.talk(page, customer)
                await colleague.hears_nothing()
                await first.cue()
                await customer.hears_nothing()
                await second.cue()
                await self.talk(page, colleague)
                for sipp in (first, second) if order == "primary first" else (second, first):
                    await sipp.cue()
                    await page.event("hangup")
                await self.over(first, second)
                page.ear.forget()
                await page.hears_nothing()
                answer, _ = await page.request({"request": "query"})
                self.assertEqual(answer["calls"], [])
                await page.leave()
                self.dn = next(self.free_dns)

    async def test_conference(self):
        """The primary dialog moves to the bridge by two re-INVITEs, the consultation ends."""
        page = await self.signed_in()
        customer, colleague = await self.party(), await self.party(880)
        bridge = await self.party((440, 880), host=SECOND)
        primary = Flow()
        primary.call(sdp(customer))
        self.held(primary, customer)
        primary.cue()
        primary.asked("NOTIFY", Event="talk", **EVENT)
        primary.reinvited(sdp(customer), body="a=sendrecv")
        primary.invited("", BLACK_HOLE)
        primary.invited(sdp(bridge))
        primary.cue()
        primary.invited("", sdp(customer))  # the colleague has left: customer and agent alone
        primary.cue()
        primary.hang_up()
        consult = self.consultation(colleague)
        consult.cue()
        consult.hang_up()
        first, second = await self.consulting(page, customer, colleague, primary, consult)
        await second.cue()
        await page.event("hangup")
        await first.cue()
        await bridge.hears(700, -13)
        page.ear.forget()
        await page.hears_all(440, 880)
        await first.cue()
        await self.talk(page, customer)
        await first.cue()
        await page.event("hangup")
        await self.over(first, second)

    async def test_conference_in_the_gateway(self):
        """Two dialogs merged by the page: each hears the other two."""
        page = await self.signed_in()
        customer, colleague = await self.party(level=-16), await self.party(880, -16)
        primary, consult = Flow(), Flow(number="5550001", uuid=OTHER_UUID)
        primary.call(sdp(customer))
        primary.reinvited(sdp(customer, "recvonly"), body="a=sendonly")
        primary.reinvited(sdp(customer), body="a=sendrecv")
        primary.told("BYE")
        consult.call(sdp(colleague))
        consult.cue()
        consult.hang_up()
        first = await self.run_flow(primary)
        first_id = await self.answer(page)
        await self.talk(page, customer)
        second = await self.run_flow(consult, SECOND)
        second_id = await self.answer(page)
        await self.talk(page, colleague)
        await page.request({"request": "merge", "call_ids": [first_id, second_id]})
        await self.changed(page, call_id=first_id, merged=True, hold="none")
        page.ear.forget()
        await page.hears_all(440, 880)
        await customer.hears_all(700, 880)
        await colleague.hears_all(440, 700)
        await second.cue()
        await page.event("hangup")
        await self.talk(page, customer)
        await page.request({"request": "hangup"})
        await self.over(first, second)

    async def test_one_dialog_goes_to_and_fro(self):
        page = await self.signed_in()
        customer, colleague = await self.party(), await self.party(880, host=SECOND)
        flow = Flow()
        flow.call(sdp(customer))
        for uuid, party in ((OTHER_UUID, colleague), (UUID, customer), (OTHER_UUID, colleague), (UUID, customer)):
            flow.cue()
            flow.uuid = uuid
            flow.invited("", sdp(party))
        flow.told("BYE")
        sipp = await self.run_flow(flow)
        await self.answer(page)
        await self.talk(page, customer)
        for uuid, party in ((OTHER_UUID, colleague), (UUID, customer), (OTHER_UUID, colleague), (UUID, customer)):
            await sipp.cue()
            await self.changed(page, uuid=uuid)
            await self.talk(page, party)
        await page.request({"request": "hangup"})
        await self.over(sipp)

    async def test_a_transfer_to_this_agent_completes(self):
        """The colleague's call becomes the customer's: another UUID and other media, and a call that
        the agent holds is retrieved."""
        page = await self.signed_in()
        colleague, customer = await self.party(880), await self.party(host=SECOND)
        flow = Flow(number="5550001", uuid=OTHER_UUID)
        flow.call(sdp(colleague))
        flow.reinvited(sdp(colleague, "recvonly"), body="a=sendonly")
        flow.cue()
        flow.uuid = UUID
        flow.invited(sdp(customer), body="a=sendrecv")
        flow.told("BYE")
        sipp = await self.run_flow(flow)
        await self.answer(page)
        await self.talk(page, colleague)
        await page.request({"request": "hold"})
        await self.changed(page, hold="local")
        await colleague.hears_nothing()
        await sipp.cue()
        await self.changed(page, hold="none", uuid=UUID, heard=True)
        await self.talk(page, customer)
        await page.request({"request": "hangup"})
        await self.over(sipp)


class ReferIn(SippCase):
    def called(self, party, **looks):
        """Somebody whom the gateway calls because of a REFER."""
        flow = Flow(number="5557777")
        flow.expect("INVITE", **looks)
        flow.answer("180 Ringing", begins=True)
        flow.answer("200 OK", sdp(party), begins=True)
        flow.expect("ACK")
        flow.told("BYE")
        return flow

    def referring(self, customer, refer_to):
        flow = Flow()
        flow.call(sdp(customer))
        flow.cue()
        flow.asked("REFER", status=202, Refer_To=refer_to, Referred_By=f"<sip:{self.dn}@127.0.0.1>")
        flow.told("NOTIFY", Event="refer", body="SIP/2.0 100")
        return flow

    async def test_single_step_transfer(self):
        """SIP Server refers the transferred party, with and without Replaces, and reads how far it is."""
        for replaces in ("", "?Replaces=abc%40h%3Bto-tag%3D1%3Bfrom-tag%3D2"):
            with self.subTest(replaces=replaces):
                page = await self.signed_in()
                customer, target = await self.party(), await self.party(880)
                flow = self.referring(customer, f"<sip:5557777@127.0.0.1{replaces}>")
                flow.told("NOTIFY", body="SIP/2.0 180")
                flow.told("NOTIFY", body="SIP/2.0 200", Subscription_State="terminated")
                flow.cue()
                flow.hang_up()
                wanted = {"Replaces": "abc@h;to-tag=1;from-tag=2"} if replaces else {}
                first = await self.run_flow(flow, SECOND)
                await self.answer(page)
                await self.talk(page, customer)
                second = await self.run_flow(self.called(target, body="m=audio", Referred_By=self.dn, **wanted))
                await first.cue()
                asked, _ = await page.event("transfer")
                self.assertTrue(asked["accepted"])
                calling, _ = await page.event("calling")
                await page.event("accepted", call_id=calling["call_id"])
                await self.talk(page, target)
                await first.cue()
                await page.event("hangup")
                await self.talk(page, target)
                await page.request({"request": "hangup"})
                await page.event("hangup")
                await self.over(first, second)
                await page.leave()
                self.dn = next(self.free_dns)

    async def test_single_step_transfer_fails(self):
        page = await self.signed_in()
        customer = await self.party()
        flow = self.referring(customer, "<sip:5557777@127.0.0.1>")
        flow.told("NOTIFY", body="SIP/2.0 486", Subscription_State="terminated")
        flow.told("BYE")
        busy = Flow(number="5557777")
        busy.expect("INVITE")
        busy.answer("486 Busy Here", begins=True)
        busy.expect("ACK")
        first = await self.run_flow(flow, SECOND)
        call_id = await self.answer(page)
        await self.talk(page, customer)
        second = await self.run_flow(busy)
        await first.cue()
        hung_up, _ = await page.event("hangup")
        self.assertEqual(hung_up["code"], 486)
        # What was held for the call that failed is there to be retrieved, or was never held.
        await page.request({"request": "hangup", "call_id": call_id})
        await page.event("hangup", call_id=call_id)
        await self.over(first, second)

    async def test_invite_with_replaces(self):
        page = await self.signed_in()
        customer, colleague = await self.party(), await self.party(880)
        replaced = Flow()
        replaced.call(sdp(customer))
        replaced.log("[$tag]")
        replaced.told("BYE")
        first = await self.run_flow(replaced)
        call_id = await self.answer(page)
        await self.talk(page, customer)
        replacing = Flow(number="5550001")
        cseq = replacing.send("INVITE", sdp(colleague), Replaces=await self.replaces(first))
        replacing.expect(180)
        replacing.expect(200, cseq=f"{cseq} INVITE")
        replacing.send("ACK", cseq=cseq)
        replacing.told("BYE")
        second = await self.run_flow(replacing, SECOND)
        incoming, _ = await page.event("incomingcall")
        self.assertEqual(incoming["replaces"], call_id)
        await page.event("hangup", call_id=call_id)
        await self.talk(page, colleague)
        await page.request({"request": "hangup"})
        await self.over(first, second)


class ReferOut(SippCase):
    async def test_blind(self):
        page = await self.signed_in()
        customer = await self.party()
        flow = Flow()
        flow.call(sdp(customer))
        for status in ("486 Busy Here", "200 OK"):
            flow.told("REFER", "202 Accepted", Refer_To="sip:5559999@", Referred_By=self.dn)
            flow.asked("NOTIFY", "SIP/2.0 100 Trying", FRAGMENT, **REFER_GOES_ON)
            flow.cue()
            flow.asked("NOTIFY", f"SIP/2.0 {status}", FRAGMENT, **REFER_IS_OVER)
        flow.told("BYE")
        sipp = await self.run_flow(flow)
        call_id = await self.answer(page)
        for code in (486, 200):
            await self.talk(page, customer)
            await page.request({"request": "transfer", "uri": "5559999"})
            await page.event("transfer_progress", code=100)
            await self.talk(page, customer)
            await sipp.cue()
            await page.event("transfer_progress", call_id=call_id, code=code, final=True)
        hung_up, _ = await page.event("hangup")
        self.assertEqual((hung_up["code"], hung_up["reason"]), (200, "transferred"))
        await self.over(sipp)

    async def test_attended(self):
        page = await self.signed_in()
        customer, colleague = await self.party(), await self.party(880)
        primary = Flow()
        primary.call(sdp(customer))
        primary.reinvited(sdp(customer, "recvonly"), body="a=sendonly")
        primary.told("REFER", "202 Accepted", Refer_To="sip:5550001@.*Replaces=test_attended-2-1%3Bto-tag%3D")
        primary.asked("NOTIFY", "SIP/2.0 200 OK", FRAGMENT, **REFER_IS_OVER)
        primary.told("BYE")
        consult = Flow(number="5550001", uuid=OTHER_UUID)
        consult.call(sdp(colleague))
        consult.cue()
        consult.hang_up()
        first = await self.run_flow(primary)
        first_id = await self.answer(page)
        await self.talk(page, customer)
        second = await self.run_flow(consult, SECOND)
        second_id = await self.answer(page)
        await self.talk(page, colleague)
        await customer.hears_nothing()
        await page.request({"request": "transfer", "call_id": first_id, "replace": second_id})
        await page.event("hangup", call_id=first_id)
        await second.cue()
        await page.event("hangup", call_id=second_id)
        await self.over(first, second)
