"""The page may come and go; the customer's call stays."""

import asyncio
import time

from stack_case import StackCase


class Resume(StackCase):
    options = {"agent": "  resume_window_s = 5"}

    async def comfort_noise(self, call):
        """The far end gets 50 packets a second that are no tone, and no silence of the wire."""
        await self.sim.until(call, lambda c: c["media"]["frequency_hz"] is None
                             and c["media"]["level_dbfs"] < -40, "comfort noise")
        rate = await self.sim.packet_rate(call)
        self.assertTrue(45 <= rate <= 55, f"{rate} packets a second")
        media = (await self.sim.call(call))["media"]
        self.assertGreater(media["level_dbfs"], -90, "digital silence is no comfort")

    async def comes_back(self, call, call_id):
        """A new page of the same subject has the call in `registered`, and both hear each other."""
        page = await self.sign_in(frequency=900)
        calls = page.signed_in["calls"]
        self.assertEqual([(c["call_id"], c["state"], c["direction"]) for c in calls],
                         [(call_id, "established", "in")])
        self.assertGreater(calls[0]["answered"], 0)
        self.assertEqual(calls[0]["sip_codec"], "PCMU/8000")
        media = await self.both_ways(page, call, near=900)
        self.assertEqual((media["ssrc_changes"], media["timestamp_jumps"]), (0, 0), media)
        self.assertLess(media["longest_gap_ms"], 300, media)
        return page

    async def in_call(self):
        page = await self.sign_in()
        call, call_id = await self.answered_call(page)
        await self.both_ways(page, call)
        return page, call, call_id

    async def test_handle_destroyed(self):
        page, call, call_id = await self.in_call()
        await page.detach()
        await self.comfort_noise(call)
        page = await self.comes_back(call, call_id)
        await asyncio.sleep(5)  # longer than the window, which must be closed
        await page.hears(440, -10)
        await page.request({"request": "hangup"})
        ended = await self.sim.state(call, "ended")
        self.assertEqual(ended["ended"]["by"], "phone")

    async def test_web_socket_cut(self):
        page, call, call_id = await self.in_call()
        await page.cut_web_socket()
        await self.sim.hears(call, 700, -13)  # the PeerConnection needs no WebSocket
        await self.comes_back(call, call_id)

    async def test_web_socket_and_peer_connection_cut(self):
        """A laptop's lid: nothing more comes, and nobody says good-bye."""
        page, call, call_id = await self.in_call()
        page.cut_ice()
        await page.cut_web_socket()
        await self.comfort_noise(call)
        await self.comes_back(call, call_id)

    async def test_peer_connection_closed(self):
        page, call, call_id = await self.in_call()
        await page.drop_peer_connection()
        await self.comfort_noise(call)
        updated, jsep = await page.request({"request": "update"}, await page.offer())
        self.assertEqual(updated["calls"], [call_id])
        await page.take_answer(jsep)
        await self.both_ways(page, call)

    async def test_taken_over_in_mid_call(self):
        page, call, call_id = await self.in_call()
        await self.comes_back(call, call_id)
        await page.event("taken_over")

    async def test_same_page_claims_its_session(self):
        page, call, _ = await self.in_call()
        await page.cut_web_socket()
        again = await self.open_page()
        answer = await again.claim(page)
        self.assertEqual(answer["janus"], "success", answer)
        result, _ = await again.request({"request": "query"})
        self.assertEqual(result["calls"][0]["state"], "established")
        await self.both_ways(page, call)  # the PeerConnection was never hurt

    async def test_what_happened_meanwhile(self):
        """A page that takes its session up again asks how things are: nothing old is told afterwards, and what is
        new once and in order."""
        page, call, call_id = await self.in_call()
        await page.cut_web_socket()
        self.assertEqual((await self.sim.post(f"/calls/{call}/notify", {"event": "hold"}))["status"], 200)
        missed = await self.sim.ring(self.dn)
        await self.sim.state(missed, "ringing")
        await self.sim.hang_up(missed)
        await self.sim.state(missed, "ended")
        again = await self.open_page()
        await again.claim(page)
        result, _ = await again.request({"request": "query"})
        self.assertEqual([(one["call_id"], one["hold"]) for one in result["calls"]], [(call_id, "local")])
        self.assertEqual((await self.sim.post(f"/calls/{call}/notify", {"event": "talk"}))["status"], 200)
        await again.event("call_changed", call_id=call_id)
        ringing = await self.sim.ring(self.dn)
        incoming, _ = await again.event("incomingcall")
        await self.sim.hang_up(ringing)
        await again.event("hangup", call_id=incoming["call_id"])
        await again.request({"request": "query"})
        self.assertEqual([name for name in again.seen() if name in ("incomingcall", "hangup", "registered")], [])
        page.ear.forget()
        await self.both_ways(page, call)

    async def test_after_the_window_a_clean_bye(self):
        page, call, _ = await self.in_call()
        begun = time.monotonic()
        await page.detach()
        ended = await self.sim.state(call, "ended", seconds=8)
        self.assertAlmostEqual(time.monotonic() - begun, 5, delta=1)
        self.assertEqual(ended["ended"]["by"], "phone")
        self.assertEqual(len(self.messages("BYE")), 1)
        self.assertIsNotNone(await self.binding())  # registered with `always`: the DN stays
        page = await self.sign_in()
        self.assertEqual(page.signed_in["calls"], [])
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)

    async def test_audio_gone_too_long(self):
        page, call, call_id = await self.in_call()
        await page.drop_peer_connection()
        hung_up, _ = await page.event("hangup", call_id=call_id, timeout=8)
        self.assertEqual(hung_up["code"], 480)
        await self.sim.state(call, "ended")

    async def test_ringing_call_survives_a_reload(self):
        page = await self.sign_in()
        call = await self.sim.ring(self.dn)
        incoming, _ = await page.event("incomingcall")
        await page.detach()
        await page.drop_peer_connection()
        page = await self.sign_in()
        self.assertEqual([(c["call_id"], c["state"]) for c in page.signed_in["calls"]],
                         [(incoming["call_id"], "ringing")])
        self.assertEqual((await self.sim.call(call))["state"], "ringing")
        await page.request({"request": "accept", "call_id": incoming["call_id"]})
        await page.event("accepted")
        await self.both_ways(page, call)

    async def test_outgoing_call_survives_a_reload(self):
        page = await self.sign_in()
        await page.request({"request": "call", "uri": "9014*2"})
        await page.event("ringing")
        await page.detach()
        page = await self.sign_in()
        self.assertEqual([c["direction"] for c in page.signed_in["calls"]], ["out"])
        call = await self.sim.call_of(self.dn, "9014*2")
        await self.sim.state(call, "answered")
        await self.both_ways(page, call)

    async def test_far_end_goes_meanwhile(self):
        page, call, _ = await self.in_call()
        await page.detach()
        await self.sim.hang_up(call)
        await self.sim.state(call, "ended")
        page = await self.sign_in(audio=False)
        self.assertEqual(page.signed_in["calls"], [])

    async def test_media_moved_meanwhile(self):
        page, call, call_id = await self.in_call()
        await page.detach()
        await self.sim.post(f"/calls/{call}/reinvite", {"sdp": "move"})
        await self.comfort_noise(call)
        page = await self.sign_in()
        self.assertEqual(page.signed_in["calls"][0]["call_id"], call_id)
        await self.both_ways(page, call)
