"""Hold, retrieve and several calls on one browser audio, driven from the page and from the desktop."""

from sim_client import Refused
from stack_case import StackCase


class Hold(StackCase):
    options = {"agent": "  ring_timeout_s = 30"}

    async def changed(self, page, **wanted):
        """The next call_changed whose call looks so."""
        while True:
            event, _ = await page.event("call_changed")
            if all(event["call"][name] == value for name, value in wanted.items()):
                return event["call"]

    async def silent(self, call):
        """The far end hears nothing but comfort noise."""
        await self.sim.until(call, lambda c: c["media"]["level_dbfs"] < -45, "comfort noise")

    async def test_page_holds_and_retrieves(self):
        page = await self.sign_in()
        call, call_id = await self.answered_call(page)
        await self.both_ways(page, call)
        answer, _ = await page.request({"request": "hold"})
        self.assertEqual(answer["event"], "holding")
        await self.changed(page, hold="local", heard=False)
        invite = self.messages("INVITE")[-1]
        self.assertIn("a=sendonly", invite.body)
        await self.silent(call)
        answer, _ = await page.request({"request": "unhold", "call_id": call_id})
        self.assertEqual(answer["event"], "resuming")
        await self.changed(page, hold="none", heard=True)
        page.ear.forget()
        await self.both_ways(page, call)
        with self.assertRefused(447, "wrong_state"):
            await page.request({"request": "unhold"})

    async def test_desktop_holds_and_retrieves(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)
        self.assertEqual((await self.sim.post(f"/calls/{call}/notify", {"event": "hold"}))["status"], 200)
        await self.changed(page, hold="local")
        await self.silent(call)
        self.assertEqual((await self.sim.post(f"/calls/{call}/notify", {"event": "talk"}))["status"], 200)
        await self.changed(page, hold="none", heard=True)
        page.ear.forget()
        await self.both_ways(page, call)

    async def test_consult_and_alternate(self):
        page = await self.sign_in()
        first, first_id = await self.answered_call(page)
        await self.both_ways(page, first)
        second, second_id = await self.answered_call(page, play="tone:880:-10")
        page.ear.forget()
        await self.both_ways(page, second, far=880)
        await self.silent(first)
        await page.request({"request": "unhold", "call_id": first_id})
        page.ear.forget()
        await self.both_ways(page, first)
        await self.silent(second)
        answer, _ = await page.request({"request": "query"})
        self.assertEqual({call["call_id"]: (call["hold"], call["heard"]) for call in answer["calls"]},
                         {first_id: ("none", True), second_id: ("local", False)})
        await page.request({"request": "hangup", "call_id": first_id})
        await page.event("hangup")
        await page.request({"request": "unhold"})
        page.ear.forget()
        await self.both_ways(page, second, far=880)

    async def test_three_way_conversation(self):
        """Each hears the other two; who leaves or is held is heard no more."""
        page = await self.sign_in()
        first, first_id = await self.answered_call(page, play="tone:440:-16")
        second, second_id = await self.answered_call(page, play="tone:880:-16")
        answer, _ = await page.request({"request": "merge"})
        self.assertEqual(answer["call_ids"], [first_id, second_id])
        await self.changed(page, merged=True, heard=True, hold="none", call_id=first_id)
        # The stand-in names the strongest tone only: silence one of the three at a time.
        await self.sim.post(f"/calls/{second}/play", {"play": "silence"})
        page.ear.forget()
        await page.hears(440, -16)
        await self.sim.hears(second, 700)
        await self.sim.post(f"/calls/{second}/play", {"play": "tone:880:-6"})
        await self.sim.post(f"/calls/{first}/play", {"play": "silence"})
        page.ear.forget()
        await page.hears(880, -6)
        await self.sim.hears(first, 880)
        await page.request({"request": "hold", "call_id": second_id})
        await self.sim.hears(first, 700, -13)
        await self.silent(second)
        await page.request({"request": "unhold", "call_id": second_id})
        await self.sim.hears(first, 880)
        await self.sim.hang_up(second)
        await page.event("hangup")
        await self.sim.post(f"/calls/{first}/play", {"play": "tone:440:-10"})
        page.ear.forget()
        await self.both_ways(page, first)

    async def reinvited(self, call):
        """SIP Server re-INVITEs, unless an INVITE of either side has not come to its end there."""
        try:
            await self.sim.post(f"/calls/{call}/reinvite", {"sdp": "full"})
        except Refused:
            return False
        return True

    async def test_glare(self):
        """Both sides re-INVITE at once: one gets 491 and tries again; both ends agree afterwards."""
        page = await self.sign_in()
        call, call_id = await self.answered_call(page)
        for _ in range(5):
            await self.eventually(lambda: self.reinvited(call), "SIP Server has no INVITE under way")
            await page.request({"request": "hold", "call_id": call_id})
            await self.changed(page, hold="local")
            await self.silent(call)
            await page.request({"request": "unhold", "call_id": call_id})
            await self.changed(page, hold="none")
        page.ear.forget()
        await self.both_ways(page, call)

    async def test_invite_asks_to_be_answered(self):
        page = await self.sign_in()
        call = await self.sim.ring(self.dn, headers={"Call-Info": "<sip:127.0.0.1>;answer-after=0"})
        incoming, _ = await page.event("incomingcall")
        self.assertEqual(incoming["auto_answer"], {"after": 0, "beep": True})
        await page.event("accepted")
        await self.both_ways(page, call)


class TalkAsks(StackCase):
    options = {"dn_defaults": '  talk_answers = "ask"'}

    async def test_agent_has_to_answer(self):
        page = await self.sign_in()
        call = await self.sim.ring(self.dn, desktop_answer=True)
        talk, _ = await page.event("talk")
        self.assertEqual((talk["answers"], talk["waiting_for"]), (False, "agent"))
        self.assertEqual((await self.sim.call(call))["state"], "ringing")
        await page.request({"request": "accept"})
        await page.event("accepted")
        await self.both_ways(page, call)
