"""The WebSocket is opened for a good token, and for nothing else; no token is written into a log."""

import json
import time
import unittest

from outside_case import OutsideCase
from signed_token import HEADER, base64url, claims_of, signed, unsigned  # in the folder of stack_case


class UpgradeToken(OutsideCase):
    settings = {**OutsideCase.settings, "sign_in": "token"}

    def token(self, header=None, key=None, **claims):
        """A good one, but for what is given."""
        return signed(self.stack.settings.secret("jwt.key") if key is None else key, header, **claims)

    def status(self, *protocols, **changed):
        offered = ", ".join(("janus-protocol", *protocols))
        return self.upgrade(Sec_WebSocket_Protocol=offered, **changed)[0]

    def test_a_good_token_opens_it(self):
        token = self.token()
        status, opened = self.upgrade(path="/janus-ws?dn=7001", Sec_WebSocket_Protocol=f"janus-protocol, bearer.{token}")
        self.assertEqual(status, 101)
        self.assertIn("sec-websocket-protocol: janus-protocol\r\n", opened.head.lower() + "\r\n")
        self.assertNotIn(token, opened.head)
        self.assertEqual(opened.ask({"janus": "create"})["janus"], "success")
        for log in ("nginx-access.log", "nginx.log", "janus.log", "guard.log"):
            self.assertNotIn(token, self.log(log), log)
            self.assertNotIn(token.split(".")[2], self.log(log), log)

    def test_none_or_something_else_does_not(self):
        good = self.token()
        for offered in ((), ("bearer.",), ("bearer.garbage",), ("bearer.a.b.c",), (f"Bearer {good}",),
                        (f"token.{good}",), (good,), (f"bearer.{good}x",), (f"bearer.{good[:-2]}",),
                        (f"bearer.{good}", "more"), (f"bearer.{good}\"",), ("bearer." + "a" * 5000,)):
            with self.subTest(offered=[one[:20] for one in offered]):
                self.assertEqual(self.status(*offered), 401)

    def test_other_places_are_no_place_for_it(self):
        good = self.token()
        self.assertEqual(self.status(Authorization=f"Bearer {good}"), 401)
        self.assertEqual(self.status(Cookie=f"token={good}"), 401)
        self.assertEqual(self.upgrade(path=f"/janus-ws?token={good}")[0], 401)

    def test_wrong_tokens(self):
        now = int(time.time())
        wrong = {"alg none": unsigned(), "alg none, signed": self.token(header={"alg": "none"}),
                 "another algorithm": self.token(header={**HEADER, "alg": "HS512"}),
                 "RS256 with the secret": self.token(header={**HEADER, "alg": "RS256"}),
                 "another key": self.token(key=b"0123456789abcdef0123456789abcdef"),
                 "no key": self.token(key=b""),
                 "another audience": self.token(aud="elsewhere"), "no audience": self.token(aud=None),
                 "expired": self.token(exp=now - 1), "for ever": self.token(exp=None),
                 "not yet good": self.token(nbf=now + 60), "from the future": self.token(iat=now + 3600),
                 "nobody's": self.token(sub=None), "a key of its own": self.token(
                     header={**HEADER, "jwk": {"kty": "oct", "k": "AA"}}, key=b"\0"),
                 "a critical header": self.token(header={**HEADER, "crit": ["x"], "x": 1})}
        for name, token in wrong.items():
            with self.subTest(name):
                self.assertEqual(self.status(f"bearer.{token}"), 401)

    def test_changed_claims_under_the_old_signature(self):
        header, _, signature = self.token().split(".")
        claims = base64url(json.dumps(claims_of(sub="mallory", dn="7002")).encode())
        self.assertEqual(self.status(f"bearer.{header}.{claims}.{signature}"), 401)

    def test_another_origin_is_refused_with_a_good_token(self):
        self.assertEqual(self.status(f"bearer.{self.token()}", Origin="https://evil.test"), 403)

    def test_the_question_itself_cannot_be_asked_from_outside(self):
        self.assertEqual(self.ask("/token-check", {"Authorization": f"Bearer {self.token()}"})[0], 404)


if __name__ == "__main__":
    unittest.main()
