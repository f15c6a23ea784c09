"""The browser's leg: one PeerConnection for the agent, or one for each call."""

import asyncio
import re

from stack_case import StackCase


class ForEachCall(StackCase):
    async def finish(self, page):
        """Hangs up, and sees the PeerConnection go with the call."""
        await page.request({"request": "hangup"})
        await page.event("hangup")
        await self.eventually(lambda: "hangup" in page.janus_events(), "Janus closes the PeerConnection")
        await self.eventually(lambda: self.peer_connection(page, "none"), "the plugin knows, too")

    async def peer_connection(self, page, state):
        return (await self.query_session(page))["peer_connection"] == state

    async def test_offer_in_call(self):
        page = await self.sign_in(audio=False)
        answer, jsep = await page.request({"request": "call", "uri": "9004"}, await page.offer())
        self.assertEqual(answer["event"], "calling")
        self.assertIsNone(jsep)
        _, jsep = await page.event("accepted")
        await page.take_answer(jsep)
        await self.both_ways(page, await self.sim.call_of(self.dn, "9004"))
        await self.finish(page)

    async def test_offer_in_call_answered_with_early_media(self):
        page = await self.sign_in(audio=False)
        await page.request({"request": "call", "uri": "9013*3"}, await page.offer())
        _, jsep = await page.event("progress")
        await page.take_answer(jsep)
        await page.hears(440, -10, seconds=2.5)
        self.assertNotIn("accepted", page.seen())
        _, jsep = await page.event("accepted")
        self.assertIsNone(jsep)  # it was paid already
        await self.both_ways(page, await self.sim.call_of(self.dn, "9013*3"))

    async def test_early_answer(self):
        page = await self.sign_in(audio=False)
        answer, jsep = await page.request({"request": "call", "uri": "9014*1", "early_answer": True},
                                          await page.offer())
        self.assertEqual(answer["event"], "calling")
        await page.take_answer(jsep)
        _, jsep = await page.event("accepted")
        self.assertIsNone(jsep)
        await self.both_ways(page, await self.sim.call_of(self.dn, "9014*1"))

    async def test_our_offer_in_incomingcall(self):
        page = await self.sign_in(audio=False)
        for _ in range(2):  # the second call finds things as the first did
            call = await self.sim.ring(self.dn)
            _, jsep = await page.event("incomingcall")
            self.assertEqual(jsep["type"], "offer")
            await page.request({"request": "accept"}, await page.answer(jsep))
            await page.connected()
            await page.event("accepted")
            await self.both_ways(page, call)
            await self.finish(page)
            page._events.clear()

    async def test_offer_in_accept(self):
        page = await self.sign_in(audio=False, fields={"incoming_offer": False})
        call = await self.sim.ring(self.dn)
        _, jsep = await page.event("incomingcall")
        self.assertIsNone(jsep)
        with self.assertRefused(448, "missing_jsep", "jsep"):
            await page.request({"request": "accept"})
        answer, jsep = await page.request({"request": "accept"}, await page.offer())
        self.assertEqual(answer["event"], "accepting")
        await page.take_answer(jsep)
        await page.event("accepted")
        await self.both_ways(page, call)
        await self.finish(page)

    async def test_declined_call_takes_its_peer_connection_along(self):
        page = await self.sign_in(audio=False)
        for _ in range(2):
            call = await self.sim.ring(self.dn)
            _, jsep = await page.event("incomingcall")
            self.assertEqual(jsep["type"], "offer")
            await page.request({"request": "decline"})
            await page.event("hangup")
            await self.sim.state(call, "ended")

    async def test_desktop_answers(self):
        """The page's answer to our offer brings the audio that the call waits for."""
        page = await self.sign_in(audio=False)
        call = await self.sim.ring(self.dn, desktop_answer=True)
        _, jsep = await page.event("incomingcall")
        await page.event("accepting")
        await page.request({"request": "accept"}, await page.answer(jsep))
        await page.event("accepted")
        await self.both_ways(page, call)

    async def test_accepted_and_never_connected(self):
        """The caller is not answered into silence."""
        page = await self.sign_in(audio=False)
        call = await self.sim.ring(self.dn)
        _, jsep = await page.event("incomingcall")
        answer = await page.answer(jsep)
        page.cut_ice()
        await page.request({"request": "accept"}, answer)
        await asyncio.sleep(1)
        self.assertEqual((await self.sim.call(call))["state"], "ringing")
        await self.sim.hang_up(call)
        hung_up, _ = await page.event("hangup")
        self.assertEqual(hung_up["code"], 487)


class Offers(StackCase):
    """What a page may put into its SDP."""

    async def test_offer_in_register(self):
        page = await self.open_page()
        result, jsep = await page.request(
            {"request": "register", "username": self.dn, "secret": self.password}, await page.offer())
        self.assertIn(result["event"], ("registered", "registering"))
        await page.take_answer(jsep)
        if result["event"] == "registering":
            await page.event("registered")
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)
        self.assertEqual((await self.query_session(page))["peer_connection"], "up")

    async def test_standing_peer_connection_serves_call_after_call(self):
        page = await self.sign_in()
        for frequency in (440, 880, 1320):
            call, _ = await self.answered_call(page, play=f"tone:{frequency}:-10")
            await self.both_ways(page, call, far=frequency)
            media = (await self.sim.call(call))["media"]
            # Audio is there at once: no ICE, no DTLS, no SDP to the browser.
            self.assertLess(media["first_rtp_in_ms"], 100)
            await self.sim.hang_up(call)
            await page.event("hangup")
        self.assertNotIn("hangup", page.janus_events())

    async def refuses_lines(self, lines):
        page = await self.sign_in(audio=False)
        offer = await page.offer(lines)
        _, jsep = await page.request({"request": "update"}, offer)
        answered = [line.split()[0:2] for line in jsep["sdp"].splitlines() if line.startswith("m=")]
        self.assertEqual([kind for kind, _ in answered],
                         [line.split()[0] for line in offer["sdp"].splitlines() if line.startswith("m=")])
        for kind, port in answered:
            self.assertEqual(port == "0", kind != "m=audio", jsep["sdp"])
        await page.take_answer(self.for_aiortc(jsep))
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)

    @staticmethod
    def for_aiortc(jsep):
        """aiortc knows no refused lines: it gets them as part of the bundle, with nothing sent."""
        head, audio, *refused = re.split(r"(?m)^(?=m=)", jsep["sdp"])
        transport = "".join(re.findall(r"a=(?:ice-ufrag|ice-pwd|fingerprint|setup|rtcp-mux).*\r\n", audio))
        mids = [re.search(r"a=mid:(\S+)", line)[1] for line in (audio, *refused)]
        head = re.sub(r"a=group:BUNDLE.*", "a=group:BUNDLE " + " ".join(mids), head)
        lines = [re.sub(r"^(m=\S+) 0 (\S+) .*", r"\1 9 \2 " + ("97" if "video" in line else "5000"), line)
                 + transport + "a=rtpmap:97 VP8/90000\r\n" for line in refused]
        return {**jsep, "sdp": head + audio + "".join(lines)}

    async def test_video_is_refused(self):
        await self.refuses_lines(("audio", "video"))

    async def test_data_is_refused(self):
        await self.refuses_lines(("audio", "data"))

    async def test_no_audio(self):
        page = await self.sign_in(audio=False)
        for request in ({"request": "update"}, {"request": "call", "uri": "9001"}):
            with self.subTest(request), self.assertRefused(452, "unusable_jsep", "jsep.sdp"):
                await page.request(request, await page.offer(("video",)))
            await self.cleaned(page)
        await self.next_offer_is_taken(page)

    async def test_jsep_where_none_belongs(self):
        page = await self.sign_in(audio=False)
        with self.assertRefused(444, "invalid_field", "jsep"):
            await page.request({"request": "hangup"}, await page.offer())
        await self.cleaned(page)
        await self.next_offer_is_taken(page)

    async def test_refused_sign_in_with_an_offer(self):
        page = await self.open_page()
        for request, code, name, field in (
                ({"secret": "guessed wrong"}, 460, "bad_credential", "secret"),
                ({"secret": ""}, 444, "invalid_field", "secret")):
            with self.subTest(name), self.assertRefused(code, name, field):
                await page.request({"request": "register", "username": self.dn, **request},
                                   await page.offer())
            await self.cleaned(page)
        await page.sign_in(self.dn, self.password, audio=False)
        await self.next_offer_is_taken(page)

    async def cleaned(self, page):
        """Janus takes up to a second to give up what it prepared for an offer, and tells when."""
        await self.eventually(lambda: "hangup" in page.janus_events(), "Janus's hangup")
        page._events.clear()

    async def next_offer_is_taken(self, page):
        """What was refused has left nothing behind in Janus that is in the way."""
        _, jsep = await page.request({"request": "update"}, await page.offer())
        await page.take_answer(jsep)
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)

    async def test_trickled_candidates(self):
        page = await self.sign_in(audio=False)
        offer = await page.offer()
        lines = offer["sdp"].split("\r\n")
        candidates = [line[2:] for line in lines if line.startswith("a=candidate:")]
        bare = [line for line in lines if not line.startswith(("a=candidate", "a=end-of-candidates"))]
        self.assertTrue(candidates)
        _, jsep = await page.request({"request": "update"}, {"type": "offer", "sdp": "\r\n".join(bare)})
        for candidate in candidates:
            await page.trickle({"candidate": candidate, "sdpMid": "0", "sdpMLineIndex": 0})
        await page.trickle({"completed": True})
        await page.take_answer(jsep)
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)

    async def test_new_peer_connection_in_mid_call(self):
        page = await self.sign_in()
        call, call_id = await self.answered_call(page)
        await self.both_ways(page, call)
        await page.drop_peer_connection()
        await self.eventually(lambda: "hangup" in page.janus_events(), "Janus sees it go")
        updated, jsep = await page.request({"request": "update"}, await page.offer())
        self.assertEqual(updated["calls"], [call_id])
        await page.take_answer(jsep)
        media = await self.both_ways(page, call)
        self.assertEqual((media["ssrc_changes"], media["timestamp_jumps"]), (0, 0), media)
