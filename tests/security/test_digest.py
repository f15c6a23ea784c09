"""A digest goes out for REGISTER and for the INVITE that begins a call, to the configured realm; whoever asks
for one elsewhere gets none, whatever it asks with."""

import hashlib
import re

from inside_case import FAR, STRANGER, InsideCase, RtpParty, sdp

REALM, USER, PASSWORD = "genesys", "digest-user", "sip-secret"
OTHER_PEER = "127.0.0.2"


def challenge(realm=REALM, header="WWW_Authenticate", nonce="n0"):
    return {header: f'Digest realm="{realm}", nonce="{nonce}", algorithm=MD5, qop="auth"'}


def md5(*parts):
    return hashlib.md5(":".join(parts).encode()).hexdigest()


def field(credentials, name):
    found = re.search(rf'{name}="?([^",]+)"?', credentials)
    return found[1] if found else ""


class Digest(InsideCase):
    entries = tuple(f'number = "{dn}"; auth_user = "{USER}"; password = "{PASSWORD}"' for dn in range(7000, 7010))
    options = {"sip_server": f'  realm = "{REALM}"\n  trusted_peers = ["{OTHER_PEER}"]'}
    dns = "7000-7029"

    async def dialled(self, page):
        """An INVITE of the gateway that has been challenged and answered."""
        await page.request({"request": "call", "uri": "5551234"})
        first = await self.peer.receive("INVITE")
        self.assertEqual((first["Authorization"], first["Proxy-Authorization"]), ("", ""))
        self.peer.answer(first, 407, **challenge(header="Proxy_Authenticate"))
        again = await self.peer.receive("INVITE", call_id=first.call_id)
        self.proven(again, again["Proxy-Authorization"])
        return again

    def proven(self, request, credentials):
        """The response is that of our password, for this method and this URI (RFC 2617 section 3.2.2)."""
        value = {name: field(credentials, name) for name in
                 ("username", "realm", "nonce", "uri", "response", "cnonce", "nc", "qop")}
        self.assertEqual((value["username"], value["realm"]), (USER, REALM), credentials)
        self.assertEqual(value["response"], md5(
            md5(USER, REALM, PASSWORD), value["nonce"], value["nc"], value["cnonce"], value["qop"],
            md5(request.method, value["uri"])))

    async def in_call(self):
        page = await self.sign_in()
        invite = await self.dialled(page)
        party = await RtpParty(FAR).open(self)
        dialog = self.peer.accepted(invite, sdp(party.port))
        await dialog.receive("ACK")
        await page.event("accepted")
        return page, dialog, party

    def assertNoDigest(self):  # noqa: N802: as unittest names its own
        """Nothing that has come and was not taken has credentials, but the ACK of the call's first INVITE, which
        repeats what that one has said (RFC 3261 section 22.1)."""
        for message in self.peer.waiting:
            credentials = message["Authorization"] + message["Proxy-Authorization"]
            if message.method != "ACK" or field(credentials, "nonce") != "n0":
                self.assertEqual(credentials, "", message.start)

    async def challenged(self, dialog, method):
        """It comes without credentials, and does not come again with any."""
        request = await dialog.receive(method)
        self.assertEqual(request["Authorization"] + request["Proxy-Authorization"], "")
        self.peer.answer(request, 401, to=request["To"], **challenge(nonce="fresh"))
        await self.answers()
        self.assertNoDigest()
        again = [one for one in self.peer.waiting
                 if one.method == method and not one.status and one["CSeq"] != request["CSeq"]]
        self.assertEqual([one.start for one in again], [])

    async def calls(self):
        """One that was challenged, and one that has come in."""
        page, dialog, party = await self.in_call()
        yield page, dialog, party
        await page.request({"request": "hangup"})
        bye = await dialog.receive("BYE")
        self.peer.answer(bye, 200, to=bye["To"])
        await page.event("hangup")
        dialog, party = await self.call_with_audio(page)
        yield page, dialog, party

    async def test_requests_inside_a_call(self):
        """Each fails, and the next one goes out."""
        async for page, dialog, party in self.calls():
            for request, method, event in (
                    ({"request": "info", "type": "text/plain", "content": "x"}, "INFO", None),
                    ({"request": "message", "content": "x"}, "MESSAGE", "messagedelivery"),
                    ({"request": "transfer", "uri": "5559999"}, "REFER", "transfer_progress"),
                    ({"request": "hold"}, "INVITE", "update_failed"),
                    ({"request": "hold"}, "INVITE", "update_failed")):
                with self.subTest(method):
                    await page.request(request)
                    await self.challenged(dialog, method)
                    if event:
                        self.assertEqual((await page.event(event))[0]["code"], 401)
            await self.talks(page, party)

    async def test_bye(self):
        """The call is over all the same."""
        page, dialog, _ = await self.in_call()
        for _ in ("outgoing", "incoming"):
            await page.request({"request": "hangup"})
            await self.challenged(dialog, "BYE")
            await page.event("hangup")
            dialog, _ = await self.call_with_audio(page)

    async def test_another_realm(self):
        page = await self.sign_in()
        await page.request({"request": "call", "uri": "5551234"})
        invite = await self.peer.receive("INVITE")
        self.peer.answer(invite, 401, **challenge("evil"))
        await page.event("hangup")
        await self.answers()
        self.assertNoDigest()

    async def test_a_second_challenge(self):
        """A server that asks again and again does not get one digest after the other."""
        page = await self.sign_in()
        again = await self.dialled(page)
        self.peer.answer(again, 407, **challenge(header="Proxy_Authenticate", nonce="another"))
        hung_up, _ = await page.event("hangup")
        self.assertEqual(hung_up["code"], 407)
        await self.answers()
        self.assertNoDigest()

    async def test_a_message_outside_of_calls(self):
        page = await self.sign_in()
        await page.request({"request": "message", "content": "x", "uri": "7002"})
        message = await self.peer.receive("MESSAGE")
        self.peer.answer(message, 401, **challenge())
        delivery, _ = await page.event("messagedelivery")
        self.assertEqual(delivery["code"], 401)
        await self.answers()
        self.assertNoDigest()

    async def test_a_challenge_of_a_stranger(self):
        """It knows the request, branch and all, and is not heard."""
        stranger = await self.peer_at(STRANGER)
        page = await self.sign_in()
        await page.request({"request": "call", "uri": "5551234"})
        invite = await self.peer.receive("INVITE")
        before = await self.dropped()
        stranger.answer(invite, 401, **challenge())

        async def counted():
            return await self.dropped() > before
        await self.eventually(counted, "a dropped packet")
        await self.answers()
        self.assertNoDigest()
        self.assertEqual(stranger.waiting, [])
        self.peer.answer(invite, 486)
        await page.event("hangup")
