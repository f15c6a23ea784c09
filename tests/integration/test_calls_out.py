"""Calls that the agent makes."""

import asyncio

from stack_case import StackCase


class Dialling(StackCase):
    entries = ('number = "7100"; password = "sip-secret"', 'number = "7103"',
               'number = "7104"; display_name = "Service Desk"')
    sim_options = ("--dn", "7100=sip-secret", "--dn", "7104", "--authenticate", "register,invite")

    async def dial(self, page, uri, **fields):
        answer, _ = await page.request({"request": "call", "uri": uri, **fields})
        self.assertEqual(answer["event"], "calling")
        return answer["call_id"]

    async def test_echo(self):
        page = await self.sign_in()
        call_id = await self.dial(page, "9001")
        accepted, _ = await page.event("accepted", call_id=call_id)
        self.assertEqual((accepted["sip_codec"], accepted["browser_codec"]),
                         ("PCMU/8000", "opus/48000/2"))
        self.assertEqual(len(accepted["uuid"]), 32)
        await page.hears(700, -13)
        call = await self.sim.call_of(self.dn, "9001")
        await self.sim.hears(call, 700, -13)
        page.audio.frequency = 1200
        await page.hears(1200, -13)
        await page.request({"request": "hangup"})
        hung_up, _ = await page.event("hangup")
        self.assertEqual(hung_up["code"], 200)
        ended = await self.sim.state(call, "ended")
        self.assertEqual(ended["ended"]["by"], "phone")

    async def test_forms_of_a_number(self):
        page = await self.sign_in()
        for uri in ("sip:9004@evil.example", "tel:9004"):
            with self.subTest(uri):
                await self.dial(page, uri)
                await page.event("accepted")
                await page.hears(440, -10)
                invite = self.messages("INVITE")[-1]
                self.assertRegex(invite.start, r"^INVITE sip:9004@127\.0\.0\.1")
                self.assertNotIn("evil", invite.text)
                await page.request({"request": "hangup"})
                await page.event("hangup")

    async def test_busy(self):
        page = await self.sign_in()
        call_id = await self.dial(page, "9010")
        hung_up, _ = await page.event("hangup", call_id=call_id)
        self.assertEqual(hung_up["code"], 486)
        self.assertRegex(hung_up["reason"], "486 .*Busy")

    async def test_forbidden_and_why(self):
        page = await self.sign_in()
        await self.dial(page, "9012")
        hung_up, _ = await page.event("hangup")
        self.assertEqual((hung_up["code"], hung_up["reason_header"]),
                         (403, 'SIP;cause=403;text="Forbidden"'))

    async def test_unknown_number(self):
        page = await self.sign_in()
        await self.dial(page, "8888")
        hung_up, _ = await page.event("hangup")
        self.assertEqual(hung_up["code"], 404)

    async def test_nobody_answers_and_cancel(self):
        page = await self.sign_in()
        call_id = await self.dial(page, "9011")
        await page.event("ringing", call_id=call_id)
        call = await self.sim.call_of(self.dn, "9011")
        answer, _ = await page.request({"request": "hangup"})
        self.assertEqual(answer["event"], "hangingup")
        hung_up, _ = await page.event("hangup", call_id=call_id)
        self.assertEqual(hung_up["code"], 487)
        ended = await self.sim.state(call, "ended")
        self.assertEqual((ended["ended"]["status"], ended["ended"]["by"]), (487, "phone"))

    async def test_answer_after_ringing(self):
        page = await self.sign_in()
        call_id = await self.dial(page, "9014*1")
        await page.event("ringing", call_id=call_id)
        await page.event("accepted", call_id=call_id)
        call = await self.sim.call_of(self.dn, "9014*1")
        await self.both_ways(page, call)

    async def test_early_media(self):
        page = await self.sign_in()
        call_id = await self.dial(page, "9013*3")
        await page.event("progress", call_id=call_id)
        await page.hears(440, -10, seconds=2.5)
        self.assertNotIn("accepted", page.seen())
        call = await self.sim.call_of(self.dn, "9013*3")
        self.assertEqual((await self.sim.call(call))["state"], "ringing")
        await page.event("accepted", call_id=call_id)
        await self.both_ways(page, call)

    async def test_headers_of_the_page(self):
        page = await self.sign_in()
        await self.dial(page, "9015", headers={"X-Demo-Campaign": "spring; \"quoted\" <b>"})
        await page.event("accepted")
        invite = self.messages("INVITE")[-1]
        self.assertEqual(invite.values["X-Demo-Campaign"], "spring; \"quoted\" <b>")
        for name in ("From", "X-Genesys-CallUUID", "X-Other", "Route"):
            with self.subTest(name), self.assertRefused(466, "header_not_allowed", "headers"):
                await page.request({"request": "call", "uri": "9015", "headers": {name: "x"}})
        with self.assertRefused(444, "invalid_field", "headers"):
            await page.request({"request": "call", "uri": "9015",
                                "headers": {"X-Demo-A": "a\r\nRoute: <sip:evil>"}})
        self.assertEqual(len(self.messages("INVITE")), 1)

    async def test_digest_on_invite(self):
        await self.eventually(lambda: self.binding("7100"), "DN 7100 registered")
        page = await self.sign_in("7100")
        await self.dial(page, "9004")
        await page.event("accepted")
        await page.hears(440, -10)
        invites = self.messages("INVITE", "7100")
        self.assertEqual(len(invites), 2, invites)
        self.assertIn('username="7100"', invites[1].values["Proxy-Authorization"])
        await page.request({"request": "hangup"})
        await page.event("hangup")
        await self.eventually(lambda: self.messages("BYE", "7100"), "the BYE")
        self.assertNotIn("Proxy-Authorization", self.messages("BYE", "7100")[0].values)

    async def test_not_in_service(self):
        page = await self.open_page()
        await page.request({"request": "register", "username": "7103", "secret": self.password})
        await page.event("registration_failed")
        with self.assertRefused(468, "not_in_service"):
            await page.request({"request": "call", "uri": "9001"}, await page.offer())

    async def test_display_name(self):
        await self.eventually(lambda: self.binding("7104"), "DN 7104 registered")
        page = await self.sign_in("7104")
        self.assertEqual(page.signed_in["displayname"], "Service Desk")
        await self.dial(page, "9015")
        await page.event("accepted")
        self.assertTrue(self.messages("INVITE", "7104")[0].values["From"].startswith('"Service Desk" <sip:7104@'))

    async def test_dn_to_dn(self):
        other = next(self.free_dns)
        caller = await self.sign_in(frequency=700)
        callee = await self.sign_in(other, frequency=1000)
        await self.dial(caller, other)
        incoming, _ = await callee.event("incomingcall")
        self.assertTrue(incoming["username"].startswith(f"sip:{self.dn}@"), incoming)
        await caller.event("ringing")
        await callee.request({"request": "accept"})
        await caller.event("accepted")
        await asyncio.gather(caller.hears(1000, -13), callee.hears(700, -13))
        await callee.request({"request": "hangup"})
        hung_up, _ = await caller.event("hangup")
        self.assertEqual(hung_up["code"], 200)

    async def test_sign_out_only_without_a_call(self):
        page = await self.sign_in()
        await self.dial(page, "9004")
        await page.event("accepted")
        with self.assertRefused(467, "call_in_progress"):
            await page.request({"request": "unregister"})
        await page.hears(440, -10)

    async def test_two_calls_need_a_name(self):
        page = await self.sign_in()
        first = await self.dial(page, "9004")
        await page.event("accepted", call_id=first)
        second = await self.dial(page, "9001")
        await page.event("accepted", call_id=second)
        with self.assertRefused(443, "missing_field", "call_id"):
            await page.request({"request": "hangup"})
        with self.assertRefused(454, "no_such_call", "call_id"):
            await page.request({"request": "hangup", "call_id": "c-1"})
        await page.hears(700, -13)  # the latest is heard: the echo
        await page.request({"request": "hangup", "call_id": second})
        await page.event("hangup", call_id=second)
        # Taking the second up has put the first on hold; it stays there until it is retrieved.
        await page.request({"request": "unhold"})
        page.ear.forget()
        await page.hears(440, -10)

    async def test_silent_server(self):
        page = await self.sign_in()
        await self.sim.post("/fail", {"invite": "silent"})
        try:
            call_id = await self.dial(page, "9001")
            hung_up, _ = await page.event("hangup", timeout=7, call_id=call_id)
            self.assertEqual(hung_up["code"], 408)
            self.assertRegex(hung_up["reason"], "no answer")
        finally:
            await self.sim.post("/fail", {"invite": "silent", "count": 0})
