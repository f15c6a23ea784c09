"""Requests that are too long for a datagram go by TCP, if SIP Server takes them there."""

from sip_peer import SipPeer, sdp
from stack_case import StackCase
from stream_peer import StreamPeer

LONG = "x" * 200  # of a header; eight of them


class Large(StackCase):
    only = ("janus",)
    settings = {"register_when": "on_sign_in"}
    options = {"sip_server": "  large_by_tcp = true\n  udp_mtu = 1400\n"}

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.ports = self.stack.settings.ports
        self.udp = await SipPeer(self.ports.sim_sip, self.ports.sip).open()
        self.addCleanup(self.udp.close)

    async def listen_by_tcp(self):
        peer = await StreamPeer(self.ports.sim_sip, self.ports.sip).open()
        peer.contact = self.udp.contact  # what is short may come by UDP
        self.addAsyncCleanup(peer.leave)
        return peer

    async def dial(self, page, long):
        headers = {f"X-Demo-{number}": LONG for number in range(8)} if long else {}
        await page.request({"request": "call", "uri": "5551234", "headers": headers})

    async def finish(self, page, dialog):
        await page.event("accepted")
        await dialog.receive("ACK")
        await page.request({"request": "hangup"})
        dialog.peer.answer(await dialog.receive("BYE"), 200)
        await page.event("hangup")

    async def test_a_long_invite_goes_by_tcp_and_a_short_one_by_udp(self):
        tcp = await self.listen_by_tcp()
        page = await self.sign_in()
        await self.dial(page, long=True)
        invite = await tcp.receive("INVITE")
        self.assertIn("SIP/2.0/TCP", invite["Via"])
        self.assertEqual(invite["X-Demo-7"], LONG)
        dialog = tcp.accepted(invite, sdp(26000))
        await page.event("accepted")
        # What follows is short.
        await self.udp.receive("ACK", call_id=dialog.call_id)
        await page.request({"request": "hangup"})
        self.udp.answer(await self.udp.receive("BYE", call_id=dialog.call_id), 200)
        await page.event("hangup")
        await self.dial(page, long=False)
        invite = await self.udp.receive("INVITE")
        self.assertIn("SIP/2.0/UDP", invite["Via"])
        await self.finish(page, self.udp.accepted(invite, sdp(26000)))

    async def test_a_long_info_goes_by_tcp(self):
        tcp = await self.listen_by_tcp()
        page = await self.sign_in()
        await self.dial(page, long=False)
        dialog = self.udp.accepted(await self.udp.receive("INVITE"), sdp(26000))
        await page.event("accepted")
        await page.request({"request": "info", "type": "application/x-www-form-urlencoded", "content": "a=" + "b" * 1800})
        info = await tcp.receive("INFO", call_id=dialog.call_id)
        self.assertEqual(len(info.body), 1802)
        tcp.answer(info, 200)
        await page.request({"request": "hangup"})
        self.udp.answer(await dialog.receive("BYE"), 200)
        await page.event("hangup")

    async def test_without_a_listener_it_goes_by_udp(self):
        page = await self.sign_in()
        await self.dial(page, long=True)
        invite = await self.udp.receive("INVITE")
        self.assertEqual(invite["X-Demo-7"], LONG)
        self.assertIn("SIP/2.0/UDP", invite["Via"])
        await self.finish(page, self.udp.accepted(invite, sdp(26000)))

    async def test_long_requests_come_by_tcp(self):
        page = await self.sign_in()
        tcp = await self.listen_by_tcp()
        await tcp.connect()
        dialog = tcp.dialog(self.dn)
        dialog.send("INVITE", sdp(26000), **{f"X-Genesys-{number}": LONG for number in range(8)})
        incoming, _ = await page.event("incomingcall")
        self.assertEqual(incoming["headers"]["X-Genesys-7"], LONG)
        await dialog.receive(180)
        await page.request({"request": "decline"})
        refusal = await dialog.receive(486)
        self.assertEqual(refusal.status, 486)
