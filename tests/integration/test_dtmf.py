"""Digits both ways, as RFC 4733 events, each exactly once."""

import asyncio

from far_end import FarEnd
from stack_case import StackCase


class Digits(StackCase):
    async def digits_arrive(self, call, digits):
        await self.sim.until(call, lambda c: len(c["media"]["digits"]) >= len(digits), digits)
        await asyncio.sleep(0.3)  # time for one too many
        self.assertEqual((await self.sim.call(call))["media"]["digits"], digits)

    async def test_page_to_sip(self):
        page = await self.sign_in()
        call, call_id = await self.answered_call(page)
        await self.both_ways(page, call)
        for digit in "1234567890*#ABCD":
            sent, _ = await page.request({"request": "dtmf_info", "digit": digit, "duration": 60})
            self.assertEqual((sent["event"], sent["digit"], sent["call_id"]), ("dtmfsent", digit, call_id))
        await self.digits_arrive(call, "1234567890*#ABCD")
        media = (await self.sim.call(call))["media"]
        self.assertEqual((media["ssrc_changes"], media["lost"], media["unknown_payload"]), (0, 0, 0), media)
        await self.both_ways(page, call)  # the voice goes on after it

    async def test_pressed_faster_than_sent(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        for digit in "7707":  # each answered at once, and 160 ms long on the wire
            await page.request({"request": "dtmf_info", "digit": digit})
        self.assertLess(len((await self.sim.call(call))["media"]["digits"]), 4)
        await self.digits_arrive(call, "7707")

    async def test_length_of_a_digit(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await page.request({"request": "dtmf_info", "digit": "5", "duration": 600})
        await self.digits_arrive(call, "5")
        # 600 ms in steps of 20 ms, or of 50 ms as RFC 4733 has it; the end three times.
        events = (await self.sim.call(call))["media"]["event_packets"]
        self.assertTrue(12 <= events <= 34, events)

    async def test_sip_to_page(self):
        page = await self.sign_in()
        call, call_id = await self.answered_call(page)
        await self.both_ways(page, call)
        await self.sim.post(f"/calls/{call}/digits", {"digits": "0159*#AD55"})
        events = [(await page.event("dtmf"))[0] for _ in range(10)]
        self.assertEqual("".join(event["digit"] for event in events), "0159*#AD55")
        self.assertEqual({event["call_id"] for event in events}, {call_id})
        for event in events:
            self.assertAlmostEqual(event["duration"], 160, delta=25)
        await self.both_ways(page, call)
        self.assertNotIn("dtmf", page.seen())

    async def test_in_an_outgoing_call(self):
        page = await self.sign_in()
        await page.request({"request": "call", "uri": "9004"})
        await page.event("accepted")
        call = await self.sim.call_of(self.dn, "9004")
        await page.request({"request": "dtmf_info", "digit": "9"})
        await self.digits_arrive(call, "9")

    async def test_not_while_ringing(self):
        page = await self.sign_in(audio=False)
        call = await self.sim.ring(self.dn)
        incoming, _ = await page.event("incomingcall")
        with self.assertRefused(447, "wrong_state", "call_id"):
            await page.request({"request": "dtmf_info", "digit": "1", "call_id": incoming["call_id"]})
        await self.sim.hang_up(call)

    async def test_far_end_without_telephone_event(self):
        page = await self.sign_in()
        async with FarEnd(self.dn, self.stack.settings.ports.sip) as far:
            line = await far.call(page, far.sdp((0,)))
            self.assertRegex(line, r"RTP/AVP 0$")
            with self.assertRefused(447, "wrong_state"):
                await page.request({"request": "dtmf_info", "digit": "1"})
            await far.hang_up()
