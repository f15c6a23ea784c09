"""Copies of the SIP messages for a capture server, which this test is."""

import socket
import struct
import time

from stack_case import StackCase

PORT = 9060
NAMES = {1: "family", 2: "protocol", 3: "from", 4: "to", 7: "from_port", 8: "to_port", 9: "seconds",
         10: "microseconds", 11: "kind", 12: "capture_id", 14: "key", 15: "text"}
NUMBERS = ("family", "protocol", "from_port", "to_port", "seconds", "microseconds", "kind", "capture_id")


def chunks(datagram):
    """A HEP version 3 datagram by the names of its chunks."""
    assert datagram[:4] == b"HEP3" and struct.unpack("!H", datagram[4:6])[0] == len(datagram), datagram
    found, rest = {}, datagram[6:]
    while rest:
        vendor, kind, length = struct.unpack("!HHH", rest[:6])
        assert vendor == 0 and 6 <= length <= len(rest), rest
        value, name = rest[6:length], NAMES[kind]
        found[name] = int.from_bytes(value, "big") if name in NUMBERS else value
        rest = rest[length:]
    return found


class Capture(StackCase):
    dns = "7000-7004"
    entries = ('number = "7100"; password = "sip-secret"; register = "on_sign_in"',)
    sim_options = ("--dn", "7100=sip-secret", "--authenticate", "register")
    options = {"dn_defaults": '  srtp = "optional";'}

    @classmethod
    def make_template(cls, directory):
        key = directory / "hep.key"
        key.write_text("of the server\n")
        key.chmod(0o640)
        cls.sections = f'hep: {{ server = "127.0.0.1"; capture_id = 77; key_file = "{key}" }}\n'
        return super().make_template(directory)

    async def asyncSetUp(self):
        self.server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(self.server.close)
        self.server.bind(("127.0.0.1", PORT))
        self.server.setblocking(False)
        self.copies = []
        await super().asyncSetUp()

    def captured(self, beginning, where=lambda copy: True):
        """The copies so far whose message begins so."""
        while True:
            try:
                self.copies.append(chunks(self.server.recv(65536)))
            except BlockingIOError:
                break
        return [copy for copy in self.copies if copy["text"].startswith(beginning) and where(copy)]

    async def test_every_message_of_a_call(self):
        page = await self.sign_in()
        began = time.time()
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)
        await self.sim.hang_up(call)
        await page.event("hangup")
        await self.eventually(lambda: self.captured(b"BYE"), "the BYE")
        invite, = self.captured(b"INVITE")
        self.assertEqual({name: invite[name] for name in ("family", "protocol", "kind", "capture_id", "key")},
                         {"family": 2, "protocol": 17, "kind": 1, "capture_id": 77, "key": b"of the server"})
        ports = self.stack.settings.ports
        self.assertEqual((invite["from_port"], invite["to_port"]), (ports.sim_sip, ports.sip))
        self.assertEqual(socket.inet_ntoa(invite["from"]), "127.0.0.1")
        self.assertLess(abs(invite["seconds"] + invite["microseconds"] / 1e6 - began), 10)
        self.assertRegex(invite["text"], rb"(?s)^INVITE sip:%b@.*\r\n\r\nv=0\r\n.*m=audio" % self.dn.encode())
        answers = self.captured(b"SIP/2.0 ", lambda copy: copy["from_port"] == ports.sip)
        self.assertTrue([one for one in answers if b"200 OK" in one["text"] and b"CSeq: " in one["text"]])
        self.assertTrue(self.captured(b"ACK"))

    async def test_no_secret_leaves(self):
        page = await self.sign_in("7100")
        with_digest, = await self.eventually(
            lambda: self.captured(b"REGISTER", lambda copy: b"Authorization:" in copy["text"]), "the REGISTER")
        self.assertIn(b"\r\nAuthorization: (removed)\r\n", with_digest["text"])
        await page.request({"request": "call", "uri": "9004", "srtp": "sdes_optional"})
        invite, = await self.eventually(lambda: self.captured(b"INVITE"), "the INVITE")
        self.assertRegex(invite["text"], rb"a=crypto:1 \S+ inline:\(removed\)")
        await page.request({"request": "hangup"})

    async def test_a_capture_server_that_is_away_is_no_matter(self):
        self.server.close()
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)
        refused = [line for line in self.janus_log().splitlines() if "hep: the capture server" in line]
        self.assertEqual(len(refused), 1, refused)
