"""REFER both ways and Replaces with the stand-in as SIP Server, and tones both ways after each step."""

from switchboard_case import COLLEAGUE, CUSTOMER, SECOND_AGENT, SwitchboardCase


class ReferIn(SwitchboardCase):
    async def between_agents(self):
        first, second = await self.two_agents()
        await first.request({"request": "call", "uri": self.second_dn})
        await self.take_call(second)
        await first.event("accepted")
        await self.talk_together(first, second)
        return first, second, await self.sim.call_of(self.dn, self.second_dn)

    async def referred(self, call, last):
        """What the phone has reported in the end."""
        call = await self.sim.until(call, lambda c: c["referral"]["over"], "the last NOTIFY")
        self.assertEqual((call["referral"]["status"], call["referral"]["progress"][0],
                          call["referral"]["progress"][-1]), (202, 100, last))

    async def test_single_step_transfer(self):
        """The party that is transferred gets the REFER, the agent who transfers gets BYE."""
        first, second, call = await self.between_agents()
        rest = (await self.sim.post(f"/calls/{call}/refer", {"dn": self.second_dn, "to": "9004"}))["id"]
        await first.event("hangup")
        asked, _ = await second.event("transfer")
        self.assertTrue(asked["accepted"])
        calling, _ = await second.event("calling")
        await second.event("accepted", call_id=calling["call_id"])
        await self.referred(rest, 200)
        await second.event("hangup")
        await self.talk(second, await self.sim.call_of(self.second_dn, "9004"), 440, SECOND_AGENT)
        await self.hears_nothing(first)

    async def test_single_step_transfer_fails(self):
        first, second, call = await self.between_agents()
        rest = (await self.sim.post(f"/calls/{call}/refer", {"dn": self.second_dn, "to": "9010"}))["id"]
        await first.event("hangup")
        await self.referred(rest, 486)
        hung_up, _ = await second.event("hangup")
        self.assertEqual(hung_up["code"], 486)
        self.assertEqual((await self.sim.call(rest))["state"], "answered")
        await self.sim.post(f"/calls/{rest}/connect", {"party": "again", "play": f"tone:{COLLEAGUE}:-10"})
        await self.talk(second, rest, COLLEAGUE, SECOND_AGENT)

    async def test_replaces_the_consultation(self):
        """Two-step transfer by REFER: the other agent's new call takes the consultation's place."""
        first, second, call = await self.between_agents()
        consultation = (await self.sim.post(f"/dn/{self.dn}/call", {"to": "9004"}))["id"]
        await first.event("accepted")
        await self.talk(first, consultation, 440)
        rest = (await self.sim.post(f"/calls/{call}/refer", {"dn": self.second_dn, "to": "9004",
                                                             "replaces": consultation}))["id"]
        asked, _ = await second.event("transfer")
        self.assertIn(";to-tag=", asked["replaces"])
        calling, _ = await second.event("calling")
        await second.event("accepted", call_id=calling["call_id"])
        for _ in range(2):
            await first.event("hangup")
        await self.referred(rest, 200)
        await second.event("hangup")
        joined = await self.sim.call_of(self.second_dn, "9004")
        await self.talk(second, joined, 440, SECOND_AGENT)
        await self.hears_nothing(first)

    async def test_invite_with_replaces(self):
        page = await self.sign_in()
        call, call_id = await self.answered_call(page)
        await self.talk(page, call, CUSTOMER)
        other = await self.sim.ring(self.dn, replaces=call, play=f"tone:{COLLEAGUE}:-10")
        incoming, _ = await page.event("incomingcall")
        self.assertEqual(incoming["replaces"], call_id)
        await page.event("accepted", call_id=incoming["call_id"])
        await page.event("hangup", call_id=call_id)
        await self.talk(page, other, COLLEAGUE)
        self.assertEqual((await self.sim.state(call, "ended"))["ended"]["by"], "phone")


class ReferOut(SwitchboardCase):
    async def test_blind(self):
        first, second = await self.two_agents()
        call, call_id = await self.answered_call(first)
        for number, code in (("9010", 486), ("8888", 404)):
            await first.request({"request": "transfer", "uri": number})
            await first.event("transfer_progress", code=code, final=True)
            await self.talk(first, call, CUSTOMER)
        await first.request({"request": "transfer", "uri": self.second_dn})
        await first.event("transfer_progress", code=180)
        await self.talk(first, call, CUSTOMER)
        await self.take_call(second)
        hung_up, _ = await first.event("hangup", call_id=call_id)
        self.assertEqual((hung_up["code"], hung_up["reason"]), (200, "transferred"))
        joined = await self.sim.call_of("5551234", self.second_dn)
        await self.talk(second, joined, CUSTOMER, SECOND_AGENT)
        await self.hears_nothing(first)

    async def test_blind_and_nobody_wants_it(self):
        first, second = await self.two_agents()
        call, _ = await self.answered_call(first)
        await first.request({"request": "transfer", "uri": self.second_dn})
        await second.event("incomingcall")
        await second.request({"request": "decline", "code": 603})
        await first.event("transfer_progress", code=603, final=True)
        await self.talk(first, call, CUSTOMER)

    async def test_attended(self):
        first, second = await self.two_agents()
        call, call_id = await self.answered_call(first)
        await self.talk(first, call, CUSTOMER)
        calling, _ = await first.request({"request": "call", "uri": self.second_dn})
        await self.take_call(second)
        await first.event("accepted", call_id=calling["call_id"])
        await self.talk_together(first, second)
        await self.party_hears_nothing(call)
        await first.request({"request": "transfer", "call_id": call_id, "replace": calling["call_id"]})
        for _ in range(2):
            await first.event("hangup")
        joined = await self.sim.call_of("5551234", self.second_dn)
        await self.talk(second, joined, CUSTOMER, SECOND_AGENT)
        await self.hears_nothing(first)
