"""Attackers on the SIP side: a peer that sends what it should not, and a stranger beside the peers. SIP is
text over UDP (sip_peer.py), its audio an RtpParty."""

import os
import pathlib
import socket
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from rtp_party import RtpParty  # noqa: E402
from sip_peer import SipPeer, sdp  # noqa: E402
from stack_case import ROOT  # noqa: E402
from test_transfer import PeerCase  # noqa: E402

STRANGER = "127.0.0.66"  # no peer is configured there
AGENT, FAR, INJECTED = 700, 440, 1500  # Hz
BUSY = 15  # s until a clean tone is heard, on a machine that has other work


def sanitizer():
    """The environment in which Debian's Janus loads a plugin that was built with AddressSanitizer."""
    build = pathlib.Path(os.environ.get("GENESYS_BUILD", ROOT / "build" / "dev"))
    cache = build / "CMakeCache.txt"
    if not cache.exists() or "GENESYS_SANITIZE:STRING=address" not in cache.read_text():
        return ()
    libraries = [subprocess.run(["gcc", f"-print-file-name={name}"], capture_output=True, text=True,
                                check=True).stdout.strip() for name in ("libasan.so", "libubsan.so")]
    return ("LD_PRELOAD=" + ":".join(libraries), "ASAN_OPTIONS=detect_leaks=0")


class Stranger:
    """A UDP socket at an address that the gateway does not know."""

    def __init__(self, test, address=STRANGER):
        self.gateway = ("127.0.0.1", test.stack.settings.ports.sip)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        test.addCleanup(self.socket.close)
        self.socket.bind((address, 0))
        self.socket.setblocking(False)
        self.name = f"{address}:{self.socket.getsockname()[1]}"

    def send(self, octets):
        self.socket.sendto(octets if isinstance(octets, bytes) else octets.encode(), self.gateway)

    def received(self):
        """Octets of all that has come."""
        count = 0
        while True:
            try:
                count += len(self.socket.recv(65536))
            except BlockingIOError:
                return count


class InsideCase(PeerCase):
    settings = {**PeerCase.settings, "janus_environment": sanitizer()}

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.pid = self.stack.child("janus").pid()

    async def peer_at(self, address):
        """Another SIP peer, or a stranger, on SIP Server's port of that address; closed at the test's end."""
        ports = self.stack.settings.ports
        peer = await SipPeer(ports.sim_sip, ports.sip, address).open()
        self.addCleanup(peer.close)
        return peer

    async def answers(self):
        """The gateway is there, the same process, and answers SIP Server's OPTIONS."""
        dialog = self.peer.dialog(self.dn)
        dialog.send("OPTIONS")
        await dialog.receive(200, method="OPTIONS")
        self.assertEqual(self.stack.child("janus").pid(), self.pid, "Janus is another process")

    async def dropped(self):
        return (await self.plugin_admin(request="status"))["dropped_strangers"]

    async def call_with_audio(self, page, frequency=FAR):
        """A call that the page has answered: its dialog, its call_id, and the far end's audio."""
        party = await RtpParty(frequency).open(self)
        dialog = self.peer.dialog(self.dn)
        await self.answer_call(page, dialog, sdp(party.port))
        page.ear.forget()
        await self.talks(page, party)
        return dialog, party

    async def answer_call(self, page, dialog, body):
        cseq = dialog.send("INVITE", body)
        call_id = (await page.event("incomingcall"))[0]["call_id"]
        await page.request({"request": "accept", "call_id": call_id})
        dialog.theirs = (await dialog.receive(200, method="INVITE"))["To"]
        dialog.send("ACK", cseq=cseq)
        await page.event("accepted", call_id=call_id)

    async def talks(self, page, party):
        """Page and far end hear each other, now."""
        page.ear.forget()
        await page.hears(party.frequency, -10, BUSY)
        await party.hears(AGENT, -13, BUSY)

    async def a_call_comes_in(self):
        """What comes after an attack: an agent signs in and takes a call."""
        page = await self.sign_in()
        dialog, party = await self.call_with_audio(page)
        dialog.send("BYE")
        await dialog.receive(200, method="BYE")
        await page.event("hangup")
        return party


__all__ = ["AGENT", "BUSY", "FAR", "INJECTED", "STRANGER", "InsideCase", "RtpParty", "SipPeer", "Stranger", "sdp"]
