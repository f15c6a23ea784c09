"""A client written for janus.plugin.sip, with the package name changed and nothing else: the requests,
fields and order of Janus's own SIP demo, one PeerConnection for each call."""

import asyncio

from sip_peer import sdp
from stack_case import StackCase
from test_transfer import PeerCase  # no test in it


class StockClient:
    """What that client sends and reads. It knows no call_id but the one that events carry."""

    def __init__(self, page):
        self.page = page
        self.call_id = None

    async def register(self, dn, secret):
        answer, _ = await self.page.request({
            "request": "register", "username": f"sip:{dn}@pbx.example.com", "authuser": dn,
            "display_name": "A stock client", "secret": secret, "proxy": "sip:pbx.example.com:5060"})
        self.ignored = answer["ignored"]
        if answer["event"] == "registering":
            answer, _ = await self.page.event("registered")
        return answer

    async def call(self, uri, **fields):
        body = {"request": "call", "uri": uri, "autoaccept_reinvites": False, **fields}
        calling, _ = await self.page.request(body, await self.page.offer())
        assert calling["event"] == "calling", calling
        self.call_id = calling["call_id"]

    async def incoming(self):
        incoming, jsep = await self.page.event("incomingcall")
        self.call_id, self.jsep = incoming["call_id"], jsep
        return incoming

    async def answer(self):
        body = {"request": "accept", "autoaccept_reinvites": False}
        await self.page.request(body, await self.page.answer(self.jsep))
        await self.page.connected()
        await self.page.event("accepted")

    async def send(self, request, **fields):
        answer, _ = await self.page.request({"request": request, **fields})
        return answer["event"]

    async def hang_up(self):
        assert await self.send("hangup") == "hangingup"
        return (await self.page.event("hangup"))[0]


class SignInAndCalls(StackCase):
    async def client(self):
        page = await self.open_page()
        client = StockClient(page)
        self.registered = await client.register(self.dn, self.password)
        return page, client

    async def test_registers_and_is_told_what_was_ignored(self):
        page, client = await self.client()
        self.assertEqual((self.registered["event"], self.registered["register_sent"]), ("registered", True))
        self.assertEqual(sorted(client.ignored), ["authuser", "display_name", "proxy", "username.host"])
        self.assertEqual(await client.send("unregister"), "unregistering")
        gone, _ = await page.event("unregistered")
        self.assertEqual(gone["username"], self.dn)
        self.assertIn("registered", (await client.register(self.dn, self.password))["event"])

    async def test_calls_and_hangs_up(self):
        page, client = await self.client()
        await client.call("sip:9004@pbx.example.com")
        _, jsep = await page.event("accepted", call_id=client.call_id)
        await page.take_answer(jsep)
        await self.both_ways(page, await self.sim.call_of(self.dn, "9004"))
        self.assertEqual((await client.hang_up())["code"], 200)

    async def test_is_called(self):
        page, client = await self.client()
        call = await self.sim.ring(self.dn)
        incoming = await client.incoming()
        self.assertTrue(incoming["username"].startswith("sip:5551234@"), incoming)
        self.assertEqual(client.jsep["type"], "offer")
        await client.answer()
        await self.both_ways(page, call)
        await self.sim.hang_up(call)
        hung_up, _ = await page.event("hangup", call_id=client.call_id)
        self.assertEqual(hung_up["code"], 200)

    async def test_declines(self):
        page, client = await self.client()
        call = await self.sim.ring(self.dn)
        await client.incoming()
        self.assertEqual(await client.send("decline", code=480), "declining")
        await page.event("hangup")
        self.assertEqual((await self.sim.state(call, "ended"))["ended"]["status"], 480)

    async def test_holds_and_presses_keys(self):
        page, client = await self.client()
        call = await self.sim.ring(self.dn)
        await client.incoming()
        await client.answer()
        self.assertEqual(await client.send("dtmf_info", digit="5"), "dtmfsent")
        self.assertEqual(await client.send("hold", direction="sendonly"), "holding")
        while (await page.event("call_changed"))[0]["call"]["hold"] != "local":
            pass
        self.assertEqual(await client.send("unhold"), "resuming")
        await self.both_ways(page, call)
        await client.hang_up()

    async def test_a_helper_takes_a_further_call(self):
        """Two calls on two PeerConnections at once; who hangs up ends that one alone."""
        page, client = await self.client()
        call = await self.sim.ring(self.dn)
        await client.incoming()
        await client.answer()
        second = await self.open_page(frequency=900)
        helper = StockClient(second)
        answer, _ = await second.request({"request": "register", "type": "helper", "username": f"sip:{self.dn}@pbx",
                                          "master_id": self.registered["master_id"]})
        self.assertEqual((answer["event"], answer["helper"], answer["register_sent"]), ("registered", True, False))
        further = await self.sim.ring(self.dn, play="tone:880:-10")
        await helper.incoming()
        await helper.answer()
        await self.both_ways(page, call)
        await self.both_ways(second, further, far=880, near=900)
        await client.hang_up()
        await self.both_ways(second, further, far=880, near=900)
        await helper.hang_up()
        self.assertEqual(await helper.send("unregister"), "unregistering")

    async def test_a_stranger_is_no_helper(self):
        await self.client()
        page = await self.open_page()
        with self.assertRefused(460, "bad_credential", "master_id"):
            await page.request({"request": "register", "type": "helper", "username": self.dn,
                                "master_id": self.registered["master_id"] ^ 1 or 2})

    async def test_errors_have_its_fields(self):
        page, client = await self.client()
        with self.assertRefused(447, "wrong_state"):
            await client.send("hangup")
        with self.assertRefused(442, "unknown_request", "request"):
            await client.send("reset")


class TextsAndTransfers(PeerCase):
    async def client(self):
        page = await self.open_page()
        client = StockClient(page)
        await client.register(self.dn, self.password)
        dialog = self.peer.dialog(self.dn)
        cseq = dialog.send("INVITE", sdp(26000), Referred_By="<sip:7002@127.0.0.1>")
        incoming = await client.incoming()
        self.assertEqual(incoming["referred_by"], "<sip:7002@127.0.0.1>")
        answering = asyncio.ensure_future(client.answer())
        dialog.theirs = (await dialog.receive(200, method="INVITE"))["To"]
        dialog.send("ACK", cseq=cseq)
        await answering
        return page, client, dialog

    async def test_message_and_info(self):
        page, client, dialog = await self.client()
        self.assertEqual(await client.send("message", content="hello"), "messagesent")
        self.peer.answer(await dialog.receive("MESSAGE"), 200)
        delivered, _ = await page.event("messagedelivery")
        self.assertEqual(delivered["code"], 200)
        self.assertEqual(await client.send("info", type="application/xml", content="<a/>"), "infosent")
        self.peer.answer(await dialog.receive("INFO"), 200)
        dialog.send("MESSAGE", "hello yourself", "text/plain")
        told, _ = await page.event("message")
        self.assertEqual((told["sender"].partition("@")[0], told["content"]), ("sip:5551234", "hello yourself"))

    async def test_blind_transfer(self):
        page, client, dialog = await self.client()
        self.assertEqual(await client.send("transfer", uri="sip:5559999@pbx.example.com"), "transferring")
        refer = await dialog.receive("REFER")
        self.peer.answer(refer, 202)
        self.sipfrag(dialog, refer, "200 OK", True)
        notify, _ = await page.event("notify")
        self.assertEqual((notify["notify"], notify["substate"]), ("refer", "terminated"))
        self.peer.answer(await dialog.receive("BYE"), 200)
        await page.event("hangup")
