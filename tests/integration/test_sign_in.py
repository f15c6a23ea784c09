"""Who may sign in to a DN, by password and by token, and who must leave it then."""

import asyncio
import json
import subprocess
import time

from signed_token import base64url
from stack_case import ROOT, StackCase


class ByPassword(StackCase):
    async def test_right_password(self):
        page = await self.sign_in(audio=False)
        self.assertEqual((page.signed_in["event"], page.signed_in["username"]), ("registered", self.dn))
        self.assertEqual(page.signed_in["calls"], [])
        self.assertEqual(page.signed_in["resume_window"], 30)
        self.assertNotIn("token_expires_in", page.signed_in)
        self.assertEqual((await self.query_session(page))["signed_in"], True)

    async def test_ice_servers_carry_a_credential_of_limited_life(self):
        page = await self.sign_in(audio=False)
        turn = [server for server in page.signed_in["ice_servers"] if "credential" in server][0]
        self.assertTrue(turn["urls"][0].startswith("turn:"), turn)
        expiry = int(turn["username"].split(":")[0])
        self.assertTrue(500 < expiry - time.time() <= 600, turn)
        fresh, _ = await page.request({"request": "ice_servers"})
        self.assertEqual(fresh["event"], "ice_servers")

    async def test_wrong_password(self):
        page = await self.open_page()
        with self.assertRefused(460, "bad_credential", "secret"):
            await page.request({"request": "register", "username": self.dn, "secret": "guessed wrong"})
        self.assertEqual((await self.query_session(page))["signed_in"], False)
        # The page may try again.
        await page.sign_in(self.dn, self.password, audio=False)

    async def test_a_token_where_passwords_are_wanted(self):
        page = await self.open_page()
        with self.assertRefused(460, "bad_credential", "secret"):
            await page.request({"request": "register", "username": self.dn, "token": "a.b.c"})

    async def test_unknown_dn_shows_only_to_who_has_a_password(self):
        page = await self.open_page()
        with self.assertRefused(460, "bad_credential", "secret"):
            await page.request({"request": "register", "username": "7998", "secret": self.password})

    async def test_bad_requests_name_the_field(self):
        page = await self.open_page()
        for body, code, name, field in (
                ({"request": "register", "secret": "x"}, 443, "missing_field", "username"),
                ({"request": "register", "username": 7001, "secret": "x"}, 444, "invalid_field", "username"),
                ({"request": "register", "username": self.dn, "secret": "a\r\nb"}, 444, "invalid_field", "secret"),
                ({"request": "register", "username": "7" * 200, "secret": "x"}, 444, "invalid_field", "username"),
                ({"request": "record"}, 442, "unknown_request", "request"),
                ({"request": "call", "uri": "sip:555;phone-context=x"}, 446, "invalid_address", "uri"),
                ({"request": "dtmf_info", "digit": "55"}, 444, "invalid_field", "digit"),
                ({"request": "update"}, 448, "missing_jsep", "jsep")):
            with self.subTest(body=body), self.assertRefused(code, name, field):
                await page.request(body)

    async def test_not_before_sign_in(self):
        page = await self.open_page()
        for body in ({"request": "call", "uri": "9001"}, {"request": "accept"}, {"request": "decline"},
                     {"request": "hangup"}, {"request": "query"}, {"request": "unregister"},
                     {"request": "ice_servers"}, {"request": "dtmf_info", "digit": "1"}):
            with self.subTest(body=body), self.assertRefused(447, "wrong_state"):
                await page.request(body)

    async def test_what_the_stock_plugin_lets_a_browser_set(self):
        fields = {"proxy": "sip:evil.example", "authuser": "x", "display_name": "Boss", "user_agent": "y",
                  "headers": {"X-A": "b"}, "contact_params": {"a": "b"}, "register_ttl": 9, "refresh": True}
        page = await self.open_page()
        result, _ = await page.request({"request": "register", "username": f"sip:{self.dn}@evil.example",
                                        "secret": self.password, **fields})
        self.assertEqual(sorted(result["ignored"]), sorted([*fields, "username.host"]))
        call, _ = await self.answered(page)
        for message in self.messages("", direction="received"):
            self.assertNotIn("evil", message.text)
            self.assertNotIn("Boss", message.text)
        await self.sim.hang_up(call)

    async def answered(self, page):
        _, jsep = await page.request({"request": "update"}, await page.offer())
        await page.take_answer(jsep)
        return await self.answered_call(page)

    async def test_one_dn_for_each_handle(self):
        page = await self.sign_in(audio=False)
        with self.assertRefused(445, "already_signed_in", "username"):
            await page.request({"request": "register", "username": next(self.free_dns),
                                "secret": self.password})

    async def test_the_same_agent_takes_over(self):
        old = await self.sign_in()
        new = await self.sign_in()
        told, _ = await old.event("taken_over")
        self.assertEqual(told["username"], self.dn)
        with self.assertRefused(447, "wrong_state"):
            await old.request({"request": "query"})
        call, _ = await self.answered_call(new)
        await self.both_ways(new, call)
        self.assertNotIn("incomingcall", old.seen())
        # The old page's PeerConnection is closed, not left to run.
        await self.eventually(lambda: "hangup" in old.janus_events(), "the old PeerConnection's end")


class ByToken(StackCase):
    settings = {"sign_in": "token"}
    options = {"sign_in": "  max_handles_per_subject = 2"}

    def token(self, subject, *dns, lifetime=3600, audience=None):
        command = [ROOT / "scripts" / "token", "--key", self.stack.settings.secrets / "jwt.key",
                   "--lifetime", str(lifetime), subject, *dns]
        if audience:
            command[3:3] = ["--audience", audience]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    async def register(self, page, token, dn=None):
        return (await page.request({"request": "register", "username": dn or self.dn, "token": token}))[0]

    async def test_good_token(self):
        page = await self.open_page()
        result = await self.register(page, self.token("alice@example.org", self.dn))
        self.assertEqual((result["username"], result["subject"]), (self.dn, "alice@example.org"))
        self.assertTrue(3590 <= result["token_expires_in"] <= 3600, result)

    async def test_range_of_dns(self):
        page = await self.open_page()
        result = await self.register(page, self.token("bob@example.org", "7000-7099"))
        self.assertEqual(result["subject"], "bob@example.org")

    async def test_tokens_that_are_refused(self):
        page = await self.open_page()
        good = self.token("eve@example.org", self.dn)
        header, claims, signature = good.split(".")
        none = base64url(json.dumps({"alg": "none", "typ": "JWT"}).encode())
        spoilt = signature[:-2] + ("AA" if signature[-2:] != "AA" else "BB")
        for what, token, code, name, field in (
                ("expired", self.token("eve", self.dn, lifetime=-5), 461, "token_expired", "token"),
                ("audience", self.token("eve", self.dn, audience="other"), 460, "bad_credential", "token"),
                ("alg none", f"{none}.{claims}.", 460, "bad_credential", "token"),
                ("alg none, signed", f"{none}.{claims}.{signature}", 460, "bad_credential", "token"),
                ("signature", f"{header}.{claims}.{spoilt}", 460, "bad_credential", "token"),
                ("no token", "nonsense", 460, "bad_credential", "token"),
                ("other DN", self.token("eve", "7999"), 462, "dn_not_allowed", "username"),
                ("no DN here", self.token("eve", "7998"), None, None, None)):
            with self.subTest(what):
                if code is None:
                    with self.assertRefused(463, "unknown_dn", "username"):
                        await self.register(page, token, "7998")
                    continue
                with self.assertRefused(code, name, field):
                    await self.register(page, token)
        with self.assertRefused(460, "bad_credential", "token"):
            await page.request({"request": "register", "username": self.dn, "secret": self.password})
        await self.register(page, good)

    async def test_another_subject_is_refused(self):
        alice, eve = await self.open_page(), await self.open_page()
        await self.register(alice, self.token("alice@example.org", self.dn))
        with self.assertRefused(464, "dn_in_use", "username"):
            await self.register(eve, self.token("eve@example.org", self.dn))
        self.assertNotIn("taken_over", alice.seen())
        call = await self.sim.ring(self.dn)
        await alice.event("incomingcall")
        self.assertEqual(eve.seen(), [])
        await self.sim.hang_up(call)
        await alice.event("hangup")
        # Signed out, the DN is free.
        await alice.request({"request": "unregister"})
        await self.register(eve, self.token("eve@example.org", self.dn))

    async def test_the_same_subject_takes_over(self):
        old, new = await self.open_page(), await self.open_page()
        token = self.token("carol@example.org", self.dn)
        await self.register(old, token)
        await self.register(new, token)
        await old.event("taken_over")

    async def test_expiry_ends_no_call_but_begins_none(self):
        page = await self.open_page()
        result = await self.register(page, self.token("dave@example.org", self.dn, lifetime=3))
        self.assertLessEqual(result["token_expires_in"], 3)
        _, jsep = await page.request({"request": "update"}, await page.offer())
        await page.take_answer(jsep)
        call, _ = await self.answered_call(page)
        await self.eventually(lambda: self.left(page), "the token's end")
        await asyncio.sleep(1)  # whole seconds were told
        page.ear.forget()
        await self.both_ways(page, call)
        with self.assertRefused(461, "token_expired"):
            await page.request({"request": "call", "uri": "9001"})
        # Renewed on the same handle, in mid-call.
        await self.register(page, self.token("dave@example.org", self.dn))
        await self.both_ways(page, call)
        await page.request({"request": "hangup"})
        await page.event("hangup")
        await page.request({"request": "call", "uri": "9001"})
        await page.event("accepted")

    @staticmethod
    async def left(page):
        result, _ = await page.request({"request": "query"})
        return result["token_expires_in"] == 0

    async def test_handles_of_one_subject_are_limited(self):
        dns = [self.dn, next(self.free_dns), next(self.free_dns)]
        token = self.token("mallory@example.org", *dns)
        pages = [await self.open_page() for _ in dns]
        await self.register(pages[0], token, dns[0])
        await self.register(pages[1], token, dns[1])
        with self.assertRefused(465, "too_many_handles"):
            await self.register(pages[2], token, dns[2])
