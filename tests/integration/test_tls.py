"""TLS between the gateway and SIP Server: who may be SIP Server, who may connect, and what is said when
a certificate is wrong."""

import asyncio
import contextlib
import pathlib
import re
import socket
import ssl
import tempfile

from sip_peer import sdp
from stack_case import StackCase
from stream_peer import Authority, StreamPeer, server_context

NAME = "sip.test"


class Tls(StackCase):
    only = ("janus",)
    settings = {"register_when": "on_sign_in", "sip_transport": "tls"}

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="genesys-tls.")
        cls.addClassCleanup(folder.cleanup)
        cls.authority = Authority(pathlib.Path(folder.name) / "ca")
        cls.stranger = Authority(pathlib.Path(folder.name) / "other", "Another CA")
        certificate, key = cls.authority.sign("gateway", "gateway.test")
        key.chmod(0o600)
        cls.options = {"sip_server": f'  tls_ca_file = "{cls.authority.certificate}"\n'
                                     f'  tls_certificate_file = "{certificate}"\n'
                                     f'  tls_key_file = "{key}"\n'
                                     f'  tls_server_name = "{NAME}"\n'}
        super().setUpClass()

    async def server(self, certificate, key):
        """SIP Server with a certificate."""
        ports = self.stack.settings.ports
        peer = await StreamPeer(ports.sim_sip, ports.sip, server_context(certificate, key)).open()
        self.addAsyncCleanup(peer.leave)
        return peer

    def as_client(self):
        """What SIP Server knows of the gateway when it connects: its CA and its name."""
        return ssl.create_default_context(cafile=self.authority.certificate)

    async def test_register_and_a_call_over_the_servers_own_connection(self):
        peer = await self.server(*self.authority.sign("server", NAME))
        page = await self.sign_in()
        self.assertNotIn("connection_fault", await self.plugin_admin(request="status"))
        context = self.as_client()
        context.check_hostname = False  # by address; the next connection checks the name
        await peer.connect(context)
        certificate = peer.connection.get_extra_info("peercert")
        self.assertIn(("DNS", "gateway.test"), certificate["subjectAltName"])
        dialog = peer.dialog(self.dn)
        cseq = dialog.send("INVITE", sdp(26000))
        await page.event("incomingcall")
        ringing = await dialog.receive(180)
        self.assertIn(f"<sip:{self.dn}@127.0.0.1:{self.stack.settings.ports.sip};transport=tls>", ringing["Contact"])
        await page.request({"request": "accept"})
        answer = await dialog.receive(200, method="INVITE")
        dialog.theirs = answer["To"]
        dialog.send("ACK", cseq=cseq)
        await page.event("accepted")
        # Our own request inside the dialog goes to the server's listener, whose name is checked
        # although the Contact has an address.
        await page.request({"request": "hangup"})
        bye = await dialog.receive("BYE")
        self.assertIn("SIP/2.0/TLS", bye["Via"])
        self.assertIn(bye.writer, peer.connections)
        peer.answer(bye, 200)
        await page.event("hangup")

    async def test_outgoing_call(self):
        peer = await self.server(*self.authority.sign("server", NAME))
        page = await self.sign_in()
        await page.request({"request": "call", "uri": "5551234"})
        invite = await peer.receive("INVITE")
        self.assertEqual(invite.start, f"INVITE sip:5551234@{peer.address};transport=tls SIP/2.0")
        dialog = peer.accepted(invite, sdp(26000))
        await page.event("accepted")
        await dialog.receive("ACK")
        self.assertEqual(len(peer.connections), 1)  # REGISTER, INVITE and ACK share one connection
        await page.request({"request": "hangup"})
        peer.answer(await dialog.receive("BYE"), 200)
        await page.event("hangup")

    async def refused(self, certificate, key, fault):
        """The DN does not register with such a server; the page, the administrator and the log hear why."""
        peer = await self.server(certificate, key)
        page = await self.open_page()
        await page.request({"request": "register", "username": self.dn, "secret": self.password})
        failed, _ = await page.event("registration_failed", timeout=8)
        self.assertRegex(failed["reason"], rf"^TLS with 127\.0\.0\.1:\d+: {fault}")
        status = await self.plugin_admin(request="status")
        self.assertEqual(status["connection_fault"], failed["reason"])
        self.assertRegex(self.janus_log(), rf"DN {self.dn}: not in service: {re.escape(failed['reason'])}")
        self.assertEqual(peer.waiting, [])
        self.assertEqual(peer.registers, 0)
        peer.close()
        await self.server(*self.authority.sign("server", NAME))
        await page.event("registered", timeout=10)
        self.assertNotIn("connection_fault", await self.plugin_admin(request="status"))

    async def test_certificate_for_another_name(self):
        await self.refused(*self.authority.sign("imposter", "other.test"),
                           rf"the certificate is not for {re.escape(NAME)}$")

    async def test_certificate_of_another_authority(self):
        await self.refused(*self.stranger.sign("server", NAME), "the certificate is not trusted: .*issuer certificate")

    async def test_expired_certificate(self):
        await self.refused(*self.authority.sign("server", NAME, days="-1"),
                           "the certificate is not trusted: certificate has expired")

    async def test_strangers_do_not_reach_the_listener(self):
        port = self.stack.settings.ports.sip
        before = (await self.plugin_admin(request="status"))["dropped_strangers"]

        def connect(source):
            with socket.create_connection(("127.0.0.1", port), 1.5, (source, 0)):
                return True
        self.assertTrue(await asyncio.to_thread(connect, "127.0.0.1"))
        with self.assertRaises(TimeoutError):
            await asyncio.to_thread(connect, "127.0.0.99")
        self.assertGreater((await self.plugin_admin(request="status"))["dropped_strangers"], before)

    async def test_no_handshake_with_something_else(self):
        async def talk(_, writer):
            with contextlib.suppress(ConnectionError):
                writer.write(b"SIP/2.0 400 Bad Request\r\n\r\n")
                await writer.drain()
        server = await asyncio.start_server(talk, "127.0.0.1", self.stack.settings.ports.sim_sip)
        self.addCleanup(server.close)
        page = await self.open_page()
        await page.request({"request": "register", "username": self.dn, "secret": self.password})
        failed, _ = await page.event("registration_failed", timeout=8)
        self.assertRegex(failed["reason"], r"^TLS with 127\.0\.0\.1:\d+: no handshake: .*wrong version number")
