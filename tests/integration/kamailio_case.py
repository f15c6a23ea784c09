"""A stack with Kamailio between the stand-in and several gateway nodes; pages choose their node."""

import re
import subprocess

from page import Page
from sip_peer import SipPeer
from stack_case import AGENT, StackCase

STRANGER = "127.0.0.66"
FURTHER = "127.0.0.77"  # Kamailio takes it for SIP Server's, too


class KamailioCase(StackCase):
    """Two nodes behind a pair of Kamailios. Nodes are counted from 1, Kamailios from 0."""

    dns = "7000-7059"
    settings = {"node_count": 2, "kamailio_count": 2, "register_when": "on_sign_in",
                "kamailio_peers": (FURTHER,), "kamailio_flood": 100}

    def node(self, number):
        return self.stack.settings.nodes[number - 1]

    def kamailio(self, index=0):
        return self.stack.settings.kamailios[index]

    async def open_page(self, node=1, **audio):
        page = Page(f"ws://127.0.0.1:{self.node(node).ports.ws}", **audio)
        await page.__aenter__()
        self.addAsyncCleanup(page.leave)
        return page

    async def sign_in_at(self, node, frequency=AGENT, **options):
        """A page signed in to a DN of its own at that node; page and DN."""
        dn = next(self.free_dns)
        return await self.sign_in(dn, node=node, frequency=frequency, **options), dn

    async def call_in(self, page, dn, near=AGENT, **options):
        """A call from the stand-in that the page has taken; both hear each other."""
        call = await self.sim.ring(dn, **options)
        await self.take_call(page)
        page.ear.forget()
        await self.both_ways(page, call, near=near)
        return call

    # What Kamailio says.

    def kamcmd(self, *words, index=0):
        """Its answer; what it has no answer to is an error in words."""
        return subprocess.run(["kamcmd", "-s", f"unix:{self.kamailio(index).control}", *words],
                              capture_output=True, text=True, timeout=10).stdout

    def holder(self, dn, index=0):
        """The Contact that Kamailio has of the DN, or None."""
        found = re.search(r"value: (\S+)", self.kamcmd("htable.get", "dn", f"s:{dn}", index=index))
        return found and found[1]

    def contact_at(self, node, dn):
        return f"sip:{dn}@{self.node(node).inside}:{self.node(node).ports.sip}"

    def destination(self, node):
        """The node's name in dispatcher.list."""
        return f"sip:{self.node(node).inside}:{self.node(node).ports.sip}"

    def node_state(self, node, index=0):
        """Of the dispatcher: A active, T failed once, I inactive, D disabled; P probed as well."""
        found = re.search(rf"URI: {re.escape(self.destination(node))}\s+FLAGS: (\S+)",
                          self.kamcmd("dispatcher.list", index=index))
        return found and found[1]

    def counted(self, name):
        return int(re.search(rf"{name} = (\d+)", self.kamcmd("stats.get_statistics", "script:"))[1])

    def contact_of(self, dn, index=0):
        """What SIP Server should know of the DN."""
        return f"sip:{dn}@{self.kamailio(index).address}:{self.stack.settings.ports.kamailio}"

    # What happens to it.

    async def peer(self, index=0, port=5070):
        """Another SIP Server's socket, which talks to a Kamailio."""
        peer = SipPeer(port, self.stack.settings.ports.kamailio, FURTHER)
        peer.gateway = (self.kamailio(index).address, peer.gateway[1])
        await peer.open()
        self.addCleanup(peer.close)
        return peer
