"""The TCP connection to SIP Server dies without a word, or is closed: it is opened again, and the DNs are in
service again in bounded time."""

import subprocess
import time

from sip_peer import sdp
from stack_case import StackCase
from stream_peer import StreamPeer

KEEPALIVE_S = 2


class Connection(StackCase):
    only = ("janus",)
    dns = "7000-7009"
    settings = {"register_when": "always", "sip_transport": "tcp"}
    options = {"sip_server": f"  keepalive_s = {KEEPALIVE_S}\n"}

    async def asyncSetUp(self):
        await super().asyncSetUp()
        ports = self.stack.settings.ports
        self.peer = await StreamPeer(ports.sim_sip, ports.sip).open()
        self.addAsyncCleanup(self.peer.leave)

    async def all_registered(self, since, seconds):
        """Every DN has registered anew, and is in service."""
        async def done():
            status = await self.plugin_admin(request="status")
            return self.peer.registers >= since + 10 and status["registered"] == 10
        await self.eventually(done, "every DN registered", seconds)

    def drop(self, *rules):
        """Packets of the namespace that are lost from now on, without an answer to their sender."""
        subprocess.run(["nft", "-f", "-"], check=True, text=True, input="table ip lost {\n chain output {\n"
                       "  type filter hook output priority 0;\n" + "".join(f"  {rule} drop\n" for rule in rules) + " }\n}\n")
        self.addCleanup(subprocess.run, ["nft", "delete", "table", "ip", "lost"], check=False)

    async def test_a_dead_connection_is_opened_again(self):
        await self.all_registered(0, 70)  # whatever back-off the DNs are in
        server = self.stack.settings.ports.sim_sip
        _, port = self.peer.connections[-1].get_extra_info("peername")
        before, connections = self.peer.registers, len(self.peer.connections)
        begun = time.monotonic()
        self.drop(f"tcp sport {port} tcp dport {server}", f"tcp sport {server} tcp dport {port}")
        # Silence, probes, and a second until the loss is seen; a round of registrations may have been
        # less than 10 s ago.
        await self.all_registered(before, 2 * KEEPALIVE_S + 15)
        print(f"in service again {time.monotonic() - begun:.1f} s after the connection died in silence")
        self.assertEqual(len(self.peer.connections), connections + 1)
        self.assertIn("is gone", self.janus_log())
        # It carries calls.
        page = await self.sign_in()
        await page.request({"request": "call", "uri": "5551234"})
        invite = await self.peer.receive("INVITE")
        self.assertIs(invite.writer, self.peer.connections[-1])
        dialog = self.peer.accepted(invite, sdp(26000))
        await page.event("accepted")
        await page.request({"request": "hangup"})
        self.peer.answer(await dialog.receive("BYE"), 200)
        await page.event("hangup")

    async def test_a_closed_connection_is_opened_again(self):
        await self.all_registered(0, 70)
        before = self.peer.registers
        self.peer.connections[-1].close()
        await self.all_registered(before, 15)
