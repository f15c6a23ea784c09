"""The HTTP of the inside: who is healthy, whose token is good, and who can ask at all."""

import json
import time

import inside_http
from signed_token import HEADER, signed, unsigned
from stack_case import ADDRESS, StackCase


class InsideHttp(StackCase):
    dns = "7000-7009"
    settings = {"sign_in": "token"}

    async def get(self, path, token=None, host="127.0.0.1"):
        return await inside_http.get(self.stack.settings.ports.inside, path, token, host)

    async def health(self):
        status, _, text = await self.get("/health")
        return status, json.loads(text)

    async def test_health(self):
        async def registered():
            return (await self.health())[1]["registered"] == 10
        await self.eventually(registered, "ten DNs registered")
        self.assertEqual(await self.health(), (200, {"status": "in service", "reason": "", "dns": 10,
                                                     "registered": 10, "calls": 0}))

    async def test_a_good_token(self):
        key = self.stack.settings.secret("jwt.key")
        status, _, text = await self.get("/token-check", signed(key))
        self.assertEqual((status, text), (204, ""))
        status, _, _ = await self.get("/token-check", signed(key, dn="any other", aud=["x", "janus-genesys"]))
        self.assertEqual(status, 204)

    async def test_tokens_that_are_refused(self):
        key, now = self.stack.settings.secret("jwt.key"), int(time.time())
        for why, token, name in (
                ("none given", None, "bad_credential"),
                ("garbage", "a.b.c", "bad_credential"),
                ("alg none", unsigned(), "bad_credential"),
                ("wrong algorithm", signed(key, {**HEADER, "alg": "HS512"}), "bad_credential"),
                ("wrong key", signed("x" * 64), "bad_credential"),
                ("expired", signed(key, exp=now - 1), "token_expired"),
                ("future", signed(key, nbf=now + 60), "bad_credential"),
                ("wrong audience", signed(key, aud="another"), "bad_credential"),
                ("cut", signed(key)[:-1], "bad_credential")):
            with self.subTest(why):
                status, headers, text = await self.get("/token-check", token)
                self.assertEqual((status, json.loads(text)["error_name"]), (401, name))
                self.assertRegex(headers["WWW-Authenticate"], "^Bearer")
                if token:
                    self.assertNotIn(token, self.janus_log() + text)

    async def test_nobody_outside_can_ask(self):
        for path in ("/health", "/token-check"):
            with self.assertRaises(OSError):
                await self.get(path, host=ADDRESS)

    async def test_other_questions(self):
        status, _, _ = await self.get("/")
        self.assertEqual(status, 404)


class WithoutSipServer(StackCase):
    dns = "7000-7009"
    only = ("janus",)

    async def test_health_says_so(self):
        async def sick():
            status, _, text = await inside_http.get(self.stack.settings.ports.inside, "/health")
            return status == 503 and json.loads(text)
        health = await self.eventually(sick, "503", 20)
        self.assertEqual((health["status"], health["reason"], health["registered"]),
                         ("out of service", "no SIP Server answers", 0))
