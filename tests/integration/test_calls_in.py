"""Calls to the agent: ringing, answering, declining, and what SIP Server does around it."""

import asyncio
import statistics

from stack_case import StackCase


class Answering(StackCase):
    options = {"agent": "  ring_timeout_s = 5"}

    async def test_answer_and_hang_up(self):
        page = await self.sign_in()
        call = await self.sim.ring(self.dn)
        incoming, jsep = await page.event("incomingcall")
        self.assertIsNone(jsep)  # the agent's PeerConnection stands
        self.assertTrue(incoming["username"].startswith("sip:5551234@"), incoming)
        await self.sim.state(call, "ringing")
        answer, _ = await page.request({"request": "accept", "call_id": incoming["call_id"]})
        self.assertEqual(answer["event"], "accepting")
        accepted, _ = await page.event("accepted", call_id=incoming["call_id"])
        self.assertEqual(accepted["sip_codec"], "PCMU/8000")
        self.assertEqual(accepted["browser_codec"], "opus/48000/2")
        media = await self.both_ways(page, call)
        self.assertEqual((media["lost"], media["ssrc_changes"], media["timestamp_jumps"],
                          media["malformed"], media["unknown_payload"]), (0, 0, 0, 0, 0), media)
        answer, _ = await page.request({"request": "hangup"})
        self.assertEqual(answer["event"], "hangingup")
        hung_up, _ = await page.event("hangup")
        self.assertEqual((hung_up["code"], hung_up["call_id"]), (200, incoming["call_id"]))
        ended = await self.sim.state(call, "ended")
        self.assertEqual(ended["ended"]["by"], "phone")
        lines = {message.start for message in self.messages("SIP/2.0")}
        self.assertLessEqual({"SIP/2.0 180 Ringing", "SIP/2.0 200 OK"}, lines)

    async def test_far_end_hangs_up_and_says_why(self):
        page = await self.sign_in()
        call, call_id = await self.answered_call(page)
        reason = 'SIP;cause=403;text="Forbidden"'
        await self.sim.hang_up(call, reason=reason)
        hung_up, _ = await page.event("hangup", call_id=call_id)
        self.assertEqual((hung_up["code"], hung_up["reason_header"]), (200, reason))
        # The DN takes the next call.
        call, call_id = await self.answered_call(page)
        await self.both_ways(page, call)
        await self.sim.hang_up(call)
        hung_up, _ = await page.event("hangup", call_id=call_id)
        self.assertNotIn("reason_header", hung_up)

    async def test_decline_with_a_code(self):
        page = await self.sign_in(audio=False)
        for code, request in ((603, {"code": 603}), (486, {})):
            with self.subTest(code):
                call = await self.sim.ring(self.dn)
                await page.event("incomingcall")
                answer, _ = await page.request({"request": "decline", **request})
                self.assertEqual((answer["event"], answer["code"]), ("declining", code))
                hung_up, _ = await page.event("hangup")
                self.assertEqual(hung_up["code"], code)
                ended = await self.sim.state(call, "ended")
                self.assertEqual((ended["ended"]["status"], ended["ended"]["by"]), (code, "phone"))

    async def test_caller_gives_up(self):
        page = await self.sign_in(audio=False)
        call = await self.sim.ring(self.dn)
        incoming, _ = await page.event("incomingcall")
        await self.sim.state(call, "ringing")
        await self.sim.hang_up(call)
        hung_up, _ = await page.event("hangup", call_id=incoming["call_id"])
        self.assertEqual(hung_up["code"], 487)
        ended = await self.sim.state(call, "ended")
        self.assertEqual(ended["ended"]["status"], 487)
        with self.assertRefused(454, "no_such_call", "call_id"):
            await page.request({"request": "accept", "call_id": incoming["call_id"]})

    async def test_nobody_answers(self):
        page = await self.sign_in(audio=False)
        call = await self.sim.ring(self.dn)
        await page.event("incomingcall")
        hung_up, _ = await page.event("hangup", timeout=8)
        self.assertEqual(hung_up["code"], 480)
        ended = await self.sim.state(call, "ended")
        self.assertEqual(ended["ended"]["status"], 480)
        self.assertAlmostEqual(ended["ended_ms"], 5000, delta=700)

    async def test_second_call_waits_and_lines_are_limited(self):
        page = await self.sign_in()
        first, _ = await self.answered_call(page)
        second = await self.sim.ring(self.dn, play="tone:880:-10")
        waiting, _ = await page.event("incomingcall")
        await self.sim.state(second, "ringing")
        await self.both_ways(page, first)  # ringing does not touch the call in progress
        # Whatever the limit is, it is one, and says Busy Here.
        calls = [first, second]
        for _ in range(20):
            calls.append(await self.sim.ring(self.dn))
            last = await self.sim.until(calls[-1], lambda call: call["state"] != "calling", "an answer")
            if last["state"] == "ended":
                break
        self.assertEqual(last["state"], "ended", "twenty calls ring one agent")
        self.assertEqual(last["ended"]["status"], 486)
        await page.request({"request": "hangup", "call_id": waiting["call_id"]})
        await self.both_ways(page, first)
        for call in calls[:-1]:
            if (await self.sim.call(call))["state"] != "ended":
                await self.sim.hang_up(call)

    async def test_nobody_signed_in(self):
        call = await self.sim.ring(self.dn)
        ended = await self.sim.state(call, "ended")
        self.assertEqual(ended["ended"]["status"], 480)

    async def test_headers_that_may_be_seen(self):
        page = await self.sign_in(audio=False)
        headers = {"X-Attached-Customer": "gold <b>", "X-Genesys-Queue": "8000", "X-Secret": "no"}
        call = await self.sim.ring(self.dn, headers=headers)
        incoming, _ = await page.event("incomingcall")
        uuid = (await self.sim.call(call))["call_uuid"]
        self.assertEqual(incoming["uuid"], uuid)
        self.assertEqual(incoming["headers"], {
            "X-Genesys-CallUUID": uuid, "X-Attached-Customer": "gold <b>", "X-Genesys-Queue": "8000"})
        # The dialect's From and To: no angle brackets, and the tag beside.
        invite = self.messages("INVITE", direction="sent")[-1]
        self.assertNotIn("<", invite.values["From"] + invite.values["To"])
        self.assertIn(f"sip:{self.dn}@", incoming["callee"])
        ringing = self.messages("SIP/2.0 180")[-1]
        self.assertIn(f"sip:{self.dn}@", ringing.values["Contact"])
        self.assertIn("talk", ringing.values["Allow-Events"])
        await self.sim.hang_up(call)

    async def test_options_is_answered_at_once(self):
        page = await self.sign_in()
        outside = [await self.sim.post(f"/dn/{self.dn}/options") for _ in range(7)]
        call, _ = await self.answered_call(page)
        inside = [await self.sim.post(f"/calls/{call}/options") for _ in range(7)]
        for answers in (outside, inside):
            self.assertEqual({answer["status"] for answer in answers}, {200}, answers)
            # Others use this machine, too: the usual time counts.
            self.assertLess(statistics.median(answer["ms"] for answer in answers), 20, answers)
        await self.both_ways(page, call)

    async def test_unknown_number_in_the_request_uri(self):
        # Unknown to the gateway alone: the stand-in knows 7999, whose Contact names this gateway.
        status = await self.invite_unknown("7999")
        self.assertEqual(status, 404)

    async def invite_unknown(self, dn):
        """An INVITE of one line's worth of Python, from SIP Server's address."""
        settings = self.stack.settings
        reply = asyncio.get_running_loop().create_future()

        class Caller(asyncio.DatagramProtocol):
            def datagram_received(self, data, _):
                status = int(data.split()[1])
                if status >= 200 and not reply.done():
                    reply.set_result(status)

        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            Caller, local_addr=("127.0.0.1", 0), remote_addr=("127.0.0.1", settings.ports.sip))
        here = "127.0.0.1:%d" % transport.get_extra_info("sockname")[1]
        transport.sendto((f"INVITE sip:{dn}@127.0.0.1:{settings.ports.sip} SIP/2.0\r\n"
                          f"From: sip:1@{here};tag=a\r\nTo: sip:{dn}@127.0.0.1\r\nCall-ID: u@{here}\r\n"
                          f"CSeq: 1 INVITE\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bKunknown\r\n"
                          f"Contact: <sip:1@{here}>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n").encode())
        try:
            return await asyncio.wait_for(reply, 5)
        finally:
            transport.close()


class Dialect(StackCase):
    """What SIP Server does that others do not (offerless INVITEs, NOTIFY talk, black holes)."""

    async def test_desktop_answers(self):
        page = await self.sign_in()
        call = await self.sim.ring(self.dn, desktop_answer=True)
        await page.event("incomingcall")
        await page.event("accepted")
        media = await self.both_ways(page, call)
        self.assertLess(media["first_rtp_in_ms"], 200)
        call = await self.sim.call(call)
        self.assertLess(call["answered_ms"] - call["ringing_ms"], 100, call["notes"])
        self.assertIn("NOTIFY answered 200", [note["text"] for note in call["notes"]])

    async def test_the_desktops_answer_is_carried_out_at_once(self):
        """At most 10 ms from the 200 to the NOTIFY to the 200 to the INVITE while the PeerConnection stands:
        the median of ten calls, since a machine may be busy in any one of them."""
        page = await self.sign_in()
        gaps = []
        for _ in range(10):
            call = await self.sim.ring(self.dn, desktop_answer=True)
            await page.event("accepted")
            told = await self.sim.until(call, lambda c: "NOTIFY answered 200" in [note["text"] for note in c["notes"]],
                                        "the answer to the NOTIFY")
            notified = next(note["ms"] for note in told["notes"] if note["text"] == "NOTIFY answered 200")
            gaps.append(told["answered_ms"] - notified)
            await self.sim.hang_up(call)
            await page.event("hangup")
        self.assertLessEqual(statistics.median(gaps), 10, gaps)
        print(f"\n200 to the NOTIFY to 200 to the INVITE, ms: {sorted(gaps)}")

    async def test_desktop_answers_and_reinvites(self):
        page = await self.sign_in()
        call = await self.sim.ring(self.dn, desktop_answer=True, reinvite_after_ack=True)
        await page.event("accepted")
        await self.sim.until(call, lambda c: "re-INVITE answered 200" in
                             [note["text"] for note in c["notes"]], "the re-INVITE's 200")
        await self.both_ways(page, call)
        first, second = [message for message in self.messages("SIP/2.0 200")
                         if message.body and "INVITE" in message.values["CSeq"]][-2:]
        # A full offer this time: all codecs, the same port, the version one up (RFC 3264 section 8).
        self.assertRegex(second.body, r"m=audio \d+ RTP/AVP 0 8 101")
        self.assertEqual(self.field(first, "m=").split()[1], self.field(second, "m=").split()[1])
        old, new = self.field(first, "o=").split(), self.field(second, "o=").split()
        self.assertEqual((new[1], int(new[2])), (old[1], int(old[2]) + 1))

    @staticmethod
    def field(message, name):
        return next(line for line in message.body.split("\r\n") if line.startswith(name))

    async def test_offerless_call(self):
        page = await self.sign_in()
        call = await self.sim.ring(self.dn, offerless=True)
        await page.event("incomingcall")
        await page.request({"request": "accept"})
        await page.event("accepted")
        await self.both_ways(page, call)
        offer = [message for message in self.messages("SIP/2.0 200") if message.body][-1].body
        self.assertRegex(offer, r"m=audio \d+ RTP/AVP 0 8 101")

    async def test_three_party_make_call(self):
        # Offerless, talk at once, and the ACK when the far end has answered (flow 1).
        page = await self.sign_in()
        call = await self.sim.ring(self.dn, offerless=True, desktop_answer=True, ack_delay_ms=1200)
        await page.event("accepted")
        await self.both_ways(page, call)

    async def test_black_hole_then_media(self):
        # Flow 2: the ACK's SDP leads nowhere, a re-INVITE brings the far end.
        page = await self.sign_in()
        call = await self.sim.ring(self.dn, offerless=True, desktop_answer=True, ack_sdp="blackhole")
        await page.event("accepting")
        await asyncio.sleep(0.5)  # the stretch of silence that is being tested
        media = (await self.sim.call(call))["media"]
        self.assertEqual(media["packets_received"], 0, "audio was sent into the black hole")
        self.assertNotIn("accepted", page.seen(), "nobody is there yet")
        for sdp in ("none", "full"):
            await self.sim.post(f"/calls/{call}/reinvite", {"sdp": sdp})
            await self.both_ways(page, call)
        await page.event("accepted")
        self.assertNotIn("hangup", page.seen())

    async def test_echoed_offer_and_forbidden(self):
        page = await self.sign_in()
        call = await self.sim.ring(self.dn, offerless=True, desktop_answer=True, ack_sdp="echo")
        await page.event("accepting")
        await self.eventually(lambda: self.messages("ACK", direction="sent"), "the ACK")
        reason = 'SIP;cause=403;text="Forbidden"'
        await self.sim.hang_up(call, reason=reason)
        hung_up, _ = await page.event("hangup")
        self.assertEqual(hung_up["reason_header"], reason)
        self.assertEqual((hung_up["code"], hung_up["reason"]), (403, "403 Forbidden from 5551234"))
        self.assertNotIn("accepted", page.seen(), "it never was an answered call")

    async def test_reinvites_of_every_kind(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)
        for sdp in ("none", "full", "move", "none"):
            with self.subTest(sdp):
                await self.sim.post(f"/calls/{call}/reinvite", {"sdp": sdp})
                await self.sim.until(call, lambda c: c["notes"][-1]["text"] == "re-INVITE answered 200",
                                     "200 to the re-INVITE")
                page.ear.forget()
                await self.both_ways(page, call)
        self.assertEqual([event for event in page.seen() if event != "registered"], [],
                         "the browser hears of it")

    async def test_hold_and_retrieve(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)
        await self.sim.post(f"/calls/{call}/reinvite", {"sdp": "hold", "direction": "inactive"})
        await self.sim.until(call, lambda c: c["notes"][-1]["text"] == "re-INVITE answered 200",
                             "200 to the re-INVITE")
        answer = [message for message in self.messages("SIP/2.0 200") if message.body][-1]
        self.assertIn("a=inactive", answer.body)
        self.assertLess(await self.sim.packet_rate(call, 0.5), 5)
        await self.sim.post(f"/calls/{call}/reinvite", {"sdp": "none"})
        page.ear.forget()
        await self.both_ways(page, call)

    async def test_uuid_may_change(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        old = (await self.sim.call(call))["call_uuid"]
        await self.sim.post(f"/calls/{call}/reinvite", {"sdp": "full", "new_call_uuid": True})
        new = (await self.sim.call(call))["call_uuid"]
        self.assertNotEqual(old, new)

        async def told():
            answer, _ = await page.request({"request": "query"})
            return answer["calls"][0]["uuid"] == new
        await self.eventually(told, "the new UUID in the call list")

    async def test_unknown_events_do_no_harm(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        for event in ("beep", "hold-my-beer"):
            answer = await self.sim.post(f"/calls/{call}/notify", {"event": event})
            self.assertEqual(answer["status"], 200)
        await self.both_ways(page, call)
