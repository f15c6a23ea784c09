"""What happens inside a call with sipp as SIP Server, and tones both ways after each step: hold, moved media,
glare, other requests."""

from sipp_case import SECOND, SippCase
from sipp_flow import BLACK_HOLE, Flow, sdp

EVENT = {"Subscription_State": "active"}


class Hold(SippCase):
    async def test_every_hold_of_the_far_end(self):
        page = await self.signed_in()
        customer, music = await self.party(), await self.party(520, host=SECOND)
        flow = Flow()
        flow.call(sdp(customer))
        # What the far end says, and how the answer mirrors it (RFC 3264 section 6.1).
        forms = {"0.0.0.0": (sdp(customer, host="0.0.0.0"), "a=sendrecv"), "sendonly": (sdp(music, "sendonly"), "a=recvonly"),
                 "recvonly": (sdp(customer, "recvonly"), "a=sendonly"), "inactive": (sdp(customer, "inactive"), "a=inactive")}
        for body, mirrored in forms.values():
            flow.cue()
            flow.invited(body, body=mirrored)
            flow.cue()
            flow.invited("", sdp(customer), body="m=audio [0-9]+ RTP/AVP 0 8 101")  # retrieve without SDP
        flow.cue()
        flow.hang_up()
        sipp = await self.run_flow(flow)
        await self.answer(page)
        await self.talk(page, customer)
        music.remote = customer.remote
        for form in forms:
            with self.subTest(form):
                await sipp.cue()
                await self.changed(page, hold="remote")
                page.ear.forget()
                if form == "sendonly":
                    await page.hears(520, -10)
                else:
                    customer.frequency = None
                    await page.hears_nothing()
                await (customer.hears(700, -13) if form == "recvonly" else customer.hears_nothing())
                await sipp.cue()
                await self.changed(page, hold="none")
                customer.frequency = 440
                await self.talk(page, customer)
        await sipp.cue()
        await page.event("hangup")
        await self.over(sipp)

    async def test_desktop_holds_and_retrieves(self):
        page = await self.signed_in()
        customer = await self.party()
        flow = Flow()
        flow.call(sdp(customer))
        for event, ours, theirs in (("hold", "recvonly", "a=sendonly"), ("talk", "sendrecv", "a=sendrecv")):
            flow.cue()
            flow.asked("NOTIFY", Event=event, **EVENT)
            flow.reinvited(sdp(customer, ours), body=theirs)
        flow.cue()
        flow.asked("NOTIFY", Event="beep", **EVENT)
        flow.told("BYE")
        sipp = await self.run_flow(flow)
        await self.answer(page)
        await self.talk(page, customer)
        await sipp.cue()
        await self.changed(page, hold="local")
        await customer.hears_nothing()
        page.ear.forget()
        await page.hears_nothing()
        await sipp.cue()
        await self.changed(page, hold="none", heard=True)
        await self.talk(page, customer)
        await sipp.cue()
        await self.talk(page, customer)
        await page.request({"request": "hangup"})
        await self.over(sipp)

    async def test_page_holds_and_retrieves(self):
        page = await self.signed_in()
        customer = await self.party()
        flow = Flow()
        flow.call(sdp(customer))
        flow.reinvited(sdp(customer, "recvonly"), body="a=sendonly")
        flow.reinvited(sdp(customer), body="a=sendrecv")
        flow.reinvited(sdp(customer, "inactive"), body="a=inactive")
        flow.reinvited(sdp(customer), body="a=sendrecv")
        flow.told("BYE")
        sipp = await self.run_flow(flow)
        await self.answer(page)
        await self.talk(page, customer)
        for direction in ("sendonly", "inactive"):
            await page.request({"request": "hold", "direction": direction})
            await self.changed(page, hold="local")
            await customer.hears_nothing()
            page.ear.forget()
            await page.hears_nothing()
            await page.request({"request": "unhold"})
            await self.changed(page, hold="none")
            await self.talk(page, customer)
        await page.request({"request": "hangup"})
        await self.over(sipp)

    async def test_glare(self):
        page = await self.signed_in()
        customer = await self.party()
        flow = Flow()
        flow.call(sdp(customer))
        flow.expect("INVITE", keep="theirs")
        ours = flow.send("INVITE", sdp(customer))  # theirs is open (RFC 3261 section 14.2)
        flow.expect(491, cseq=f"{ours} INVITE")
        flow.send("ACK", cseq=ours, failed=True)
        flow.answer("491 Request Pending", kept="theirs")
        flow.expect("ACK")
        flow.reinvited(sdp(customer, "recvonly"), body="a=sendonly")
        flow.reinvited(sdp(customer), body="a=sendrecv")
        flow.told("BYE")
        sipp = await self.run_flow(flow)
        await self.answer(page)
        await self.talk(page, customer)
        await page.request({"request": "hold"})
        await self.changed(page, hold="local")
        await customer.hears_nothing()
        await page.request({"request": "unhold"})
        await self.changed(page, hold="none")
        await self.talk(page, customer)
        await page.request({"request": "hangup"})
        await self.over(sipp)


class MovedMedia(SippCase):
    async def test_everything_about_the_media_changes(self):
        page = await self.signed_in()
        customer = await self.party()
        parties = {
            "host": await self.party(520, host=SECOND), "port": await self.party(600),
            "codec": await self.party(640, codec=8), "payload number": await self.party(880, payload_type=97),
            "packet time": await self.party(920, ptime=40), "codec and host": await self.party(1000, host=SECOND, codec=8)}
        flow = Flow()
        flow.call(sdp(customer))
        for name, party in parties.items():
            flow.cue()
            flow.invited(sdp(party), body=f"RTP/AVP {party.payload_type} 101")
            flow.cue()
            flow.invited("", sdp(customer), body="RTP/AVP 0 8 101")
            if name != "payload number":  # the offer is the gateway's, and so are its numbers
                flow.cue()
                flow.invited("", sdp(party), body="RTP/AVP 0 8 101")
        flow.cue()
        flow.hang_up()
        sipp = await self.run_flow(flow)
        await self.answer(page)
        await self.talk(page, customer)
        for name, party in parties.items():
            with self.subTest(name):
                steps = (party, customer) if name == "payload number" else (party, customer, party)
                for other in steps:
                    await sipp.cue()
                    await self.talk(page, other)
        await sipp.cue()
        await page.event("hangup")
        await self.over(sipp)

    async def test_two_reinvites_in_a_row(self):
        """A conference bridge that takes no INVITE without SDP: ask for an offer, then make one."""
        page = await self.signed_in()
        customer, bridge = await self.party(), await self.party((440, 880), host=SECOND)
        flow = Flow()
        flow.call(sdp(customer))
        flow.cue()
        flow.invited("", BLACK_HOLE)
        flow.invited(sdp(bridge))
        flow.cue()
        flow.invited(sdp(customer))
        flow.invited("", sdp(customer))
        flow.cue()
        flow.hang_up()
        sipp = await self.run_flow(flow)
        await self.answer(page)
        await self.talk(page, customer)
        await sipp.cue()
        await bridge.hears(700, -13)
        page.ear.forget()
        await page.hears_all(440, 880)
        await sipp.cue()
        await self.talk(page, customer)
        await sipp.cue()
        await page.event("hangup")
        await self.over(sipp)

    async def test_nailed_up_for_five_hundred_moves(self):
        """One dialog for hours: a customer, the media server, the next customer."""
        page = await self.signed_in()
        parties = [await self.party(), await self.party(520, host=SECOND)]
        flow = Flow()
        customer, music = map(sdp, parties)
        flow.call(customer)
        for hundred in range(5):
            flow.uuid = f"{hundred:032d}"
            with flow.repeat(25):
                for moved in ((music, ""), ("", customer), ("", music), (customer, "")):
                    flow.invited(*moved)
            flow.invited((music, customer)[hundred % 2])
            flow.cue()
        flow.hang_up()
        sipp = await self.run_flow(flow)
        await self.answer(page)
        for hundred in range(5):
            await self.changed(page, uuid=f"{hundred:032d}")
            await self.talk(page, parties[1 - hundred % 2])
            await sipp.cue()
        await page.event("hangup")
        await self.over(sipp)


class InsideACall(SippCase):
    async def test_requests_both_ways(self):
        page = await self.signed_in()
        customer = await self.party()
        data = "Customer=4711&Reason=complaint"
        flow = Flow()
        flow.call(sdp(customer))
        flow.cue()
        flow.asked("OPTIONS")
        flow.asked("INFO", "to the agent", "application/octet-stream")
        flow.asked("INFO", "Signal=7\nDuration=200\n", "application/dtmf-relay")
        flow.asked("MESSAGE", "hello", "text/plain")
        flow.told("INFO", Content_Type="application/x-www-form-urlencoded", body=data)
        flow.told("MESSAGE", body="on my way")
        flow.cue()
        flow.hang_up()
        sipp = await self.run_flow(flow)
        await self.answer(page)
        await self.talk(page, customer)
        await sipp.cue()
        told, _ = await page.event("info")
        self.assertEqual((told["type"], told["content"]), ("application/octet-stream", "to the agent"))
        self.assertEqual((await page.event("dtmf"))[0]["digit"], "7")
        self.assertEqual((await page.event("message"))[0]["content"], "hello")
        await page.request({"request": "info", "type": "application/x-www-form-urlencoded", "content": data})
        await page.request({"request": "message", "content": "on my way"})
        delivered, _ = await page.event("messagedelivery")
        self.assertEqual(delivered["code"], 200)
        await self.talk(page, customer)
        await sipp.cue()
        await page.event("hangup")
        await self.over(sipp)

    async def test_digits_and_comfort_noise(self):
        """RFC 4733 from the agent, and noise that nobody has offered instead of the customer's voice."""
        page = await self.signed_in()
        customer = await self.party()
        flow = Flow()
        flow.call(sdp(customer))
        flow.told("BYE")
        sipp = await self.run_flow(flow)
        await self.answer(page)
        await self.talk(page, customer)
        for digit in "15#":
            await page.request({"request": "dtmf_info", "digit": digit})
        await self.eventually(lambda: customer.digits == "15#", "the digits")
        customer.comfort_noise = True
        page.ear.forget()
        await page.hears_nothing()
        await customer.hears(700, -13)
        customer.comfort_noise = False
        await self.talk(page, customer)
        await page.request({"request": "hangup"})
        await self.over(sipp)

    async def test_session_refreshes(self):
        page = await self.signed_in()
        customer = await self.party()
        flow = Flow()
        flow.call(sdp(customer))
        refresh = {"Session_Expires": "1800;refresher=uac", "Supported": "timer"}
        flow.cue()
        flow.invited(sdp(customer), headers=refresh)
        flow.cue()
        flow.asked("UPDATE", **refresh)
        flow.cue()
        flow.asked("UPDATE", sdp(customer), "application/sdp", **refresh)
        flow.cue()
        flow.hang_up()
        sipp = await self.run_flow(flow)
        await self.answer(page)
        for _ in range(4):
            await self.talk(page, customer)
            await sipp.cue()
        await page.event("hangup")
        await self.over(sipp)
        self.assertNotIn("call_changed", page.seen())  # a refresh is no news

    async def test_the_agent_refreshes_the_session(self):
        """The shortest session that may be asked for, and half of it over (RFC 4028 section 10)."""
        page = await self.signed_in()
        customer = await self.party()
        flow = Flow()
        cseq = flow.send("INVITE", sdp(customer), Supported="timer", Session_Expires="90;refresher=uas", Min_SE=90,
                         Allow="INVITE, ACK, CANCEL, BYE, UPDATE")
        flow.expect(180)
        flow.expect(200, cseq=f"{cseq} INVITE", Session_Expires="90 *; *refresher=uas")
        flow.send("ACK", cseq=cseq)
        flow.expect("UPDATE", 60000, Session_Expires="refresher=uac")
        flow.answer("200 OK", Session_Expires="90;refresher=uac")
        flow.log("refreshed")
        flow.cue()
        flow.hang_up()
        sipp = await self.run_flow(flow)
        await self.answer(page)
        await self.talk(page, customer)
        await self.logged(sipp, "(refreshed)", seconds=60)
        await self.talk(page, customer)
        await sipp.cue()
        await page.event("hangup")
        await self.over(sipp)

    async def test_caller_gives_up(self):
        page = await self.signed_in()
        customer = await self.party()
        flow = Flow()
        cseq = flow.send("INVITE", sdp(customer))
        flow.expect(180)
        flow.cue()
        flow.send("CANCEL", cseq=cseq)
        flow.expect(200, cseq=f"{cseq} CANCEL")
        flow.expect(487, cseq=f"{cseq} INVITE")
        flow.send("ACK", cseq=cseq, failed=True)
        sipp = await self.run_flow(flow)
        await page.event("incomingcall")
        await sipp.cue()
        hung_up, _ = await page.event("hangup")
        self.assertEqual(hung_up["code"], 487)
        await self.over(sipp)
        flow = Flow()  # the DN takes the next call
        flow.call(sdp(customer))
        flow.told("BYE")
        sipp = await self.run_flow(flow)
        await self.answer(page)
        await self.talk(page, customer)
        await page.request({"request": "hangup"})
        await self.over(sipp)
