"""A configured peer that is not the far end of a call, and what it sends into it: the right Call-ID with tags
that it has to guess. The call goes on."""

import asyncio

from inside_case import FAR, INJECTED, InsideCase, RtpParty, sdp

OTHER_PEER = "127.0.0.2"
REQUESTS = ("BYE", "INVITE", "UPDATE", "INFO", "NOTIFY", "REFER", "MESSAGE", "CANCEL", "PRACK")


class Forged(InsideCase):
    options = {"sip_server": f'  trusted_peers = ["{OTHER_PEER}"]'}

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.forger = await self.peer_at(OTHER_PEER)

    def pretending(self, peer, dialog, ours, theirs):
        """A dialog of the same Call-ID, as `peer` guesses it."""
        forged = peer.dialog(self.dn)
        forged.call_id, forged.cseq = dialog.call_id, 100
        forged.ours = dialog.ours.partition(";tag=")[0] + ours
        forged.theirs = f"sip:{self.dn}@127.0.0.1{theirs}"
        return forged

    async def refused(self, forged, body):
        for method in REQUESTS:
            cseq = forged.send(method, body if method in ("INVITE", "UPDATE") else "",
                               **({"Event": "talk", "Subscription_State": "active"} if method == "NOTIFY" else {}),
                               **({"Refer_To": "<sip:0900@127.0.0.1>"} if method == "REFER" else {}),
                               **({"RAck": "1 1 INVITE"} if method == "PRACK" else {}))
            answer = await forged.receive("final", method=method)
            self.assertIn(answer.status, (400, 405, 481), f"{method}: {answer.start}")
            if method == "INVITE":
                forged.send("ACK", cseq=cseq)

    async def test_guessed_tags(self):
        page = await self.sign_in()
        dialog, party = await self.call_with_audio(page)
        right_ours, right_theirs = (";tag=" + text.partition(";tag=")[2] for text in (dialog.ours, dialog.theirs))
        page.forget_events()
        thief = await RtpParty(INJECTED).open(self)
        for peer in (self.peer, self.forger):
            for ours, theirs in ((right_ours, ";tag=guessed"), (";tag=guessed", right_theirs),
                                 (";tag=guessed", ";tag=guessed")):
                with self.subTest(peer=peer.host, ours=ours, theirs=theirs):
                    await self.refused(self.pretending(peer, dialog, ours, theirs), sdp(thief.port, version=9))
        await self.talks(page, party)
        self.assertIsNone(thief.remote, "audio went to the forger")
        self.assertEqual([event for event in page.seen() if event not in ("registered", "audio")], [])
        dialog.send("BYE")  # the call's own is heeded
        await dialog.receive(200, method="BYE")
        await page.event("hangup")

    async def test_cseq_that_has_been(self):
        """A request of the dialog itself that is older than what has been seen (RFC 3261 section 12.2.2)."""
        page = await self.sign_in()
        dialog, party = await self.call_with_audio(page)
        dialog.cseq = 50
        dialog.send("INFO")
        await dialog.receive(200, method="INFO")
        for method in ("BYE", "INFO"):
            dialog.send(method, cseq=20)
            answer = await dialog.receive("final", method=method)
            self.assertEqual(answer.status, 500, answer.start)
        await self.talks(page, party)

    async def test_a_cancel_of_what_is_answered(self):
        page = await self.sign_in()
        dialog, party = await self.call_with_audio(page)
        dialog.send("CANCEL", cseq=1)
        answer = await dialog.receive("final", method="CANCEL")
        self.assertIn(answer.status, (200, 481), answer.start)
        await self.talks(page, party)

    async def test_answers_that_nobody_asked_for(self):
        """Responses with the call's identifiers and a branch that has to be guessed."""
        page = await self.sign_in()
        dialog, party = await self.call_with_audio(page)
        for status in (100, 183, 200, 302, 401, 407, 481, 500, 603):
            for method in ("INVITE", "BYE", "REGISTER", "OPTIONS"):
                self.forger.transmit([
                    f"SIP/2.0 {status} Forged", f"Via: SIP/2.0/UDP 127.0.0.1:{self.stack.settings.ports.sip};branch=z9hG4bKguess",
                    f"From: {dialog.theirs}", f"To: {dialog.ours}", f"Call-ID: {dialog.call_id}", f"CSeq: 1 {method}",
                    f"Contact: <sip:thief@{OTHER_PEER}>", 'WWW-Authenticate: Digest realm="x", nonce="y"'])
        await self.answers()
        await self.talks(page, party)
        self.assertEqual([one.start for one in self.forger.waiting if one.call_id == dialog.call_id], [])

    async def test_a_second_call_of_the_same_call_id(self):
        """Another caller who takes the Call-ID of a call has a call of its own at most: the first is untouched."""
        page = await self.sign_in()
        dialog, party = await self.call_with_audio(page)
        other = self.pretending(self.forger, dialog, ";tag=another", "")
        other.ours = f"sip:999@{self.forger.address};tag=another"
        cseq = other.send("INVITE", sdp(26100))
        incoming = await self.incoming_or_refused(page, other)
        if incoming:
            await page.request({"request": "decline", "call_id": incoming["call_id"]})
            answer = await other.receive("final", method="INVITE")
            other.theirs = answer["To"]
            other.send("ACK", cseq=cseq)
        await self.talks(page, party)

    async def incoming_or_refused(self, page, dialog):
        ringing = asyncio.ensure_future(page.event("incomingcall"))
        refused = asyncio.ensure_future(dialog.receive("final", method="INVITE"))
        done, waiting = await asyncio.wait((ringing, refused), return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        return (await ringing)[0] if ringing in done else None
