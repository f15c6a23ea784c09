"""Session timers (RFC 4028) in both roles, UPDATE (RFC 3311) and reliable provisional responses (RFC 3262),
seen on the wire by a peer of our own."""

import re

from sip_peer import sdp
from test_transfer import PeerCase

ALLOW = "INVITE, ACK, BYE, CANCEL, NOTIFY"
TIMER = {"Supported": "timer"}


def seconds(message):
    return int(message["Session-Expires"].partition(";")[0])


class SessionTimers(PeerCase):
    options = {"sip_server": "  session_min_s = 2\n  session_expires_s = 5"}

    async def test_refreshes_by_update(self):
        page = await self.sign_in()
        dialog, _ = await self.answered(page, Session_Expires="4;refresher=uas", Allow=ALLOW + ", UPDATE", **TIMER)
        for _ in range(2):
            update = await dialog.receive("UPDATE", seconds=4)
            self.assertEqual((update.body, seconds(update)), ("", 5))  # what we ask for
            self.peer.answer(update, 200, Session_Expires="4;refresher=uac", Require="timer")
        self.assertEqual([event for event in page.seen() if event not in ("registered", "audio")], [])

    async def test_refreshes_by_reinvite_where_update_is_unknown(self):
        page = await self.sign_in()
        dialog, call_id = await self.answered(page, Session_Expires="4;refresher=uas", Allow=ALLOW, **TIMER)
        await page.request({"request": "hold", "call_id": call_id})
        held = await self.agree_to_reinvite(dialog, "recvonly")
        await self.changed(page, hold="local", heard=False)
        for _ in range(2):
            again = await dialog.receive("INVITE", seconds=4)
            self.assertIn("a=sendonly", again.body)
            self.assertEqual(origin(again), origin(held), "a refresh is no new description")
            self.peer.answer(again, 200, sdp(26000, "recvonly"), Session_Expires="4;refresher=uac", Require="timer")
            await dialog.receive("ACK")
        self.assertEqual([event for event in page.seen() if event not in ("registered", "audio")], [])

    async def test_a_session_that_is_not_refreshed_is_ended(self):
        page = await self.sign_in()
        dialog, _ = await self.answered(page, Session_Expires="3;refresher=uac", Allow=ALLOW, **TIMER)
        bye = await dialog.receive("BYE")
        self.assertIn("Session timeout", bye["Reason"])
        self.peer.answer(bye, 200)
        await page.event("hangup")

    async def test_a_refresh_of_the_far_end_keeps_the_session(self):
        page = await self.sign_in()
        dialog, _ = await self.answered(page, Session_Expires="3;refresher=uac", Allow=ALLOW, **TIMER)
        for method in ("UPDATE", "INVITE", "UPDATE"):
            with self.assertRaises(AssertionError):
                await dialog.receive("BYE", seconds=1.8)
            body = sdp(26000) if method == "INVITE" else ""
            cseq = dialog.send(method, body, Session_Expires="3;refresher=uac", **TIMER)
            answer = await dialog.receive(200, method=method)
            self.assertEqual((seconds(answer), answer["Session-Expires"].partition(";")[2]), (3, "refresher=uac"))
            if method == "INVITE":
                dialog.send("ACK", cseq=cseq)

    async def test_too_short_an_interval_is_refused(self):
        await self.sign_in()
        dialog = self.peer.dialog(self.dn)
        cseq = dialog.send("INVITE", sdp(26000), Session_Expires="1", **TIMER)
        refusal = await dialog.receive(422)
        self.assertGreaterEqual(int(refusal["Min-SE"]), 2)
        dialog.theirs = refusal["To"]
        dialog.send("ACK", cseq=cseq)

    async def test_our_own_call_asks_and_heeds_422(self):
        page = await self.sign_in()
        await page.request({"request": "call", "uri": "5551234"})
        invite = await self.peer.receive("INVITE")
        self.assertEqual(seconds(invite), 5)
        self.assertIn("timer", invite["Supported"])
        self.peer.answer(invite, 422, Min_SE="7")
        await self.peer.receive("ACK", call_id=invite.call_id)
        again = await self.peer.receive("INVITE", call_id=invite.call_id)
        self.assertEqual((seconds(again), again["Min-SE"]), (7, "7"))
        dialog = self.accepted_with(again, "7;refresher=uac")
        await dialog.receive("ACK")
        await page.event("accepted")
        self.peer.answer(await dialog.receive("UPDATE", seconds=5), 200, Session_Expires="7;refresher=uac")

    def accepted_with(self, invite, session_expires):
        return self.peer.accepted(invite, sdp(26000), Session_Expires=session_expires, Require="timer",
                                  Allow=ALLOW + ", UPDATE")


class Reliability(PeerCase):
    async def test_the_caller_requires_reliable_ringing(self):
        page = await self.sign_in()
        dialog = self.peer.dialog(self.dn)
        cseq = dialog.send("INVITE", sdp(26000), Require="100rel")
        ringing = await dialog.receive(180)
        self.assertEqual((ringing["Require"], ringing.body), ("100rel", ""))
        await self.acknowledge(dialog, ringing, cseq)
        await page.event("incomingcall")
        await page.request({"request": "accept"})
        answer = await dialog.receive(200, method="INVITE")
        self.assertIn("m=audio", answer.body)
        dialog.send("ACK", cseq=cseq)
        await page.event("accepted")

    async def test_an_offer_in_reliable_ringing(self):
        page = await self.sign_in()
        dialog = self.peer.dialog(self.dn)
        cseq = dialog.send("INVITE", Require="100rel")
        ringing = await dialog.receive(180)
        self.assertRegex(ringing.body, r"m=audio \d+ RTP/AVP 0 8 101")
        await self.acknowledge(dialog, ringing, cseq, sdp(26000))
        await page.event("incomingcall")
        await page.request({"request": "accept"})
        answer = await dialog.receive(200, method="INVITE")
        self.assertEqual(answer.body, "")
        dialog.send("ACK", cseq=cseq)
        await page.event("accepted")

    async def test_the_caller_merely_supports_it(self):
        """Ringing stays as it is; early media is worth a PRACK."""
        page = await self.sign_in()
        dialog = self.peer.dialog(self.dn)
        cseq = dialog.send("INVITE", sdp(26000), Supported="100rel")
        ringing = await dialog.receive(180)
        self.assertEqual(ringing["RSeq"], "")
        incoming, _ = await page.event("incomingcall")
        await page.request({"request": "progress", "call_id": incoming["call_id"]})
        progress = await dialog.receive(183)
        self.assertEqual(progress["Require"], "100rel")
        self.assertIn("m=audio", progress.body)
        again = await dialog.receive(183)  # repeated until PRACK comes
        self.assertEqual(again["RSeq"], progress["RSeq"])
        await self.acknowledge(dialog, progress, cseq)
        await page.request({"request": "accept", "call_id": incoming["call_id"]})
        await dialog.receive(200, method="INVITE")
        dialog.send("ACK", cseq=cseq)
        await page.event("accepted")

    async def test_an_answer_in_a_reliable_183_and_an_update_after_it(self):
        page = await self.sign_in()
        answer, _ = await page.request({"request": "call", "uri": "5551234"})
        invite = await self.peer.receive("INVITE")
        self.assertIn("100rel", invite["Supported"])
        dialog = self.peer.progressing(invite, sdp(26000), Require="100rel", RSeq="17")
        prack = await dialog.receive("PRACK")
        self.assertEqual(prack["RAck"], f"17 {invite['CSeq']}")
        self.peer.answer(prack, 200)
        await page.event("progress", call_id=answer["call_id"])
        dialog.send("UPDATE", sdp(26010, version=2))
        self.assertIn("m=audio", (await dialog.receive(200, method="UPDATE")).body)
        self.peer.answer(invite, 200, to=dialog.ours)  # without SDP: all has been said
        await dialog.receive("ACK")
        await page.event("accepted", call_id=answer["call_id"])

    async def test_update_meets_our_offer(self):
        page = await self.sign_in()
        dialog, call_id = await self.answered(page)
        await page.request({"request": "hold", "call_id": call_id})
        ours = await dialog.receive("INVITE")
        dialog.send("UPDATE", sdp(26002, version=2))
        await dialog.receive(491, method="UPDATE")  # RFC 3311 section 5.2
        self.peer.answer(ours, 200, sdp(26000, "recvonly"))
        await dialog.receive("ACK")
        await self.changed(page, hold="local")
        dialog.send("UPDATE", sdp(26002, version=2))
        self.assertIn("a=sendonly", (await dialog.receive(200, method="UPDATE")).body)

    async def test_update_before_the_answer(self):
        page = await self.sign_in()
        dialog = self.peer.dialog(self.dn)
        cseq = dialog.send("INVITE", sdp(26000))
        dialog.theirs = (await dialog.receive(180))["To"]
        dialog.send("UPDATE", sdp(26002, version=2))
        refusal = await dialog.receive(500, method="UPDATE")
        self.assertLessEqual(int(refusal["Retry-After"]), 10)
        await page.event("incomingcall")
        await page.request({"request": "accept"})
        await dialog.receive(200, method="INVITE")
        dialog.send("ACK", cseq=cseq)
        await page.event("accepted")

    async def acknowledge(self, dialog, response, cseq, body=""):
        dialog.theirs = response["To"]
        dialog.send("PRACK", body, RAck=f"{response['RSeq']} {cseq} INVITE")
        await dialog.receive(200, method="PRACK")


def origin(message):
    return re.search(r"(?m)^o=(.*)$", message.body)[1].strip()
