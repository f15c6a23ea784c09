"""The dial plan at work: what agents may call, and who rings for a call from outside; with tones against
the stand-in, and on the wire against a peer of its own."""

import asyncio
import subprocess

from sip_peer import SipPeer, sdp
from stack_case import ROOT, StackCase
from test_transfer import PeerCase

PLAN = """
dial_plan: {
  trunks = ( { name = "carrier"; addresses = ["127.0.0.2"]; } )
  outgoing = (
    { name = "emergency"; patterns = ["112"]; action = "allow"; replace = "9004"; },
    { name = "plus"; patterns = ["+."]; action = "go_on"; strip = 1; prefix = "00"; },
    { name = "premium"; patterns = ["0190."]; action = "deny"; },
    { name = "abroad"; patterns = ["00."]; action = "allow"; roles = ["chief"]; strip = 2; },
    { name = "no abroad"; patterns = ["00."]; action = "deny"; },
    { name = "outside"; patterns = ["0Z."]; action = "allow"; strip = 1; },
    { name = "short"; patterns = ["04"]; action = "allow"; prefix = "90"; strip = 0; }
  )
  incoming = (
    { name = "one"; patterns = ["4930"]; ring = ["7001"]; },
    { name = "desk"; patterns = ["4931", "7020"]; ring = ["7001", "7002", "7003"]; },
    { name = "empty"; patterns = ["7022"]; ring = ["7004", "7005"]; },
    { name = "unwilling"; patterns = ["7023"]; ring = ["7006", "7007", "7005"]; },
    { name = "too slow"; patterns = ["7024"]; ring = ["7008", "7009"]; },
    { name = "night"; patterns = ["4932"]; ring = ["7001", "7002", "7003"]; order = "in_turn"; turn_s = 5; },
    { name = "closed"; patterns = ["4933"]; reject = 603; },
    { name = "carrier"; patterns = ["4934"]; trunks = ["carrier"]; ring = ["7001"]; },
    { name = "inside"; patterns = ["700X"]; trunks = ["carrier"]; reject = 403; }
  )
}
"""
STATIC = tuple(f'number = "{dn}"; register = "never"' for dn in range(7020, 7025))


class Dialled(StackCase):
    """What the page calls is what the stand-in hears of."""

    sections = PLAN
    entries = 'number = "7029"; roles = ["agent", "chief"]', *STATIC

    async def call(self, page, number, called, dn=None):
        calling, _ = await page.request({"request": "call", "uri": number})
        self.assertIn(f"sip:{called}@", calling["uri"])
        return await self.sim.call_of(dn or self.dn, called)

    async def test_stripped_prefixed_and_replaced(self):
        page = await self.sign_in()
        for number, called in (("09004", "9004"), ("04", "9004"), ("112", "9004"), ("9004", "9004")):
            with self.subTest(number):
                await self.call(page, number, called)
                await page.event("accepted")
                page.ear.forget()
                await page.hears(440, -10)
                await page.request({"request": "hangup"})
                await page.event("hangup")

    async def test_denied(self):
        page = await self.sign_in()
        before = await self.plugin_admin(request="status")
        for number in ("0190123", "0-190(123)", "+190123", "sip:0033123@elsewhere"):
            with self.subTest(number), self.assertRefused(470, "destination_denied", "uri") as caught:
                await page.request({"request": "call", "uri": number})
        self.assertIn("rule 'no abroad'", str(caught.exception))
        after = await self.plugin_admin(request="status")
        self.assertEqual(after["denied_destinations"] - before["denied_destinations"], 4)
        self.assertIn(f"DN {self.dn}: destination_denied of dn:{self.dn}: 0190123 may not be called",
                      self.janus_log())
        self.assertEqual([call for call in await self.sim.get("/calls") if call["from"] == self.dn], [])

    async def test_a_role_of_the_dn_allows(self):
        page = await self.sign_in("7029")
        await self.call(page, "+9004", "9004", "7029")
        await page.event("accepted")
        await page.hears(440, -10)

    async def test_static_contacts_call(self):
        # Nobody registers it, and it is in service; the stand-in refuses callers that it does not know.
        page = await self.open_page()
        result, _ = await page.request({"request": "register", "username": "7021", "secret": self.password})
        self.assertEqual(result["event"], "registered")
        self.assertIsNone(await self.binding("7021"))
        shown = await self.plugin_admin(request="show_dn", dn="7021")
        self.assertEqual(shown["registration"], "static")


class ByToken(StackCase):
    settings = {"sign_in": "token"}
    sections = PLAN

    async def sign_in_with(self, *roles):
        command = [ROOT / "scripts" / "token", "--key", self.stack.settings.secrets / "jwt.key",
                   *(f"--role={role}" for role in roles), "alice@example.org", self.dn]
        token = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        page = await self.open_page()
        await self.renew(page, token)
        _, jsep = await page.request({"request": "update"}, await page.offer())
        await page.take_answer(jsep)
        return page

    async def renew(self, page, token):
        await page.request({"request": "register", "username": self.dn, "token": token})

    async def test_roles_of_the_token(self):
        page = await self.sign_in_with("agent")
        with self.assertRefused(470, "destination_denied", "uri"):
            await page.request({"request": "call", "uri": "009004"})
        await page.leave()
        page = await self.sign_in_with("agent", "chief")
        await page.request({"request": "call", "uri": "009004"})
        await page.event("accepted")
        await page.hears(440, -10)


class Limits(StackCase):
    options = {"agent": "  max_calls = 2\n  calls_per_minute = 3"}

    async def test_calls_at_once(self):
        page = await self.sign_in()
        for _ in range(2):
            await page.request({"request": "call", "uri": "9004"})
            await page.event("accepted")
        with self.assertRefused(471, "too_many_calls"):
            await page.request({"request": "call", "uri": "9004"})
        call = await self.sim.ring(self.dn)
        self.assertEqual((await self.sim.state(call, "ended"))["ended"]["status"], 486)
        self.assertGreaterEqual((await self.plugin_admin(request="status"))["limited_calls"], 1)

    async def test_calls_of_a_minute(self):
        page = await self.sign_in()
        for _ in range(3):
            await page.request({"request": "call", "uri": "9010"})
            await page.event("hangup")
        with self.assertRefused(471, "too_many_calls") as caught:
            await page.request({"request": "call", "uri": "9010"})
        self.assertIn("3 calls were started within a minute", str(caught.exception))
        # A call that comes is no call that the agent starts.
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)


class Rung(StackCase):
    """The stand-in has a static contact of DNs that the gateway never registers. Who has left is not gone
    for a while: each test rings DNs of its own."""

    sections = PLAN
    entries = STATIC

    async def asyncSetUp(self):
        await super().asyncSetUp()
        for dn in range(7020, 7025):
            await self.provision(dn)

    async def provision(self, dn):
        """What SIP Server's option `contact` does: calls for the DN go to the gateway."""
        ports = self.stack.settings.ports
        answered = asyncio.get_running_loop().create_future()

        class Registrar(asyncio.DatagramProtocol):
            def datagram_received(self, data, _):
                answered.set_result(data)

        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            Registrar, local_addr=("127.0.0.1", 0), remote_addr=("127.0.0.1", ports.sim_sip))
        here = "127.0.0.1:%d" % transport.get_extra_info("sockname")[1]
        transport.sendto((f"REGISTER sip:127.0.0.1:{ports.sim_sip} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bKs{dn}\r\n"
                          f"From: <sip:{dn}@127.0.0.1>;tag=s\r\nTo: <sip:{dn}@127.0.0.1>\r\nCall-ID: s{dn}{here}\r\n"
                          f"CSeq: 1 REGISTER\r\nMax-Forwards: 70\r\nContact: <sip:{dn}@127.0.0.1:{ports.sip}>;expires=600\r\n"
                          "Content-Length: 0\r\n\r\n").encode())
        self.assertIn(b"200 OK", await asyncio.wait_for(answered, 5))
        transport.close()

    async def changed(self, page, hold):
        while (await page.event("call_changed"))[0]["call"]["hold"] != hold:
            pass

    async def test_a_static_contact_rings_its_dn(self):
        page = await self.sign_in("7021")
        call = await self.sim.ring("7021")
        incoming, _ = await page.event("incomingcall")
        self.assertIn("sip:7021@", incoming["callee"])
        await page.request({"request": "accept"})
        await page.event("accepted")
        await self.both_ways(page, call)
        await self.sim.hang_up(call)
        await page.event("hangup")

    async def test_together_the_first_who_answers_has_the_call(self):
        pages = [await self.sign_in(dn, frequency=tone) for dn, tone in (("7001", 600), ("7002", 800), ("7003", 1000))]
        call = await self.sim.ring("7020")
        ids = [(await page.event("incomingcall"))[0]["call_id"] for page in pages]
        self.assertEqual(len(set(ids)), 3, ids)
        await pages[1].request({"request": "accept"})
        await pages[1].event("accepted")
        for page, call_id in ((pages[0], ids[0]), (pages[2], ids[2])):
            ended, _ = await page.event("hangup", call_id=call_id)
            self.assertEqual((ended["code"], ended["reason"]), (487, "answered by 7002"))
            self.assertEqual(ended["reason_header"], 'SIP;cause=200;text="answered by 7002"')
        await self.both_ways(pages[1], call, near=800)
        calls = (await self.plugin_admin(request="list_calls"))["calls"]
        self.assertEqual([(one["dn"], one["state"]) for one in calls], [("7002", "established")])
        # It is a call like any other: hold, retrieve, and the far end's BYE.
        await pages[1].request({"request": "hold"})
        await self.changed(pages[1], "local")
        await pages[1].request({"request": "unhold"})
        await self.changed(pages[1], "none")
        pages[1].ear.forget()
        await self.both_ways(pages[1], call, near=800)
        await self.sim.hang_up(call)
        await pages[1].event("hangup", call_id=ids[1])

    async def test_the_caller_gives_up(self):
        pages = [await self.sign_in(dn, audio=False) for dn in ("7008", "7009")]
        call = await self.sim.ring("7024")
        for page in pages:
            await page.event("incomingcall")
        await self.sim.hang_up(call)
        for page in pages:
            ended, _ = await page.event("hangup")
            self.assertEqual((ended["code"], ended["reason"]), (487, "the caller hung up"))
        self.assertEqual((await self.sim.state(call, "ended"))["ended"]["status"], 487)

    async def test_nobody_is_there(self):
        call = await self.sim.ring("7022")
        self.assertEqual((await self.sim.state(call, "ended"))["ended"]["status"], 480)

    async def test_all_decline(self):
        pages = [await self.sign_in(dn, audio=False) for dn in ("7006", "7007")]
        call = await self.sim.ring("7023")
        for page in pages:
            await page.event("incomingcall")
            self.assertNotEqual((await self.sim.call(call))["state"], "ended")
            await page.request({"request": "decline"})
        self.assertEqual((await self.sim.state(call, "ended"))["ended"]["status"], 486)


class Wire(PeerCase):
    """Numbers that are no DN, from SIP Server, from a trunk and from a stranger."""

    sections = PLAN

    async def invite(self, number, peer=None):
        dialog = (peer or self.peer).dialog(number)
        dialog.cseq_of_invite = dialog.send("INVITE", sdp(26000))
        return dialog

    async def other_peer(self, host):
        ports = self.stack.settings.ports
        peer = await SipPeer(ports.sim_sip, ports.sip, host).open()
        self.addCleanup(peer.close)
        return peer

    async def refused(self, number, peer=None):
        dialog = await self.invite(number, peer)
        answer = await dialog.receive("final", method="INVITE")
        dialog.send("ACK", cseq=dialog.cseq_of_invite)
        return answer.status

    async def test_a_number_that_is_no_dn(self):
        page = await self.sign_in("7001")
        dialog = await self.invite("4930")
        incoming, _ = await page.event("incomingcall")
        self.assertIn("sip:4930@", incoming["callee"])
        await page.request({"request": "accept"})
        answer = await dialog.receive(200, method="INVITE")
        self.assertIn("m=audio", answer.body)
        self.assertIn("sip:4930@", answer["Contact"])
        dialog.theirs = answer["To"]
        dialog.send("ACK", cseq=dialog.cseq_of_invite)
        await page.event("accepted")
        dialog.send("BYE")
        await dialog.receive(200, method="BYE")
        await page.event("hangup")

    async def test_rejected(self):
        before = await self.plugin_admin(request="status")
        self.assertEqual(await self.refused("4933"), 603)
        self.assertEqual(await self.refused("4939"), 404)
        after = await self.plugin_admin(request="status")
        self.assertEqual(after["rejected_calls"] - before["rejected_calls"], 2)

    async def test_in_turn(self):
        first = await self.sign_in("7001", audio=False)
        third = await self.sign_in("7003", audio=False)  # nobody is at 7002
        dialog = await self.invite("4932")
        await first.event("incomingcall")
        self.assertNotIn("incomingcall", third.seen())
        ended, _ = await first.event("hangup")
        self.assertEqual(ended["reason"], "the next DN rings")
        await third.event("incomingcall")
        await third.request({"request": "decline", "code": 603})
        ringing = [await dialog.receive(180, method="INVITE") for _ in range(2)]
        self.assertEqual(len({answer.tag("To") for answer in ringing}), 1, "one phone to the caller")
        await dialog.receive(603, method="INVITE")
        dialog.send("ACK", cseq=dialog.cseq_of_invite)

    async def test_a_trunk_is_known_by_its_address(self):
        page = await self.sign_in("7001")
        self.assertEqual(await self.refused("4934"), 404)
        trunk = await self.other_peer("127.0.0.2")
        # Rules hold for its calls to registered DNs, too.
        self.assertEqual(await self.refused("7001", trunk), 403)
        dialog = await self.invite("4934", trunk)
        await page.event("incomingcall")
        await page.request({"request": "accept"})
        answer = await dialog.receive(200, method="INVITE")
        dialog.theirs = answer["To"]
        dialog.send("ACK", cseq=dialog.cseq_of_invite)
        await page.event("accepted")
        dialog.send("BYE")
        await dialog.receive(200, method="BYE")

    async def test_a_stranger_gets_no_answer_at_all(self):
        stranger = await self.other_peer("127.0.0.3")
        before = (await self.plugin_admin(request="status"))["dropped_strangers"]
        for number in ("7001", "4930", "4933"):
            await self.invite(number, stranger)
        stranger.dialog("7001").send("OPTIONS")

        async def dropped():
            return (await self.plugin_admin(request="status"))["dropped_strangers"] - before >= 4
        await self.eventually(dropped, "four dropped packets")
        # What comes after them through the same socket has been answered: theirs are not under way.
        self.assertEqual(await self.refused("4933"), 603)
        self.assertEqual(stranger.waiting, [])

    async def test_a_referral_that_is_denied(self):
        page = await self.sign_in("7001")
        self.dn = "7001"
        dialog, call_id = await self.answered(page)
        dialog.send("REFER", Refer_To=f"<sip:0190123@{self.peer.address}>")
        await dialog.receive(202, method="REFER")
        denied, _ = await page.event("call_denied", call_id=call_id)
        self.assertEqual((denied["error_code"], denied["error_name"]), (470, "destination_denied"))
        notify = await dialog.receive("NOTIFY")
        while "403" not in notify.body:
            self.peer.answer(notify, 200)
            notify = await dialog.receive("NOTIFY")
        self.peer.answer(notify, 200)
        with self.assertRefused(470, "destination_denied", "uri"):
            await page.request({"request": "transfer", "uri": "0190123"})
        await page.request({"request": "transfer", "uri": "05559999"})
        refer = await dialog.receive("REFER")
        self.assertRegex(refer["Refer-To"], r"<sip:5559999@")
        self.peer.answer(refer, 405)
