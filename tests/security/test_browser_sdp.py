"""Certificates of the PeerConnection: the gateway's own, and a browser's that is not the one that it told; and
session descriptions beyond every measure."""

import asyncio
import contextlib
import pathlib
import subprocess
import sys

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from page import Page  # noqa: E402
from stack_case import ADDRESS, StackCase  # noqa: E402

KEY = b"PRIVATE KEY-----"  # RFC 7468: of any kind of key


class Certificates(StackCase):
    """Two gateways, as several nodes of one deployment are."""

    settings = {"node_count": 2, "register_when": "on_sign_in"}

    async def shown(self, node):
        """The key and the fingerprint that a page is shown by the node; fails if they do not belong together."""
        page = Page(f"ws://127.0.0.1:{self.stack.settings.nodes[node - 1].ports.ws}")
        await page.__aenter__()
        self.addAsyncCleanup(page.leave)
        await page.sign_in(next(self.free_dns), self.password)
        dtls = page.pc.getTransceivers()[0].sender.transport
        certificate = dtls.ssl.get_peer_certificate().to_cryptography()
        fingerprint = certificate.fingerprint(hashes.SHA256()).hex(":").upper()
        self.assertIn(f"a=fingerprint:sha-256 {fingerprint}\r\n", page.pc.remoteDescription.sdp)
        return fingerprint, certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def files_of(self, node):
        """What its Janus has open or mapped, and what lies where it may write; not what packages have brought."""
        process = pathlib.Path(f"/proc/{self.stack.child(node).pid()}")
        opened = [link.resolve() for link in (process / "fd").iterdir()]
        mapped = [pathlib.Path(line.split(maxsplit=5)[5]) for line in (process / "maps").read_text().splitlines()
                  if "/" in line]
        ours = [path for path in self.stack.settings.directory.rglob("*")
                if self.stack.settings.secrets not in path.parents]
        return {path for path in (*opened, *mapped, *ours, *(process / "cwd").resolve().iterdir())
                if path.is_file() and not path.is_relative_to("/usr") and path.suffix != ".py"}

    def keys_on_disk(self, node, public):
        """Files with a private key as text, or with as much of this one in DER as its public half."""
        return [path for path in self.files_of(node) if KEY in (octets := path.read_bytes()) or public[-60:] in octets]

    async def test_another_one_for_each_gateway_and_each_start(self):
        first, second = await self.shown(1), await self.shown(2)
        self.assertEqual(await self.shown(1), first, "all day the same")
        self.assertGreater(len(self.files_of("janus")), 10)
        self.assertEqual(self.keys_on_disk("janus", first[1]), [])
        self.stack.child("janus").stop()
        self.stack.start_again("janus")
        again = await self.shown(1)
        for index, what in enumerate(("fingerprint", "key")):
            self.assertEqual(len({one[index] for one in (first, second, again)}), 3, what)
        self.assertEqual(self.keys_on_disk("janus", again[1]), [])


class Descriptions(StackCase):
    async def test_another_certificate_than_the_sdp_says(self):
        page = await self.sign_in(audio=False)
        offer = await page.offer()
        lines = offer["sdp"].split("\r\n")
        forged = [line[:-5] + ("00:00" if line[-5:] != "00:00" else "11:11") if line.startswith("a=fingerprint:sha-256")
                  else line for line in lines if not line.startswith("a=fingerprint:") or "sha-256" in line]
        self.assertNotEqual(lines, forged)
        _, jsep = await page.request({"request": "update"}, {"type": "offer", "sdp": "\r\n".join(forged)})
        with contextlib.suppress(AssertionError):  # aiortc may think that all is well
            await page.take_answer(jsep)
        await self.eventually(lambda: "hangup" in page.janus_events(), "the PeerConnection's end", 12)
        self.assertNotIn("webrtcup", page.janus_events())
        call = await self.sim.ring(self.dn)  # and no caller is answered into it
        await page.event("incomingcall")
        self.assertNotEqual((await self.query_session(page))["peer_connection"], "up")
        await self.sim.hang_up(call)
        await page.event("hangup")
        await self.eventually(lambda: self.gone(page), "the plugin knows, too", 12)
        _, jsep = await page.request({"request": "update"}, await page.offer())
        await page.take_answer(jsep)
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)

    async def test_ciphers(self):
        """What is agreed on: forward secrecy and an AEAD."""
        page = await self.sign_in()
        connection = page.pc.getTransceivers()[0].sender.transport.ssl
        self.assertEqual(connection.get_protocol_version_name(), "DTLSv1.2")
        self.assertRegex(connection.get_cipher_name(), r"^ECDHE-.*(GCM|CHACHA20)")

    async def gone(self, page):
        return (await self.query_session(page))["peer_connection"] == "none"

    @staticmethod
    def ports_of(page):
        """Of Janus's candidates, which it trickles."""
        told = (message.get("candidate", {}).get("candidate", "") for message in page._events)
        return {words[5] for words in map(str.split, told) if len(words) > 5}

    async def test_who_says_hello_first(self):
        """A DTLS ClientHello from outside, before the browser's own, gets nothing and is in nobody's way."""
        page = await self.sign_in(audio=False)
        _, jsep = await page.request({"request": "update"}, await page.offer())
        ports = await self.eventually(lambda: self.ports_of(page), "Janus's candidates")
        attackers = [subprocess.Popen(["openssl", "s_client", "-dtls1_2", "-use_srtp", "SRTP_AES128_CM_SHA1_80",
                                       "-connect", f"{ADDRESS}:{port}"], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for port in ports]
        for attacker in attackers:
            self.addCleanup(attacker.stdout.close)
            self.addCleanup(attacker.wait)
            self.addCleanup(attacker.kill)
        self.assertTrue(attackers)
        await asyncio.sleep(1.3)  # one ClientHello, and one more
        await page.take_answer(jsep)
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)
        for attacker in attackers:
            attacker.kill()
            said = (await asyncio.to_thread(attacker.communicate))[0].decode()
            self.assertNotIn("BEGIN CERTIFICATE", said)

    def candidates(self, count):
        return [f"a=candidate:{number} 1 udp {number} 192.0.2.{number % 250} {1024 + number % 60000} typ host"
                for number in range(count)]

    def crowded(self, offer, count):
        head, line, rest = offer["sdp"].partition("a=mid:")
        return {**offer, "sdp": head + "\r\n".join(self.candidates(count)) + "\r\n" + line + rest}

    async def unharmed(self):
        page = await self.sign_in(next(self.free_dns))
        self.dn = page.signed_in["username"]
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)

    async def test_ten_thousand_candidates(self):
        """Straight at Janus, which keeps candidates to itself; the guard before it ends messages of 64 KiB."""
        page = await self.sign_in(audio=False)
        _, jsep = await page.request({"request": "update"}, self.crowded(await page.offer(), 10_000))
        await self.unharmed()
        await page.take_answer(jsep)

    async def test_a_description_that_is_too_long(self):
        page = await self.sign_in(audio=False)
        offer = await page.offer()
        with self.assertRefused(452, "unusable_jsep", "jsep.sdp"):
            await page.request({"request": "update"}, {**offer, "sdp": offer["sdp"] + "a=x-long:y\r\n" * 2000})
        await self.unharmed()

    async def test_as_many_as_an_offer_may_have(self):
        page = await self.sign_in(audio=False)
        offer = await page.offer()
        room = (16_000 - len(offer["sdp"])) // 64
        _, jsep = await page.request({"request": "update"}, self.crowded(offer, room))
        await page.take_answer(jsep)
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)

    async def test_ten_thousand_trickled(self):
        page = await self.sign_in()
        for candidate in self.candidates(10_000):
            await page.trickle({"candidate": candidate[2:], "sdpMid": "0", "sdpMLineIndex": 0})
        await self.unharmed()
