"""Kamailio between SIP Server and two gateway nodes: one contact for each DN, calls to the node that has
the DN, nothing for strangers, drain, and two Kamailios that know the same."""

import itertools
import select
import socket
import time

from kamailio_case import FURTHER, STRANGER, KamailioCase
from sip_peer import sdp
from stack_case import SECOND_AGENT

PASSWORD_DN = "7101"


class Registrations(KamailioCase):
    entries = (f'number = "{PASSWORD_DN}"; password = "sip-secret"',)
    sim_options = ("--dn", f"{PASSWORD_DN}=sip-secret", "--authenticate", "register,invite")

    async def registered(self, dn, node):
        """SIP Server has Kamailio's address, both Kamailios the node's."""
        await self.eventually(lambda: self.holder(dn) == self.contact_at(node, dn), f"{dn} at node {node}")
        await self.eventually(lambda: self.holder(dn, 1) == self.contact_at(node, dn), "the second knows, too")
        self.assertEqual((await self.binding(dn))["contact"], self.contact_of(dn))

    async def test_one_contact_for_each_dn(self):
        first, first_dn = await self.sign_in_at(1, audio=False)
        _, second_dn = await self.sign_in_at(2, audio=False)
        await self.registered(first_dn, 1)
        await self.registered(second_dn, 2)
        granted = await self.plugin_admin(request="show_dn", dn=first_dn)
        self.assertEqual((granted["registration"], granted["expires"]), ("registered", 1800))
        await first.request({"request": "unregister"})

        async def gone():
            return await self.binding(first_dn) is None
        await self.eventually(gone, "the binding removed", 10)
        for index in (0, 1):
            await self.eventually(lambda: self.holder(first_dn, index) is None, "both forget it")

    async def test_digest_end_to_end(self):
        page = await self.sign_in(PASSWORD_DN, node=2)
        await self.registered(PASSWORD_DN, 2)
        registers = self.messages("REGISTER", PASSWORD_DN)
        self.assertNotIn("Authorization", registers[0].values)
        self.assertIn('realm="genesys"', registers[1].values["Authorization"])
        # INVITE is challenged as well, by 407.
        calling, _ = await page.request({"request": "call", "uri": "9004"})
        await page.event("accepted", call_id=calling["call_id"])
        await page.hears(440, -10)
        await page.request({"request": "hangup"})

    async def test_who_leaves_late_takes_nothing_away(self):
        """An agent goes over to another node; the binding stays when the first node lets the DN go."""
        first, dn = await self.sign_in_at(1, audio=False)
        await self.registered(dn, 1)
        page = await self.sign_in(dn, node=2)
        await self.registered(dn, 2)
        await first.request({"request": "unregister"})

        async def off():
            return (await self.plugin_admin(request="show_dn", dn=dn))["registration"] == "off"
        await self.eventually(off, "the first node is through with it", 10)
        await self.registered(dn, 2)
        await self.call_in(page, dn)

    async def test_who_comes_back_has_the_dn_again(self):
        """A page that is led to another node and back, while the first node still keeps its place."""
        first, dn = await self.sign_in_at(1, audio=False)
        await first.cut_web_socket()
        second = await self.sign_in(dn, node=2, audio=False)
        await self.registered(dn, 2)
        await second.cut_web_socket()
        back = await self.sign_in(dn, node=1)
        await self.registered(dn, 1)
        await self.call_in(back, dn)


class Calls(KamailioCase):
    sections = 'dial_plan: { incoming = ( { name = "desk"; patterns = ["4930"]; ring = ["7055"]; } ) }\n'

    async def test_calls_each_way(self):
        first, first_dn = await self.sign_in_at(1)
        second, second_dn = await self.sign_in_at(2, SECOND_AGENT)
        incoming = await self.call_in(second, second_dn, SECOND_AGENT)
        await self.sim.hang_up(incoming)
        await second.event("hangup")
        # From one node to the other, and all of it by SIP Server.
        await first.request({"request": "call", "uri": second_dn})
        await self.take_call(second)
        await first.event("accepted")
        await self.talk_together(first, second)
        invite = self.messages("INVITE", first_dn)[-1]
        self.assertIn(self.kamailio().address, invite.values["Record-Route"])
        await first.request({"request": "hangup"})
        await second.event("hangup")

    async def test_answered_and_held_by_the_desktop(self):
        """NOTIFY in the early dialog, a re-INVITE without SDP behind the ACK, hold and talk, UPDATE."""
        page, dn = await self.sign_in_at(2)
        call = await self.sim.ring(dn, desktop_answer=True, reinvite_after_ack=True)
        await page.event("accepted")
        await self.both_ways(page, call)
        for event, hold in (("hold", "local"), ("talk", "none")):
            self.assertEqual((await self.sim.post(f"/calls/{call}/notify", {"event": event}))["status"], 200)
            changed, _ = await page.event("call_changed")
            while changed["call"]["hold"] != hold:
                changed, _ = await page.event("call_changed")
        self.assertEqual((await self.sim.post(f"/calls/{call}/refresh"))["status"], 200)
        page.ear.forget()
        await self.both_ways(page, call)
        await page.request({"request": "hangup"})
        self.assertEqual((await self.sim.state(call, "ended"))["ended"]["by"], "phone")

    async def test_a_late_ack(self):
        """An INVITE without SDP whose ACK comes after two repetitions of the 200, with the answer."""
        page, dn = await self.sign_in_at(1)
        call = await self.sim.ring(dn, offerless=True, desktop_answer=True, ack_delay_ms=2000)
        await page.event("accepted")
        await self.both_ways(page, call)
        answers = [m for m in self.messages("SIP/2.0 200", dn) if m.values["CSeq"] == "1 INVITE"]
        self.assertGreaterEqual(len(answers), 3)

    async def test_a_number_is_asked_for_at_every_node(self):
        """Nobody knows at which node there is an agent for it. Whichever is asked first: it rings there."""
        page = await self.sign_in("7055", node=2)
        peer = await self.peer()
        for _ in range(2):
            dialog = peer.dialog("4930")
            cseq = dialog.send("INVITE", sdp(26000))
            await self.take_call(page)
            answer = await dialog.receive(200, method="INVITE")
            dialog.theirs = answer["To"]
            dialog.target = answer["Contact"].strip("<>")
            self.assertIn(f"@{self.node(2).inside}:", dialog.target)
            route = answer["Record-Route"]
            dialog.send("ACK", cseq=cseq, Route=route)
            dialog.send("BYE", Route=route)
            await dialog.receive(200, method="BYE")
            await page.event("hangup")

    async def test_the_second_kamailio_knows_the_dn(self):
        """And a SIP Server that keeps to the DN's contact, without Route, is understood as well."""
        page, dn = await self.sign_in_at(2)
        await self.eventually(lambda: self.holder(dn, 1) == self.contact_at(2, dn), "known to the second")
        peer = await self.peer(1)
        dialog = peer.dialog(dn)
        dialog.target = self.contact_of(dn, 1)
        cseq = dialog.send("INVITE", sdp(26000))
        await self.take_call(page)
        dialog.theirs = (await dialog.receive(200, method="INVITE"))["To"]
        dialog.send("ACK", cseq=cseq)
        dialog.send("BYE")
        await dialog.receive(200, method="BYE")
        await page.event("hangup")

    async def test_drained(self):
        page, dn = await self.sign_in_at(1)
        call = await self.call_in(page, dn)
        self.addCleanup(self.kamcmd, "dispatcher.set_state", "a", "1", self.destination(1))
        self.kamcmd("dispatcher.set_state", "d", "1", self.destination(1))
        self.assertRegex(self.node_state(1), "^D")
        refused = await self.sim.ring(dn)
        self.assertEqual((await self.sim.state(refused, "ended"))["ended"]["status"], 480)
        self.assertNotIn("incomingcall", page.seen())
        # What is there goes on, to its end.
        answer, _ = await page.request({"request": "hold"})
        self.assertEqual(answer["event"], "holding")
        await self.sim.until(call, lambda c: c["media"]["level_dbfs"] < -45, "hold")
        await page.request({"request": "unhold"})
        page.ear.forget()
        await self.both_ways(page, call)
        # An agent who signs in at another node is in service there.
        moved = await self.sign_in(dn, node=2, frequency=SECOND_AGENT)
        await self.eventually(lambda: self.holder(dn) == self.contact_at(2, dn), "the DN at the other node")
        await self.call_in(moved, dn, SECOND_AGENT)
        self.kamcmd("dispatcher.set_state", "a", "1", self.destination(1))
        again, again_dn = await self.sign_in_at(1)
        await self.call_in(again, again_dn)


class Strangers(KamailioCase):
    def socket_at(self, source):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(udp.close)
        udp.bind((source, 0))
        udp.setblocking(False)
        return udp

    def send(self, udp, text):
        udp.sendto(text.encode(), (self.kamailio().address, self.stack.settings.ports.kamailio))

    @staticmethod
    def request(udp, method, user, number=0):
        own = "%s:%d" % udp.getsockname()
        return (f"{method} sip:{user}@{own} SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch=z9hG4bKf{number}{own}\r\n"
                f"From: <sip:5551234@{own}>;tag={number}\r\nTo: <sip:{user}@{own}>\r\n"
                f"Call-ID: f{number}@{own}\r\nCSeq: 1 {method}\r\nMax-Forwards: 70\r\n"
                f"Contact: <sip:5551234@{own}>\r\nContent-Length: 0\r\n\r\n")

    @staticmethod
    def answers(udp):
        """The start lines of what has come."""
        found = []
        try:
            while True:
                found.append(udp.recv(65535).decode(errors="replace").split("\r\n", 1)[0])
        except BlockingIOError:
            return found

    async def test_strangers_get_not_a_byte(self):
        page, dn = await self.sign_in_at(1, audio=False)
        udp = self.socket_at(STRANGER)
        own = "%s:%d" % udp.getsockname()
        texts = [*(self.request(udp, method, dn) for method in
                   ("INVITE", "REGISTER", "OPTIONS", "MESSAGE", "KDMQ", "BYE", "NONSENSE")),
                 f"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP {self.kamailio().address}\r\nVia: SIP/2.0/UDP {own}\r\n"
                 "From: <sip:a@b>\r\nTo: <sip:a@b>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\r\n",
                 "GET / HTTP/1.1\r\nHost: gateway\r\n\r\n", self.request(udp, "INVITE", dn)[:200]]
        before = self.counted("dropped_strangers")
        for text in texts:
            self.send(udp, text)
        self.send(udp, "\r\n\r\n")  # a keep-alive, which is not even counted
        await self.eventually(lambda: self.counted("dropped_strangers") == before + len(texts), "all counted")
        self.assertEqual(self.answers(udp), [])
        self.assertNotIn("incomingcall", page.seen())

    async def test_a_strangers_flood_hurts_nobody(self):
        page, dn = await self.sign_in_at(1)
        call = await self.call_in(page, dn)
        before = self.counted("dropped_strangers")
        udp = self.socket_at(STRANGER)
        for number in range(5000):
            self.send(udp, self.request(udp, "INVITE", dn, number))
        other, other_dn = await self.sign_in_at(2, SECOND_AGENT)
        await self.call_in(other, other_dn, SECOND_AGENT)
        await self.eventually(lambda: self.counted("dropped_strangers") - before > 1000, "dropped")
        self.assertEqual(self.answers(udp), [])
        page.ear.forget()
        media = await self.both_ways(page, call)
        self.assertLess(media["longest_gap_ms"], 300, media)

    async def test_a_peers_flood_is_refused(self):
        """More new requests from one address than are good for us: the others' calls go on."""
        page, dn = await self.sign_in_at(1)
        call = await self.call_in(page, dn)
        udp, numbers, heard = self.socket_at(FURTHER), iter(range(10_000)), []

        def flood():
            for number in itertools.islice(numbers, 100):
                self.send(udp, self.request(udp, "INVITE", "4999", number))
            heard.extend(self.answers(udp))
            return self.counted("refused_floods") > 200
        await self.eventually(flood, "refused", 10)
        self.assertIn("SIP/2.0 503 Too Many Requests", heard)
        # Meanwhile SIP Server itself and the nodes are served.
        other, other_dn = await self.sign_in_at(2, SECOND_AGENT)
        await self.call_in(other, other_dn, SECOND_AGENT)
        await page.request({"request": "hangup"})
        ended = await self.sim.state(call, "ended")
        self.assertEqual(ended["ended"]["by"], "phone")
        self.assertLess(ended["media"]["longest_gap_ms"], 300)

        def let_in():
            """It has calmed down: one request is taken again, and answered by a node."""
            self.answers(udp)
            self.send(udp, self.request(udp, "INVITE", "4999", f"later{time.monotonic_ns()}"))
            select.select([udp], [], [], 0.5)
            return "SIP/2.0 100 trying -- your call is important to us" in self.answers(udp)
        await self.eventually(let_in, "let in again", 20)


class OverTcp(KamailioCase):
    """Nodes, Kamailio and SIP Server talk by TCP: each opens its own connection to the other's Contact."""

    settings = {**KamailioCase.settings, "kamailio_count": 1, "sip_transport": "tcp"}

    async def test_calls_each_way(self):
        first, dn = await self.sign_in_at(1)
        second, _ = await self.sign_in_at(2, SECOND_AGENT)
        self.assertEqual((await self.binding(dn))["contact"], self.contact_of(dn) + ";transport=tcp")
        call = await self.sim.ring(dn, desktop_answer=True, reinvite_after_ack=True)
        await first.event("accepted")
        await self.both_ways(first, call)
        await self.sim.hang_up(call)
        await first.event("hangup")
        first.forget_events()
        await second.request({"request": "call", "uri": dn})
        await self.take_call(first)
        await second.event("accepted")
        await self.talk_together(first, second)
        await second.request({"request": "hangup"})
        await first.event("hangup")
