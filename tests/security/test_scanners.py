"""Whoever is no configured peer gets no answer: not an octet, not a SYN-ACK."""

import asyncio
import subprocess

from inside_case import STRANGER, InsideCase, Stranger, sdp
from rfc4475 import MESSAGES, Tormentor
from stream_peer import StreamPeer


def scan(method, stranger, user, number, more=""):
    """One line of a scanner's list."""
    return (f"{method} sip:{user}@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {stranger.name};branch=z9hG4bKscan{number};rport\r\n"
            f"From: <sip:scan@{stranger.name}>;tag=s{number}\r\nTo: <sip:{user}@127.0.0.1>\r\n"
            f"Call-ID: scan{number}@{stranger.name}\r\nCSeq: 1 {method}\r\nContact: <sip:scan@{stranger.name}>\r\n"
            f"Max-Forwards: 70\r\nUser-Agent: friendly-scanner\r\n{more}Content-Length: 0\r\n\r\n")


class Scanners(InsideCase):
    async def silence(self, stranger, sent):
        """All of it was counted and dropped; what comes behind it from SIP Server is answered."""
        async def counted():
            return await self.dropped() - self.before >= sent
        await self.eventually(counted, f"{sent} dropped packets")
        await self.answers()
        self.assertEqual(stranger.received(), 0)

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.before = await self.dropped()

    async def test_each_method_and_what_is_no_sip(self):
        stranger = Stranger(self)
        methods = ("OPTIONS", "REGISTER", "INVITE", "SUBSCRIBE", "NOTIFY", "MESSAGE", "BYE", "CANCEL", "ACK", "INFO",
                   "REFER", "UPDATE", "PUBLISH", "PRACK", "FOO")
        texts = [scan(method, stranger, user, f"{method}{user}") for method in methods
                 for user in (self.dn, "100", "admin")]
        noise = [b"", b"\r\n\r\n", b"\0" * 100, bytes(range(256)) * 4, b"GET / HTTP/1.0\r\n\r\n", b"x" * 60000]
        for octets in (*texts, *noise):
            stranger.send(octets)
        await self.silence(stranger, len(texts) + len(noise))

    async def test_torture_of_strangers(self):
        stranger = Stranger(self)
        tormentor = Tormentor(self.dn, stranger.name, self.stack.settings.ports.sip)
        for message in MESSAGES:
            stranger.send(tormentor.octets(message))
        await self.silence(stranger, len(MESSAGES))

    async def test_who_knows_the_dialog(self):
        """Requests of a call in progress, with both tags right, and forged answers."""
        page = await self.sign_in()
        dialog, party = await self.call_with_audio(page)
        stranger = Stranger(self)
        head = (f"From: {dialog.ours}\r\nTo: {dialog.theirs}\r\nCall-ID: {dialog.call_id}\r\n"
                f"Via: SIP/2.0/UDP {stranger.name};branch=z9hG4bKforged\r\nContact: <sip:x@{stranger.name}>\r\n"
                "Max-Forwards: 70\r\n")
        body = sdp(26000).replace("127.0.0.1", STRANGER)
        for method in ("BYE", "UPDATE", "INFO", "NOTIFY", "REFER", "MESSAGE", "CANCEL"):
            stranger.send(f"{method} sip:{self.dn}@127.0.0.1 SIP/2.0\r\n{head}CSeq: 50 {method}\r\n\r\n")
        stranger.send(f"INVITE sip:{self.dn}@127.0.0.1 SIP/2.0\r\n{head}CSeq: 51 INVITE\r\n"
                      f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n\r\n{body}")
        for status in (200, 401, 481, 603):
            stranger.send(f"SIP/2.0 {status} Forged\r\n{head}CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n")
        await self.silence(stranger, 12)
        await self.talks(page, party)

    async def test_sipp_as_a_scanner(self):
        """The tool that scanners begin with, at an address of its own."""
        messages = self.directory / "scanner.log"
        process = await asyncio.create_subprocess_exec(
            "sipp", f"127.0.0.1:{self.stack.settings.ports.sip}", "-sn", "uac", "-s", self.dn, "-i", STRANGER,
            "-p", "5999", "-m", "5", "-r", "50", "-nostdin", "-timeout", "2s", "-timeout_error",
            "-trace_msg", "-message_file", str(messages), cwd=self.directory,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertNotEqual(await asyncio.wait_for(process.wait(), 15), 0)
        log = messages.read_text()
        self.assertGreaterEqual(log.count("message sent"), 5)
        self.assertEqual(log.count("message received"), 0)
        await self.answers()


class ByTcp(InsideCase):
    settings = {**InsideCase.settings, "sip_transport": "tcp"}

    async def asyncSetUp(self):
        await super().asyncSetUp()
        ports = self.stack.settings.ports
        self.tcp = await StreamPeer(ports.sim_sip, ports.sip).open()
        self.addAsyncCleanup(self.tcp.leave)

    async def test_no_connection_comes_about(self):
        port = self.stack.settings.ports.sip
        with self.assertRaises(TimeoutError):
            await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port, local_addr=(STRANGER, 0)), 1.2)
        await self.tcp.connect()
        dialog = self.tcp.dialog(self.dn)
        dialog.send("OPTIONS")
        await dialog.receive(200, method="OPTIONS")
