"""Flows of SIP Server's dialect played by a peer that is not the stand-in: hold in all its forms, glare,
events without a subscription, another UUID, hundreds of media moves. What the wire says; tones are
measured elsewhere."""

from sip_peer import sdp
from test_transfer import PeerCase

UUID = "X-Genesys-CallUUID"


class Flows(PeerCase):
    async def test_every_hold_of_the_far_end(self):
        page = await self.sign_in()
        dialog, _ = await self.answered(page)
        forms = (("sendonly", sdp(26000, "sendonly"), "a=recvonly"), ("recvonly", sdp(26000, "recvonly"), "a=sendonly"),
                 ("inactive", sdp(26000, "inactive"), "a=inactive"),
                 ("0.0.0.0", sdp(26000).replace("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0"), "a=sendrecv"))
        for name, body, mirrored in forms:
            with self.subTest(name):
                answer = await dialog.invited(body)
                self.assertIn(mirrored, answer.body)
                await self.changed(page, hold="remote")
                cseq = dialog.send("INVITE")  # retrieve without SDP
                offer = await dialog.receive(200, method="INVITE")
                self.assertRegex(offer.body, r"m=audio \d+ RTP/AVP 0 8 101")
                self.assertIn("a=sendrecv", offer.body)
                dialog.send("ACK", sdp(26000), cseq=cseq)
                await self.changed(page, hold="none")

    async def test_events_without_a_subscription(self):
        page = await self.sign_in()
        dialog, _ = await self.answered(page)
        event = {"Event": "hold", "Subscription_State": "active"}
        dialog.send("NOTIFY", **event)
        await dialog.receive(200, method="NOTIFY")
        self.assertIn("a=sendonly", (await self.agree_to_reinvite(dialog, "recvonly")).body)
        await self.changed(page, hold="local")
        dialog.send("NOTIFY", **{**event, "Event": "talk"})
        await dialog.receive(200, method="NOTIFY")
        self.assertIn("a=sendrecv", (await self.agree_to_reinvite(dialog, "sendrecv")).body)
        await self.changed(page, hold="none")
        dialog.send("NOTIFY", **{**event, "Event": "beep"})
        await dialog.receive(200, method="NOTIFY")
        # Another dialog's tags: nobody may hold or answer our calls from outside.
        stranger = self.peer.dialog(self.dn)
        stranger.call_id, stranger.theirs = dialog.call_id, dialog.theirs
        stranger.send("NOTIFY", **event)
        await stranger.receive(481, method="NOTIFY")

    async def test_glare(self):
        page = await self.sign_in()
        dialog, call_id = await self.answered(page)
        await page.request({"request": "hold", "call_id": call_id})
        ours = await dialog.receive("INVITE")
        cseq = dialog.send("INVITE", sdp(26000))  # ours is open: 491 (RFC 3261 section 14.2)
        await dialog.receive(491, method="INVITE")
        dialog.send("ACK", cseq=cseq)
        self.peer.answer(ours, 491)
        await dialog.receive("ACK")
        again = await self.agree_to_reinvite(dialog, "recvonly")  # within 2 s: the Call-ID is not ours
        self.assertIn("a=sendonly", again.body)
        await self.changed(page, hold="local")

    async def test_a_refused_hold_is_told(self):
        page = await self.sign_in()
        dialog, call_id = await self.answered(page)
        await page.request({"request": "hold", "call_id": call_id})
        self.peer.answer(await dialog.receive("INVITE"), 488)
        failed, _ = await page.event("update_failed")
        self.assertEqual((failed["request"], failed["code"]), ("hold", 488))
        await self.changed(page, hold="none", heard=True)

    async def test_another_uuid_retrieves_a_held_call(self):
        page = await self.sign_in()
        dialog, call_id = await self.answered(page, **{UUID: "A" * 32})
        await page.request({"request": "hold", "call_id": call_id})
        await self.agree_to_reinvite(dialog, "recvonly")
        await self.changed(page, hold="local")
        answer = await dialog.invited(sdp(26002), **{UUID: "A" * 32})
        self.assertIn("a=sendonly", answer.body)  # the media moved, no more
        answer = await dialog.invited(sdp(26004), **{UUID: "B" * 32})
        self.assertIn("a=sendrecv", answer.body)
        await self.changed(page, hold="none", uuid="B" * 32, heard=True)

    async def test_nailed_up_for_five_hundred_moves(self):
        page = await self.sign_in()
        dialog, _ = await self.answered(page)
        port = None
        for move in range(500):
            answer = await dialog.invited(sdp(26000 + 2 * (move % 100), version=move + 2))
            media = answer.body.partition("m=audio ")[2].split()[0]
            self.assertIn(port, (None, media), "our port moved")
            port = media
        self.assertEqual([event for event in page.seen() if event not in ("registered", "audio")], [])
        answer, _ = await page.request({"request": "query"})
        self.assertEqual([call["state"] for call in answer["calls"]], ["established"])

    async def test_a_lost_180_does_not_end_the_call(self):
        """A 100 says that SIP Server is there; the gateway waits on for as long as it may ring."""
        page = await self.sign_in()
        answer, _ = await page.request({"request": "call", "uri": "5551234"})
        invite = await self.peer.receive("INVITE")
        self.peer.answer(invite, 100)
        with self.assertRaises(AssertionError):  # transaction_timeout_ms is 4000
            await page.event("hangup", 4.5)
        dialog = self.peer.accepted(invite, sdp(26000))
        await dialog.receive("ACK")
        await page.event("accepted", call_id=answer["call_id"])

    async def test_503_with_retry_after(self):
        """A call is over at once; a registration is tried when the server has said, and the page knows."""
        page = await self.sign_in()
        await page.request({"request": "call", "uri": "5551234"})
        invite = await self.peer.receive("INVITE")
        self.peer.answer(invite, 503, Retry_After="2")
        ended, _ = await page.event("hangup", 1.5)
        self.assertEqual(ended["code"], 503)
        took = self.peer.receive_message
        self.peer.receive_message = lambda message: (
            self.peer.answer(message, 503, Retry_After="2") if message.method == "REGISTER" else took(message))
        other = await self.open_page()
        await other.request({"request": "register", "username": next(self.free_dns), "secret": self.password})
        failed, _ = await other.event("registration_failed", 1.5)
        self.assertEqual(failed["code"], 503)
        self.assertGreaterEqual(failed["retry_in"], 2000)
        self.peer.receive_message = took
        await other.event("registered")
