"""SIP Server moves the media, holds with music, connects agents, and completes transfers and conferences:
with the stand-in as SIP Server, and tones both ways after each step."""

from sim_client import Refused
from switchboard_case import COLLEAGUE, CUSTOMER, MUSIC, SECOND_AGENT, SwitchboardCase


class OneDialog(SwitchboardCase):
    async def connect(self, call, party, **how):
        await self.sim.post(f"/calls/{call}/connect", {"party": party, **how})

    async def test_media_server_and_back(self):
        """Music, a treatment, a recording: the media moves to another host, and back."""
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await self.talk(page, call, CUSTOMER)
        for sdp in ("none", "full", "twice"):
            with self.subTest(sdp):
                await self.connect(call, f"music {sdp}", play=f"tone:{MUSIC}:-10", at_media_server=True, sdp=sdp)
                await self.talk(page, call, MUSIC)
                await self.connect(call, "caller", sdp=sdp)
                await self.talk(page, call, CUSTOMER)
        ssrcs = {name: party["ssrc_sent"] for name, party in (await self.sim.call(call))["parties"].items()}
        self.assertEqual(len(set(ssrcs.values())), 4, ssrcs)
        # The black hole between two re-INVITEs is a hold for a moment; of nothing else the page is told.
        self.assertEqual([event for event in page.seen() if event != "registered"], ["call_changed"] * 4)

    async def test_consultation_in_the_same_dialog(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await self.talk(page, call, CUSTOMER)
        for _ in range(2):
            await self.connect(call, "colleague", play=f"tone:{COLLEAGUE}:-10", new_call_uuid=True)
            await self.talk(page, call, COLLEAGUE)
            self.assertEqual((await self.changed(page))["uuid"], (await self.sim.call(call))["call_uuid"])
            await self.connect(call, "caller", new_call_uuid=True)
            await self.talk(page, call, CUSTOMER)
            await self.changed(page, uuid=(await self.sim.call(call))["call_uuid"])

    async def test_nailed_up(self):
        """One dialog for hours: customers come and go, and the media server in between."""
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        for customer, tone in enumerate((400, 440, 640, 880, 920)):
            for swap in range(40):
                at_media_server = swap % 2 == 0
                move = {"party": "music" if at_media_server else f"customer {customer}",
                        "play": f"tone:{MUSIC if at_media_server else tone}:-10",
                        "at_media_server": at_media_server, "sdp": ("none", "full")[swap // 2 % 2]}

                async def moved(move=move):
                    try:
                        return await self.sim.post(f"/calls/{call}/connect", move)
                    except Refused as refusal:
                        self.assertEqual(refusal.args, (409, "an INVITE is under way"))
                        return None
                await self.eventually(moved, f"move {swap} of customer {customer}")
            await self.talk(page, call, tone)

    async def test_ring_back_of_a_call_by_the_desktop(self):
        """Make-call flow 2: a black hole first, then ring-back of the media server, then the far end."""
        page = await self.sign_in()
        call = await self.sim.ring(self.dn, offerless=True, desktop_answer=True, ack_sdp="blackhole")
        await page.event("accepting")
        await self.connect(call, "ring-back", play="tone:425:-10", at_media_server=True, sdp="full")
        await self.talk(page, call, 425)
        await self.connect(call, "caller")
        await page.event("accepted")
        await self.talk(page, call, CUSTOMER)

    async def test_late_answer_of_a_call_by_the_desktop(self):
        """Make-call flow 1: the ACK comes after 31 s, a second short of the agent's patience (64 × T1)."""
        page = await self.sign_in()
        call = await self.sim.ring(self.dn, offerless=True, desktop_answer=True, ack_delay_ms=31000)
        await page.event("accepted", timeout=40)
        await self.talk(page, call, CUSTOMER)

    async def test_a_call_by_the_desktop_that_nobody_answers(self):
        """Make-call flow 1: SIP Server gives up after 31.7 s, a black hole in its ACK."""
        page = await self.sign_in()
        call = await self.sim.ring(self.dn, offerless=True, desktop_answer=True, ack_sdp="blackhole", ack_delay_ms=31700)
        await page.event("accepting")
        await self.sim.until(call, lambda c: not c["legs"][0]["owes_ack"] and c["state"] == "answered", "the ACK", 40)
        await self.sim.hang_up(call, reason='SIP;cause=480;text="Temporarily Unavailable"')
        hung_up, _ = await page.event("hangup")
        self.assertEqual((hung_up["code"], hung_up["reason"]), (480, "480 Temporarily Unavailable from 5551234"))
        self.assertNotIn("accepted", page.seen())

    async def test_session_refreshes(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        for by in ("update", "reinvite"):
            with self.subTest(by):
                await self.talk(page, call, CUSTOMER)
                if by == "update":
                    self.assertEqual((await self.sim.post(f"/calls/{call}/refresh"))["status"], 200)
                else:
                    await self.sim.post(f"/calls/{call}/reinvite", {"sdp": "full"})
                    await self.noted(call, "re-INVITE answered 200")
                answers = [m for m in self.messages("SIP/2.0 200") if by.upper()[-6:] in m.values["CSeq"]]
                self.assertIn("refresher=uac", answers[-1].values["Session-Expires"])
        await self.talk(page, call, CUSTOMER)
        self.assertNotIn("call_changed", page.seen())  # a refresh is no news

    async def test_every_form_of_hold(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await self.talk(page, call, CUSTOMER)
        for direction in ("sendonly", "recvonly", "inactive"):
            with self.subTest(direction):
                await self.sim.post(f"/calls/{call}/reinvite", {"sdp": "hold", "direction": direction})
                await self.changed(page, hold="remote")
                page.ear.forget()
                await (page.hears(CUSTOMER, -10) if direction == "sendonly" else page.hears_nothing())
                await (self.party_hears(call, 700) if direction == "recvonly" else self.party_hears_nothing(call))
                await self.sim.post(f"/calls/{call}/retrieve")
                await self.changed(page, hold="none")
                await self.talk(page, call, CUSTOMER)

    async def test_desktop_holds_without_events(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await self.talk(page, call, CUSTOMER)
        await self.sim.post(f"/calls/{call}/hold")
        await self.changed(page, hold="remote")
        await self.hears_nothing(page)
        await self.party_hears_nothing(call)
        await self.sim.post(f"/calls/{call}/retrieve")
        await self.changed(page, hold="none")
        await self.talk(page, call, CUSTOMER)

    async def test_data_both_ways(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await page.request({"request": "info", "type": "application/x-www-form-urlencoded",
                            "content": "Reason=broken+line&Customer=%2B49"})
        await self.sim.until(call, lambda c: c["user_data"] == {"Reason": "broken line", "Customer": "+49"},
                             "user data")
        answer = await self.sim.post(f"/calls/{call}/info", {"type": "application/octet-stream", "content": "to you"})
        self.assertEqual(answer["status"], 200)
        self.assertEqual((await page.event("info"))[0]["content"], "to you")
        await page.request({"request": "message", "content": "on my way"})
        self.assertEqual((await page.event("messagedelivery"))[0]["code"], 200)
        await self.noted(call, "MESSAGE text/plain: on my way")
        answer = await self.sim.post(f"/calls/{call}/message", {"content": "hello"})
        self.assertEqual(answer["status"], 200)
        self.assertEqual((await page.event("message"))[0]["content"], "hello")
        await self.talk(page, call, CUSTOMER)


class HeldWithMusic(SwitchboardCase):
    """A call between two agents; who is held hears the media server."""

    async def test_both_ways_to_hold(self):
        first, second = await self.two_agents()
        await first.request({"request": "call", "uri": self.second_dn})
        await self.take_call(second)
        await first.event("accepted")
        await self.talk_together(first, second)
        call = await self.sim.call_of(self.dn, self.second_dn)

        async def held():
            second.ear.forget()
            await second.hears(MUSIC, -10)
            await self.party_hears(call, SECOND_AGENT, "music")
            await self.hears_nothing(first)

        await first.request({"request": "hold"})
        await self.changed(first, hold="local")
        await held()
        await first.request({"request": "unhold"})
        await self.changed(first, hold="none")
        await self.talk_together(first, second)
        for by in ("notify", "reinvite"):
            with self.subTest(by):
                await self.sim.post(f"/calls/{call}/hold", {"dn": self.dn, "by": by})
                await self.changed(first, hold="local" if by == "notify" else "remote")
                await held()
                await self.sim.post(f"/calls/{call}/retrieve", {"dn": self.dn, "by": by})
                await self.changed(first, hold="none")
                await self.talk_together(first, second)


class Consultation(SwitchboardCase):
    """A customer's call, and a second one that the agent's desktop makes to another agent."""

    async def consult(self, first, second, flow, hold="notify"):
        """The customer's call and the consultation of the stand-in."""
        primary, _ = await self.answered_call(first)
        await self.talk(first, primary, CUSTOMER)
        await self.sim.post(f"/calls/{primary}/hold", {"dn": self.dn, "by": hold})
        await self.changed(first, hold="local" if hold == "notify" else "remote")
        await self.party_hears_nothing(primary)
        call = await self.sim.post(f"/dn/{self.dn}/call", {"to": self.second_dn, "flow": flow})
        await self.take_call(second)
        await first.event("accepted")
        await self.talk_together(first, second)
        return primary, call["id"]

    async def swap(self, held, retrieved):
        await self.sim.post(f"/calls/{held}/hold", {"dn": self.dn, "by": "notify"})
        await self.sim.until(held, lambda c: not any(leg["owes_ack"] for leg in c["legs"]), "hold")
        await self.sim.post(f"/calls/{retrieved}/retrieve", {"dn": self.dn, "by": "notify"})

    async def test_alternate_and_transfer(self):
        for flow, ends_first in ((1, "primary"), (2, "consultation")):
            with self.subTest(flow=flow, ends_first=ends_first):
                first, second = await self.two_agents()
                primary, consultation = await self.consult(first, second, flow)
                await self.swap(consultation, primary)
                await self.talk(first, primary, CUSTOMER)
                second.ear.forget()
                await second.hears(MUSIC, -10)
                await self.swap(primary, consultation)
                await self.talk_together(first, second)
                await self.party_hears_nothing(primary)
                uuid = (await self.sim.call(primary))["call_uuid"]
                joined = await self.sim.post(f"/calls/{primary}/complete",
                                             {"consultation": consultation, "first": ends_first})
                for _ in range(2):
                    await first.event("hangup")
                await self.changed(second, uuid=uuid)
                await self.talk(second, joined["id"], CUSTOMER, SECOND_AGENT)
                await self.hears_nothing(first)
                self.assertEqual((await first.request({"request": "query"}))[0]["calls"], [])
                await self.sim.hang_up(joined["id"])
                await second.event("hangup")
                await self.no_calls_left()
                await first.leave()
                await second.leave()
                self.dn = next(self.free_dns)

    async def no_calls_left(self):
        async def idle():
            status = await self.sim.get("/status")
            return (status["calls"], status["rtp_ports_in_use"]) == (0, 0)
        await self.eventually(idle, "neither calls nor RTP ports are left")

    async def test_conference(self):
        first, second = await self.two_agents()
        primary, consultation = await self.consult(first, second, 1, hold="reinvite")
        conference = (await self.sim.post(f"/calls/{primary}/complete",
                                          {"consultation": consultation, "as": "conference"}))["id"]
        await first.event("hangup")
        for page, dn, own, other in ((first, self.dn, 700, SECOND_AGENT), (second, self.second_dn, SECOND_AGENT, 700)):
            await self.party_hears(conference, own, dn)
            page.ear.forget()
            await page.hears_all(CUSTOMER, other)
        await second.request({"request": "hangup"})
        await second.event("hangup")
        first.ear.forget()
        await first.hears(CUSTOMER, -10)
        await self.party_hears(conference, 700, self.dn)
        await self.sim.hang_up(conference)
        await first.event("hangup")
        await self.no_calls_left()

    async def test_somebody_without_a_phone_of_ours(self):
        page = await self.sign_in()
        primary, _ = await self.answered_call(page)
        await self.sim.post(f"/calls/{primary}/hold", {"by": "notify"})
        await self.changed(page, hold="local")
        consultation = (await self.sim.post(f"/dn/{self.dn}/call", {"to": "9004"}))["id"]
        await page.event("accepted")
        await self.talk(page, consultation, 440)
        await self.party_hears_nothing(primary)
        await self.sim.post(f"/calls/{primary}/complete", {"consultation": consultation})
        for _ in range(2):
            await page.event("hangup")
        await self.hears_nothing(page)
        await self.no_calls_left()

    async def test_made_by_the_desktop_and_refused(self):
        first, second = await self.two_agents()
        for flow in (1, 2):
            with self.subTest(flow=flow):
                await self.sim.post(f"/dn/{self.dn}/call", {"to": self.second_dn, "flow": flow})
                await second.event("incomingcall")
                await second.request({"request": "decline", "code": 486})
                hung_up, _ = await first.event("hangup")
                self.assertEqual((hung_up["code"], hung_up["reason"]), (486, f"486 Busy Here from {self.second_dn}"))
        self.assertNotIn("accepted", first.seen())
        await self.no_calls_left()


class ThreeAgents(SwitchboardCase):
    """Everybody has a phone of ours: SDP passes from one to the other, the stand-in's media plays no part."""

    async def consulting(self):
        """An agent who is called by a third and has called the second: the pages, the calls, and the
        third's DN."""
        first, second = await self.two_agents()
        third_dn = next(self.free_dns)
        third = await self.sign_in(third_dn, frequency=1100)
        await third.request({"request": "call", "uri": self.dn})
        await self.take_call(first)
        await third.event("accepted")
        await self.hear(first, 1100)
        await self.hear(third, 700)
        primary = await self.sim.call_of(third_dn, self.dn)
        await self.sim.post(f"/calls/{primary}/hold", {"dn": self.dn})
        await self.hear(third, MUSIC)
        consultation = (await self.sim.post(f"/dn/{self.dn}/call", {"to": self.second_dn}))["id"]
        await self.take_call(second)
        await first.event("accepted")
        await self.talk_together(first, second)
        return (first, second, third), primary, consultation, third_dn

    @staticmethod
    async def hear(page, tone):
        page.ear.forget()
        await page.hears(tone)

    async def test_transfer(self):
        (first, second, third), primary, consultation, _ = await self.consulting()
        await self.sim.post(f"/calls/{primary}/complete", {"consultation": consultation})
        for _ in range(2):
            await first.event("hangup")
        await self.hear(second, 1100)
        await self.hear(third, SECOND_AGENT)
        await self.hears_nothing(first)
        await second.request({"request": "hold"})
        await self.hear(third, MUSIC)
        await second.request({"request": "unhold"})
        await self.hear(third, SECOND_AGENT)
        await third.request({"request": "hangup"})
        await second.event("hangup")

    async def test_conference(self):
        pages, primary, consultation, third_dn = await self.consulting()
        tones = (700, SECOND_AGENT, 1100)
        conference = (await self.sim.post(f"/calls/{primary}/complete",
                                          {"consultation": consultation, "as": "conference", "sdp": "none"}))["id"]
        for page, dn, own in zip(pages, (self.dn, self.second_dn, third_dn), tones):
            await self.party_hears(conference, own, dn)
            page.ear.forget()
            await page.hears_all(*(tone for tone in tones if tone != own))
        await self.sim.hang_up(conference)
        for page in pages:
            await page.event("hangup")
