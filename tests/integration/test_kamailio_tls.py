"""Kamailio with TLS towards SIP Server and UDP towards the nodes: calls each way, whom it takes for SIP Server, and a
certificate that changes meanwhile."""

import ssl

from kamailio_case import KamailioCase
from rtp_party import RtpParty
from sip_peer import SipPeer, sdp
from stack_case import AGENT
from stream_peer import Authority, StreamPeer, server_context

NAME = "kamailio.test"
FAR = 550  # Hz


class Server(StreamPeer):
    """SIP Server by TLS, which answers OPTIONS."""

    options = 0

    def receive_message(self, message):
        if message.method == "OPTIONS" and not message.status:
            self.options += 1
            return self.answer(message, 200)
        return super().receive_message(message)


class Tls(KamailioCase):
    only = ("janus",)
    settings = {"node_count": 2, "kamailio_count": 1, "register_when": "on_sign_in", "server_transport": "tls",
                "host": NAME}

    @property
    def secrets(self):
        return self.stack.settings.secrets

    @property
    def entrance(self):
        return self.kamailio().address, self.stack.settings.ports.kamailio_tls

    def as_client(self):
        """What SIP Server knows of Kamailio: its CA."""
        return ssl.create_default_context(cafile=self.secrets / "ca.crt")

    async def listening(self, authority=None, **made):
        """SIP Server's listener, with a certificate of the stack's CA unless another signs it."""
        certificate = (authority or Authority.of_stack(self.secrets)).sign("server", "sip.test", **made)
        ports = self.stack.settings.ports
        peer = await Server(ports.sim_sip, ports.kamailio_tls, server_context(*certificate)).open()
        peer.gateway = self.entrance
        self.addAsyncCleanup(peer.leave)
        return peer

    async def server(self):
        """SIP Server in service, with a connection of its own to Kamailio."""
        peer = await self.listening()
        await self.in_service()
        await peer.connect(self.as_client(), NAME)
        return peer

    async def in_service(self):
        """Kamailio has an answer to its OPTIONS."""
        await self.eventually(lambda: "FLAGS: AP" in self.servers(), "SIP Server in service", 15)

    def servers(self):
        return self.kamcmd("dispatcher.list").partition("ID: 2")[2].partition("ID: 1")[0]

    async def rings(self, peer, page, dn):
        """A call of SIP Server's over its own connection that the page has taken: dialog and far end."""
        party = await RtpParty(FAR).open(self)
        dialog = peer.dialog(dn)
        dialog.target = f"sip:{dn}@%s:%d;transport=tls" % self.entrance
        cseq = dialog.send("INVITE", sdp(party.port))
        await self.take_call(page)
        answer = await dialog.receive(200, method="INVITE")
        dialog.theirs, dialog.target = answer["To"], answer["Contact"].partition("<")[2].partition(">")[0]
        dialog.route = answer.every("Record-Route")[::-1]
        dialog.send("ACK", cseq=cseq)
        return dialog, party

    async def talk(self, page, party):
        page.ear.forget()
        await page.hears(FAR, -10)
        await party.hears(AGENT, -13, 6)

    async def test_a_call_from_sip_server(self):
        peer = await self.server()
        page, dn = await self.sign_in_at(2)
        self.assertIn(f"<sip:{dn}@%s:%d;transport=tls>" % self.entrance, peer.last_register["Contact"])
        self.assertEqual(self.holder(dn), self.contact_at(2, dn))
        dialog, party = await self.rings(peer, page, dn)
        await self.talk(page, party)
        # Our own request in the dialog goes to where SIP Server listens, and is TLS again.
        await page.request({"request": "hangup"})
        bye = await dialog.receive("BYE")
        self.assertIn("SIP/2.0/TLS", bye["Via"])
        self.assertIn(bye.writer, peer.connections)
        peer.answer(bye, 200)
        await page.event("hangup")

    async def test_sip_server_hangs_up(self):
        peer = await self.server()
        page, dn = await self.sign_in_at(1)
        dialog, _ = await self.rings(peer, page, dn)
        dialog.send("BYE")
        await dialog.receive(200, method="BYE")
        await page.event("hangup")

    async def test_a_call_to_sip_server(self):
        peer = await self.server()
        page, _ = await self.sign_in_at(1)
        party = await RtpParty(FAR).open(self)
        await page.request({"request": "call", "uri": "5551234"})
        invite = await peer.receive("INVITE")
        self.assertEqual(["SIP/2.0/TLS", "SIP/2.0/UDP"], [via.split()[0] for via in invite.every("Via")])
        dialog = peer.accepted(invite, sdp(party.port))
        await page.event("accepted")
        await dialog.receive("ACK")
        await self.talk(page, party)
        dialog.peer.out = invite.writer
        dialog.send("BYE")
        await dialog.receive(200, method="BYE")
        await page.event("hangup")

    async def refused(self, **listening):
        """Kamailio says not a word to such a server, which is out of service; then the right one is back."""
        log, fault = self.stack.child("kamailio").log, "certificate verify failed"
        before = log.read_text(errors="replace").count(fault)
        peer = await self.listening(**listening)
        await self.eventually(lambda: log.read_text(errors="replace").count(fault) > before + 2, "three attempts", 20)
        await self.eventually(lambda: "FLAGS: I" in self.servers(), "out of service", 10)
        self.assertEqual((peer.options, peer.registers, peer.waiting), (0, 0, []))
        await peer.leave()
        await self.server()

    async def test_a_certificate_of_another_authority(self):
        await self.refused(authority=Authority(self.directory / "other", "Another CA"))

    async def test_an_old_certificate(self):
        await self.refused(days="-1")

    async def test_a_new_certificate(self):
        """Put in place and reloaded: the next connection is shown it; the call goes on over the one that there is."""
        peer = await self.server()
        page, dn = await self.sign_in_at(1)
        dialog, party = await self.rings(peer, page, dn)
        old = ssl.get_server_certificate(self.entrance)
        Authority.of_stack(self.secrets).sign("tls", NAME)
        self.assertEqual(ssl.get_server_certificate(self.entrance), old, "a file alone changes nothing")
        self.kamcmd("tls.reload")
        self.assertNotEqual(ssl.get_server_certificate(self.entrance), old)
        opened = len(peer.connections)
        await self.talk(page, party)
        dialog.send("BYE")
        await dialog.receive(200, method="BYE")
        await page.event("hangup")
        self.assertEqual(len(peer.connections), opened, "nor has Kamailio left its own connection")

    async def test_its_address_alone_is_not_enough(self):
        """What comes from there by UDP is a stranger's."""
        await self.server()
        page, dn = await self.sign_in_at(1, audio=False)
        before = self.counted("dropped_strangers")
        peer = await self.peer_by_udp()
        peer.dialog(dn).send("INVITE", sdp(26000))
        await self.eventually(lambda: self.counted("dropped_strangers") == before + 1, "the INVITE counted")
        self.assertNotIn("incomingcall", page.seen())
        self.assertEqual(peer.waiting, [])

    async def asks(self, authority):
        """SIP Server by a connection of its own, with a certificate of its own, sends OPTIONS."""
        context = self.as_client()
        context.load_cert_chain(*authority.sign("client", "sip.test"))
        peer = await Server(5090, self.entrance[1]).open()
        self.addAsyncCleanup(peer.leave)
        peer.gateway = self.entrance
        await peer.connect(context, NAME)
        dialog = peer.dialog("7001")
        dialog.target = "sip:%s:%d" % self.entrance
        dialog.send("OPTIONS")
        return peer, dialog

    async def test_a_certificate_that_sip_server_shows(self):
        await self.server()
        peer, dialog = await self.asks(Authority.of_stack(self.secrets))
        await dialog.receive(200, method="OPTIONS")
        await peer.leave()
        peer, _ = await self.asks(Authority(self.directory / "client", "A third CA"))
        await self.eventually(lambda: not peer.tasks, "the connection's end")
        self.assertEqual(peer.waiting, [])

    async def peer_by_udp(self):
        peer = SipPeer(5070, self.stack.settings.ports.kamailio)
        peer.gateway = (self.kamailio().address, self.stack.settings.ports.kamailio)
        await peer.open()
        self.addCleanup(peer.close)
        return peer
