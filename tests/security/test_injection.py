"""Text that would be more than text: control characters in each field of each request, what the remaining
characters become in SIP, as a second parser reads it, and what a caller's name becomes in the log."""

import email.parser
import email.policy
import json
import re

from inside_case import InsideCase, sdp

CONTROLS = [chr(code) for code in (*range(1, 0x20), 0x7F)]  # NUL: Janus refuses the JSON (test_message_size.py)
# Every text field of every request; {} is where the character goes in.
FIELDS = (
    ("register", "username", "70{}01", {"secret": "x"}), ("register", "secret", "a{}b", {"username": "7001"}),
    ("register", "token", "a{}.b.c", {"username": "7001"}), ("register", "type", "hel{}per", {"username": "7001", "secret": "x"}),
    ("call", "uri", "555{}1234", {}), ("call", "srtp", "sdes_{}optional", {"uri": "1"}),
    ("call", "srtp_profile", "AES{}", {"uri": "1", "srtp": "sdes_optional"}),
    ("accept", "call_id", "c{}1", {}), ("progress", "call_id", "c{}1", {}), ("decline", "call_id", "c{}1", {}),
    ("hangup", "call_id", "c{}1", {}), ("hold", "call_id", "c{}1", {}), ("hold", "direction", "send{}only", {}),
    ("unhold", "call_id", "c{}1", {}), ("dtmf_info", "digit", "{}", {}), ("dtmf_info", "call_id", "c{}1", {"digit": "1"}),
    ("transfer", "uri", "555{}1", {}), ("transfer", "replace", "c{}1", {}), ("transfer", "call_id", "c{}1", {"uri": "1"}),
    ("info", "type", "text/{}plain", {"content": "x"}), ("info", "call_id", "c{}", {"type": "text/plain", "content": "x"}),
    ("message", "content_type", "text/{}plain", {"content": "x"}), ("message", "uri", "70{}01", {"content": "x"}),
    ("message", "call_id", "c{}", {"content": "x"}),
    ("subscribe", "event", "pres{}ence", {}), ("subscribe", "to", "70{}01", {"event": "presence"}),
    ("subscribe", "accept", "text/{}plain", {"event": "presence"}), ("unsubscribe", "event", "pres{}ence", {}),
    ("unsubscribe", "to", "70{}01", {"event": "presence"}),
    ("recording", "action", "st{}art", {}), ("recording", "filename", "a{}b", {"action": "start", "audio": True}),
    ("recording", "format", "w{}av", {"action": "start", "audio": True}), ("recording", "call_id", "c{}", {"action": "stop"}),
    ("volume", "call_id", "c{}", {"muted": True}))
TEXTS = (("info", "content", "a{}b", {"type": "text/plain"}), ("message", "content", "a{}b", {}))  # CR, LF, TAB are theirs
HEADERS = (("call", {"uri": "1"}), ("accept", {}), ("progress", {}), ("info", {"type": "text/plain", "content": "x"}),
           ("message", {"content": "x"}))
# Good values, of which a careless writer would make something else.
NASTY = ('"', '\\', '\\"', "<sip:evil@evil.example>", "a;tag=x", "a, b", "%0d%0aX-Evil: 1", "%00", "x" * 1024, " lead", "é\u2028\u0085",
         "\u200fRTL", "\U0001f600", "a=b&c=d", "{{x}}", "$(id)", "'; DROP", "</script>")


def second_parser(text):
    """Headers by Python's parser of RFC 5322, which shares nothing with SIP's: name → values."""
    head = text.partition("\r\n\r\n")[0].partition("\r\n")[2]
    parsed = email.parser.HeaderParser(policy=email.policy.compat32).parsestr(head.replace("\r\n", "\n") + "\n\n")
    found = {}
    for name, value in parsed.items():
        found.setdefault(name.lower(), []).append(value)
    return found


class Injection(InsideCase):
    options = {"agent": '  writable_headers = ["X-Demo-*", "User-to-User"]\n'}

    @classmethod
    def make_template(cls, directory):
        """Its line takes the place of the template's."""
        kept, cls.options = cls.options, {}
        try:
            template = super().make_template(directory)
        finally:
            cls.options = kept
        template.write_text(template.read_text().replace('writable_headers = ["X-Demo-*"]',
                                                         'writable_headers = ["X-Demo-*", "User-to-User"]'))
        return template

    async def refuses(self, page, body):
        from janus_client import RequestRefused
        with self.assertRaises(RequestRefused, msg=json.dumps(body)[:120]) as caught:
            await page.request(body)
        self.assertIn(caught.exception.code, (444, 446), json.dumps(body)[:120])

    async def test_controls_in_every_field(self):
        page = await self.sign_in(audio=False)
        tried = 0
        for request, field, form, others in FIELDS:
            for control in CONTROLS:
                await self.refuses(page, {"request": request, **others, field: form.replace("{}", control)})
                tried += 1
        for request, field, form, others in TEXTS:
            for control in set(CONTROLS) - set("\r\n\t"):
                await self.refuses(page, {"request": request, **others, field: form.replace("{}", control)})
                tried += 1
        for request, others in HEADERS:
            for control in CONTROLS:
                for headers in ({"X-Demo-A": f"a{control}b"}, {f"X-Demo-{control}A": "a"}):
                    await self.refuses(page, {"request": request, **others, "headers": headers})
                    tried += 1
        print(f"\n{tried} requests with a control character, none taken")
        await self.answers()
        self.assertEqual([one.start for one in self.peer.waiting if not one.status], [])

    async def test_what_becomes_of_nasty_text(self):
        """Each value stands in the one header that it was given for, as it was given; no header has been added."""
        page = await self.sign_in()
        raw = []
        receive = self.peer.datagram_received

        def keep(data, address):
            raw.append(data)
            receive(data, address)
        self.peer.datagram_received = keep
        names = None
        for number, value in enumerate(NASTY):
            with self.subTest(value=value[:30]):
                raw.clear()
                await page.request({"request": "call", "uri": "5551234", "headers": {"X-Demo-Text": value}})
                invite = await self.peer.receive("INVITE")
                self.peer.answer(invite, 486)
                await page.event("hangup")
                text = next(data for data in raw if data.startswith(b"INVITE")).decode()
                found = second_parser(text)
                self.assertEqual([one.strip() for one in found.pop("x-demo-text")], [value.strip()])
                self.assertTrue(all(len(values) == 1 for values in found.values()), found)
                names = names or set(found)
                self.assertEqual(set(found), names)
                self.assertNotRegex(text.replace("\r\n", ""), r"[\x00-\x08\x0a-\x1f\x7f]")

    async def test_bodies_stay_bodies(self):
        page = await self.sign_in()
        await self.answered(page)
        evil = "a\r\n\r\nINVITE sip:evil@evil.example SIP/2.0\r\nX-Evil: 1\r\n\r\n"
        await page.request({"request": "info", "type": "text/plain", "content": evil})
        info = await self.peer.receive("INFO")
        self.assertEqual((info.body, int(info["Content-Length"])), (evil, len(evil)))
        self.assertEqual(info["X-Evil"], "")
        self.peer.answer(info, 200)

    async def test_a_callers_name_makes_no_line_of_the_log(self):
        """Whatever stands in From, in headers and in the body of an INVITE."""
        page = await self.sign_in()
        names = ['"x\x1b[2J\x1b]0;owned\x07"', '"a\\\r\n [ERR] forged line"', '"\x7f\x01\x08\x08"', '"<script>alert(1)</script>"',
                 '"%0a[ERR] forged"', '"\u0085[ERR] forged\u2028[ERR] forged"']
        for name in names:
            dialog = self.peer.dialog(self.dn)
            dialog.ours = f"{name} <sip:[ERR]%0aforged@{self.peer.address}>;tag=log{len(name)}"
            dialog.send("INVITE", sdp(26000), X_Genesys_Text=name, Reason=f"SIP;cause=200;text={name}", Subject=name)
            await self.answered_somehow(page, dialog)
        self.peer.write(b"\x1b[31m[ERR] forged\r\n\r\n")
        await self.answers()
        for octets in (self.directory / "stack" / "logs" / "janus.log").read_bytes().split(b"\n"):
            plain = re.sub(rb"\x1b\[[0-9;]*m", b"", octets)  # Janus's own colours
            self.assertNotRegex(plain, rb"[\x00-\x08\x0b-\x1f\x7f]")
            self.assertNotRegex(octets, rb"^\s*(\x1b\[31m)?\[ERR\] forged")
            self.assertNotIn(b"\x1b[2J", octets)
        await self.answer_call(page, self.peer.dialog(self.dn), sdp(26000))

    async def answered_somehow(self, page, dialog):
        """It rings, and the agent declines; or it was refused. Dropped: what comes behind it is answered."""
        await self.answers()
        await self.answers()
        mine = [one.status for one in self.peer.waiting if one.call_id == dialog.call_id]
        if 180 in mine:
            incoming, _ = await page.event("incomingcall")
            await page.request({"request": "decline", "call_id": incoming["call_id"]})
