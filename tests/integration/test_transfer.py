"""REFER both ways, INVITE with Replaces, INFO, MESSAGE, SUBSCRIBE and early media, seen on the wire."""

import asyncio

from sip_peer import Dialog, SipPeer, sdp
from stack_case import StackCase


class PeerCase(StackCase):
    only = ("janus",)
    settings = {"register_when": "on_sign_in"}

    async def asyncSetUp(self):
        await super().asyncSetUp()
        ports = self.stack.settings.ports
        self.peer = await SipPeer(ports.sim_sip, ports.sip).open()
        self.addCleanup(self.peer.close)

    async def answered(self, page, number="5551234", **headers):
        """A call to the page's DN that it has answered: our dialog, its call_id."""
        dialog = self.peer.dialog(self.dn, number)
        cseq = dialog.send("INVITE", sdp(26000), **headers)
        incoming, _ = await page.event("incomingcall")
        await page.request({"request": "accept", "call_id": incoming["call_id"]})
        answer = await dialog.receive(200, method="INVITE")
        dialog.theirs = answer["To"]
        dialog.send("ACK", cseq=cseq)
        await page.event("accepted", call_id=incoming["call_id"])
        return dialog, incoming["call_id"]

    async def changed(self, page, **wanted):
        """The next call_changed whose call looks so."""
        while True:
            event, _ = await page.event("call_changed")
            if all(event["call"][name] == value for name, value in wanted.items()):
                return event["call"]

    async def agree_to_reinvite(self, dialog, direction):
        invite = await dialog.receive("INVITE")
        self.peer.answer(invite, 200, sdp(26000, direction))
        await dialog.receive("ACK")
        return invite

    def sipfrag(self, dialog, refer, status, last):
        dialog.send("NOTIFY", f"SIP/2.0 {status}\r\n", "message/sipfrag", Event="refer",
                    Subscription_State="terminated;reason=noresource" if last else "active;expires=60")


class TransferOut(PeerCase):
    async def test_blind(self):
        page = await self.sign_in()
        dialog, call_id = await self.answered(page)
        answer, _ = await page.request({"request": "transfer", "uri": "5559999"})
        self.assertEqual(answer["event"], "transferring")
        refer = await dialog.receive("REFER")
        self.assertRegex(refer["Refer-To"], r"<sip:5559999@127\.0\.0\.1[^?]*>")
        self.assertIn(f"sip:{self.dn}@", refer["Referred-By"])
        self.peer.answer(refer, 202)
        for status, code, last in (("100 Trying", 100, False), ("180 Ringing", 180, False), ("200 OK", 200, True)):
            self.sipfrag(dialog, refer, status, last)
            await dialog.receive(200, method="NOTIFY")
            progress, _ = await page.event("transfer_progress", call_id=call_id)
            self.assertEqual((progress["code"], progress["final"]), (code, last))
            notify, _ = await page.event("notify", call_id=call_id)
            self.assertEqual((notify["notify"], notify["content"].strip()), ("refer", f"SIP/2.0 {status}"))
        bye = await dialog.receive("BYE")
        self.peer.answer(bye, 200)
        hung_up, _ = await page.event("hangup")
        self.assertEqual((hung_up["code"], hung_up["reason"]), (200, "transferred"))

    async def test_failed_and_refused(self):
        page = await self.sign_in()
        dialog, _ = await self.answered(page)
        await page.request({"request": "transfer", "uri": "5559999"})
        refer = await dialog.receive("REFER")
        self.peer.answer(refer, 202)
        self.sipfrag(dialog, refer, "486 Busy Here", True)
        progress, _ = await page.event("transfer_progress")
        self.assertEqual((progress["code"], progress["reason"], progress["final"]), (486, "Busy Here", True))
        await page.request({"request": "transfer", "uri": "5559999"})
        self.peer.answer(await dialog.receive("REFER"), 405)
        progress, _ = await page.event("transfer_progress")
        self.assertEqual((progress["code"], progress["final"]), (405, True))
        answer, _ = await page.request({"request": "query"})
        self.assertEqual([call["state"] for call in answer["calls"]], ["established"])  # it goes on

    async def test_attended(self):
        page = await self.sign_in()
        first, first_id = await self.answered(page)
        consult = self.peer.dialog(self.dn, "5550001")
        cseq = consult.send("INVITE", sdp(26100))
        incoming, _ = await page.event("incomingcall")
        accept = asyncio.ensure_future(page.request({"request": "accept", "call_id": incoming["call_id"]}))
        held = await self.agree_to_reinvite(first, "recvonly")  # the first call is held
        self.assertIn("a=sendonly", held.body)
        await accept
        consult.theirs = (await consult.receive(200, method="INVITE"))["To"]
        consult.send("ACK", cseq=cseq)
        await page.event("accepted", call_id=incoming["call_id"])

        async def confirmed():
            answer, _ = await page.request({"request": "query"})
            return {call["state"] for call in answer["calls"]} == {"established"}
        await self.eventually(confirmed, "the ACK, which names the dialog's tags, has come")
        # As a client of Janus's SIP plugin says it: the consultation call alone.
        transferring, _ = await page.request({"request": "transfer", "uri": "sip:5550001@x",
                                              "replace": incoming["call_id"]})
        self.assertEqual(transferring["call_id"], first_id)
        refer = await first.receive("REFER")
        ours = consult.ours.partition("tag=")[2]
        theirs = consult.theirs.partition("tag=")[2]
        self.assertIn(f"?Replaces={consult.call_id.replace('@', '%40')}%3Bto-tag%3D{ours}%3Bfrom-tag%3D{theirs}>",
                      refer["Refer-To"])
        self.assertIn("sip:5550001@", refer["Refer-To"])
        self.peer.answer(refer, 202)
        self.sipfrag(first, refer, "200 OK", True)
        self.peer.answer(await first.receive("BYE"), 200)
        consult.send("BYE")
        await consult.receive(200, method="BYE")
        for _ in range(2):
            await page.event("hangup")


class TransferIn(PeerCase):
    async def test_refer_is_carried_out_and_reported(self):
        page = await self.sign_in()
        dialog, call_id = await self.answered(page)
        dialog.send("REFER", Refer_To="<sip:5557777@elsewhere.example?Replaces=abc%40h%3Bto-tag%3D1%3Bfrom-tag%3D2>",
                    Referred_By="<sip:7777@127.0.0.1>")
        await dialog.receive(202, method="REFER")
        asked, _ = await page.event("transfer", call_id=call_id)
        self.assertEqual((asked["accepted"], asked["replaces"]), (True, "abc@h;to-tag=1;from-tag=2"))
        trying = await dialog.receive("NOTIFY")
        self.peer.answer(trying, 200)
        self.assertEqual((trying["Event"].partition(";")[0], trying.body.strip()), ("refer", "SIP/2.0 100 Trying"))
        invite = await self.peer.receive("INVITE")
        self.assertIn("sip:5557777@127.0.0.1", invite.start)  # by SIP Server, whatever the host said
        self.assertEqual(invite["Replaces"], "abc@h;to-tag=1;from-tag=2")
        self.assertEqual(invite["Referred-By"], "<sip:7777@127.0.0.1>")
        self.peer.answer(invite, 180)
        ringing = await dialog.receive("NOTIFY")
        self.peer.answer(ringing, 200)
        self.assertEqual(ringing.body.strip(), "SIP/2.0 180 Ringing")
        self.peer.accepted(invite, sdp(26100))
        last = await dialog.receive("NOTIFY")
        self.peer.answer(last, 200)
        self.assertEqual(last.body.strip(), "SIP/2.0 200 OK")
        self.assertTrue(last["Subscription-State"].startswith("terminated"), last["Subscription-State"])
        calling, _ = await page.event("calling")
        await page.event("accepted", call_id=calling["call_id"])
        dialog.send("BYE")
        await page.event("hangup", call_id=call_id)

    async def test_refer_that_fails(self):
        page = await self.sign_in()
        dialog, _ = await self.answered(page)
        dialog.send("REFER", Refer_To="<sip:5557777@x>")
        await dialog.receive(202, method="REFER")
        self.peer.answer(await dialog.receive("NOTIFY"), 200)
        invite = await self.peer.receive("INVITE")
        self.peer.answer(invite, 486)
        last = await dialog.receive("NOTIFY")
        self.peer.answer(last, 200)
        self.assertTrue(last.body.startswith("SIP/2.0 486"), last.body)
        dialog.send("REFER", Refer_To="<tel:5557777>")
        await dialog.receive(400, method="REFER")
        self.peer.answer(await dialog.receive("BYE") if await self.hung_up(page) else None, 200)

    async def hung_up(self, page):
        answer, _ = await page.request({"request": "query"})
        await page.request({"request": "hangup", "call_id": answer["calls"][0]["call_id"]})
        return True

    async def test_outside_a_call_it_is_refused(self):
        await self.sign_in(audio=False)
        self.peer.dialog(self.dn).send("REFER", Refer_To="<sip:5557777@x>")
        await self.peer.receive(405, method="REFER")

    async def test_invite_with_replaces(self):
        page = await self.sign_in()
        dialog, call_id = await self.answered(page)
        replaces = (f"{dialog.call_id};to-tag={dialog.theirs.partition('tag=')[2]};"
                    f"from-tag={dialog.ours.partition('tag=')[2]}")
        wrong = self.peer.dialog(self.dn, "5552222")
        wrong.send("INVITE", sdp(26100), Replaces=replaces.replace("from-tag=", "from-tag=x"))
        await wrong.receive(481, method="INVITE")
        early = self.peer.dialog(self.dn, "5552222")
        early.send("INVITE", sdp(26100), Replaces=replaces + ";early-only")
        await early.receive(486, method="INVITE")
        new = self.peer.dialog(self.dn, "5552222")
        await new.invited(sdp(26100), Replaces=replaces)
        incoming, _ = await page.event("incomingcall")
        self.assertEqual(incoming["replaces"], call_id)
        await page.event("accepted", call_id=incoming["call_id"])
        self.peer.answer(await dialog.receive("BYE"), 200)
        hung_up, _ = await page.event("hangup", call_id=call_id)
        self.assertEqual(hung_up["code"], 200)


class ReferAsks(PeerCase):
    options = {"dn_defaults": '  refer = "ask"'}

    async def test_agent_decides(self):
        page = await self.sign_in()
        dialog, _ = await self.answered(page)
        dialog.send("REFER", Refer_To="<sip:5557777@x>")
        await dialog.receive(202, method="REFER")
        asked, _ = await page.event("transfer")
        self.assertFalse(asked["accepted"])
        answer, _ = await page.request({"request": "decline", "refer_id": asked["refer_id"]})
        self.assertEqual((answer["event"], answer["code"]), ("declining", 603))
        last = await dialog.receive("NOTIFY")
        self.peer.answer(last, 200)
        self.assertEqual(last.body.strip(), "SIP/2.0 603 Decline")
        dialog.send("REFER", Refer_To="<sip:5557778@x>")
        await dialog.receive(202, method="REFER")
        asked, _ = await page.event("transfer")
        await page.request({"request": "call", "refer_id": asked["refer_id"]})
        self.assertIn("5557778", (await self.peer.receive("INVITE")).start)


class Texts(PeerCase):
    options = {"dn_defaults": '  digits = "info"'}

    async def test_info_both_ways(self):
        page = await self.sign_in()
        dialog, call_id = await self.answered(page)
        data = "Customer=4711&Reason=complaint"
        await page.request({"request": "info", "type": "application/x-www-form-urlencoded", "content": data})
        info = await dialog.receive("INFO")
        self.peer.answer(info, 200)
        self.assertEqual((info["Content-Type"], info.body), ("application/x-www-form-urlencoded", data))
        dialog.send("INFO", "to the agent", "application/octet-stream")
        await dialog.receive(200, method="INFO")
        told, _ = await page.event("info", call_id=call_id)
        self.assertEqual((told["type"], told["content"]), ("application/octet-stream", "to the agent"))
        self.assertTrue(told["sender"].startswith("sip:5551234@"), told)

    async def test_digits_by_info_both_ways(self):
        page = await self.sign_in()
        dialog, _ = await self.answered(page)
        await page.request({"request": "dtmf_info", "digit": "7", "duration": 200})
        info = await dialog.receive("INFO")
        self.peer.answer(info, 200)
        self.assertEqual((info["Content-Type"], info.body), ("application/dtmf-relay", "Signal=7\r\nDuration=200\r\n"))
        dialog.send("INFO", "Signal=#\r\nDuration=120\r\n", "application/dtmf-relay")
        digit, _ = await page.event("dtmf")
        self.assertEqual((digit["digit"], digit["duration"]), ("#", 120))

    async def test_messages(self):
        page = await self.sign_in()
        dialog, call_id = await self.answered(page)
        await page.request({"request": "message", "content": "in the call"})
        message = await dialog.receive("MESSAGE")
        self.peer.answer(message, 200)
        delivered, _ = await page.event("messagedelivery", call_id=call_id)
        self.assertEqual(delivered["code"], 200)
        dialog.send("MESSAGE", "<b>hello</b>", "text/plain")
        await dialog.receive(200, method="MESSAGE")
        told, _ = await page.event("message")
        self.assertEqual((told["content"], told["call_id"]), ("<b>hello</b>", call_id))
        await page.request({"request": "message", "content": "outside", "uri": "7099"})
        message = await self.peer.receive("MESSAGE")
        self.assertIn("sip:7099@", message.start)
        self.peer.answer(message, 404)
        delivered, _ = await page.event("messagedelivery")
        self.assertEqual(delivered["code"], 404)
        outside = self.peer.dialog(self.dn)
        outside.send("MESSAGE", "for the DN", "text/plain")
        await outside.receive(200, method="MESSAGE")
        told, _ = await page.event("message")
        self.assertEqual(told["content"], "for the DN")
        stranger = self.peer.dialog("7999")
        stranger.send("MESSAGE", "for nobody", "text/plain")
        await stranger.receive(404, method="MESSAGE")
        for field, value in (("type", "text"), ("type", "te xt/plain"), ("content", "x" * 4097)):
            with self.assertRefused(444, "invalid_field", field):
                await page.request({"request": "info", "type": "text/plain", "content": "x", field: value})


class Subscriptions(PeerCase):
    async def subscribed(self, page, **fields):
        await page.request({"request": "subscribe", "event": "message-summary", **fields})
        subscribe = await self.peer.receive("SUBSCRIBE")
        to = self.peer.answer(subscribe, 202, Expires=subscribe["Expires"])
        dialog = Dialog(self.peer, subscribe.call_id, to, subscribe["From"],
                        subscribe["Contact"].partition("<")[2].partition(">")[0])
        await page.event("subscribe_succeeded")
        return subscribe, dialog

    async def test_news_until_it_ends(self):
        page = await self.sign_in(audio=False)
        subscribe, dialog = await self.subscribed(page, accept="application/simple-message-summary",
                                                  subscribe_ttl=600)
        self.assertIn(f"sip:{self.dn}@", subscribe.start)
        self.assertEqual((subscribe["Event"], subscribe["Expires"], subscribe["Accept"]),
                         ("message-summary", "600", "application/simple-message-summary"))
        dialog.send("NOTIFY", "Messages-Waiting: yes\r\n", "application/simple-message-summary",
                    Event="message-summary", Subscription_State="active;expires=600")
        await dialog.receive(200, method="NOTIFY")
        told, _ = await page.event("notify")
        self.assertEqual((told["notify"], told["to"], told["substate"], told["content-type"], told["content"]),
                         ("message-summary", self.dn, "active", "application/simple-message-summary",
                          "Messages-Waiting: yes\r\n"))
        await page.request({"request": "unsubscribe", "event": "message-summary"})
        end = await dialog.receive("SUBSCRIBE")
        self.assertEqual(end["Expires"], "0")
        self.peer.answer(end, 200, Expires="0")
        dialog.send("NOTIFY", Event="message-summary", Subscription_State="terminated;reason=timeout")
        # Nothing is kept of it here: its last NOTIFY finds none, which ends it there, too (RFC 6665, 4.2.2).
        last = await dialog.receive(481, method="NOTIFY")
        self.assertEqual(last["CSeq"].split()[0], "2")

    async def test_refused_and_foreign(self):
        page = await self.sign_in(audio=False)
        await page.request({"request": "subscribe", "event": "presence", "to": "sip:7099@elsewhere.example"})
        subscribe = await self.peer.receive("SUBSCRIBE")
        self.assertIn("sip:7099@127.0.0.1", subscribe.start)
        self.peer.answer(subscribe, 489)
        failed, _ = await page.event("subscribe_failed")
        self.assertEqual((failed["code"], failed["to"]), (489, "7099"))
        for event in ("reg", "pre sence", "x\r\ny"):
            with self.assertRefused(444, "invalid_field", "event"):
                await page.request({"request": "subscribe", "event": event})

    async def test_sign_out_ends_it(self):
        page = await self.sign_in(audio=False)
        _, dialog = await self.subscribed(page)
        answer, _ = await page.request({"request": "unregister"})
        self.assertEqual(answer["event"], "unregistering")
        await page.event("unregistered")
        self.assertEqual((await dialog.receive("SUBSCRIBE"))["Expires"], "0")


class EarlyMedia(PeerCase):
    async def test_progress_before_the_answer(self):
        page = await self.sign_in()
        dialog = self.peer.dialog(self.dn)
        cseq = dialog.send("INVITE", sdp(26000))
        await page.event("incomingcall")
        answer, _ = await page.request({"request": "progress"})
        self.assertEqual(answer["event"], "progress")
        early = await dialog.receive(183)
        self.assertIn("m=audio", early.body)
        await page.request({"request": "accept"})
        answer = await dialog.receive(200, method="INVITE")
        self.assertEqual(answer.body, early.body)
        dialog.theirs = answer["To"]
        dialog.send("ACK", cseq=cseq)
        dialog.send("BYE")
        await page.event("hangup")
