"""RFC 4475 from SIP Server's own address: each of its 49 messages gets its answer or none, and after each the
gateway is as it was."""

import re

from inside_case import InsideCase
from rfc4475 import MESSAGES, Tormentor


class Torture(InsideCase):
    async def test_every_message(self):
        tormentor = Tormentor(self.dn, self.peer.address, self.stack.settings.ports.sip)
        self.assertEqual(len(MESSAGES), 49)
        for message in MESSAGES:
            with self.subTest(f"{message.section} {message.name}"):
                self.peer.write(tormentor.octets(message))
                if message.answers:
                    answer = await self.final_answer(tormentor.call_id(message), None in message.answers)
                    self.assertIn(answer and answer.status, message.answers, answer and answer.start)
                await self.answers()
                if not message.answers:
                    self.assertEqual([one.start for one in self.peer.waiting if message.name in one.call_id], [])
        await self.a_call_comes_in()

    async def final_answer(self, call_id, may_be_missing):
        """To an INVITE it is acknowledged, so that it does not come again. None: there is none, though what
        was sent after the message has been answered. One without a Call-ID counts as well."""
        def final():
            return next((one for one in self.peer.waiting if one.status >= 200
                         and one.call_id.startswith(call_id if one.call_id else "")), None)
        if may_be_missing:
            await self.answers()
            await self.answers()
        answer = final() if may_be_missing else await self.eventually(final, "a final answer")
        if answer is None:
            return None
        self.peer.waiting.remove(answer)
        if answer.method == "INVITE":
            self.peer.transmit([f"ACK sip:{self.dn}@127.0.0.1 SIP/2.0", "CSeq: " + answer["CSeq"].replace("INVITE", "ACK"),
                                *(f"{name}: {answer[name]}" for name in ("Via", "From", "To", "Call-ID"))])
        return answer

    async def test_each_octet_cut_off(self):
        """A plain INVITE that ends too early, at every tenth octet; and one octet at a time that is another."""
        tormentor = Tormentor(self.dn, self.peer.address, self.stack.settings.ports.sip)
        whole = tormentor.octets(next(one for one in MESSAGES if one.name == "inv2543"))
        for end in range(0, len(whole), 10):
            self.peer.write(whole[:end])
        for place in range(0, len(whole), 3):
            octet = bytes([whole[place] ^ 0x80])
            self.peer.write(whole[:place] + octet + whole[place + 1:])
            if place % 60 == 0:
                await self.answers()
        await self.answers()
        await self.a_call_comes_in()

    async def test_oversized(self):
        """A datagram of more than 16 KiB is not answered as if it were whole."""
        dialog = self.peer.dialog(self.dn)
        for size in (17_000, 60_000):
            dialog.send("INVITE", X_Long="y" * size)
        for count in (2000, 5000):
            text = "".join(f"X-{number}: y\r\n" for number in range(count))
            self.peer.write(f"OPTIONS sip:{self.dn}@x SIP/2.0\r\n{text}\r\n".encode()[:60_000])
        await self.answers()
        self.assertFalse([one.start for one in self.peer.waiting if re.match(r"SIP/2.0 (180|200|480)", one.start)])
        await self.a_call_comes_in()
