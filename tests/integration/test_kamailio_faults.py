"""A node or a Kamailio that dies: what is lost is what it alone had."""

import time

from kamailio_case import KamailioCase
from stack_case import SECOND_AGENT


class Faults(KamailioCase):
    async def in_service(self, node):
        await self.eventually(lambda: self.node_state(node).startswith("A"), f"node {node} in service", 10)

    async def test_a_node_is_killed(self):
        await self.in_service(1)
        _, dn = await self.sign_in_at(1)
        other, other_dn = await self.sign_in_at(2, SECOND_AGENT)
        kept = await self.call_in(other, other_dn, SECOND_AGENT)
        self.kill(self.node(1).name)
        killed = time.monotonic()
        # Nobody is there: SIP Server hears it soon, not after a ringing time.
        refused = await self.sim.ring(dn)
        self.assertEqual((await self.sim.state(refused, "ended"))["ended"]["status"], 480)
        self.assertLess(time.monotonic() - killed, 6)
        # The agent's page comes back at the other node and signs in again.
        page = await self.sign_in(dn, node=2)
        await self.call_in(page, dn)
        took = time.monotonic() - killed
        print(f"DN in service at the other node, and heard in a call, {took:.1f} s after the kill")
        self.assertLess(took, 10)
        await self.eventually(lambda: self.node_state(1).startswith("I"), "the dead node is out of service", 10)
        # The call on the other node has noticed nothing.
        other.ear.forget()
        media = await self.both_ways(other, kept, near=SECOND_AGENT)
        self.assertLess(media["longest_gap_ms"], 300, media)
        self.assertEqual((media["ssrc_changes"], media["timestamp_jumps"]), (0, 0), media)
        # The node comes back, and with it calls.
        self.stack.start_again(self.node(1).name)
        await self.in_service(1)
        again, again_dn = await self.sign_in_at(1)
        await self.call_in(again, again_dn)

    async def test_kamailio_is_killed(self):
        """It keeps no calls: the next one at its address serves them, and asks the other for the DNs."""
        page, dn = await self.sign_in_at(1)
        call = await self.call_in(page, dn)
        await self.eventually(lambda: self.holder(dn, 1) == self.contact_at(1, dn), "known to the second")
        self.kill(self.kamailio().name)
        page.ear.forget()
        await self.both_ways(page, call)
        self.stack.start_again(self.kamailio().name)
        await self.eventually(lambda: self.holder(dn) == self.contact_at(1, dn), "learnt from the second", 10)
        self.assertEqual((await self.sim.post(f"/calls/{call}/notify", {"event": "hold"}))["status"], 200)
        await self.sim.until(call, lambda c: c["media"]["level_dbfs"] < -45, "hold")
        await page.request({"request": "unhold"})
        page.ear.forget()
        await self.both_ways(page, call)
        await self.sim.hang_up(call)
        await page.event("hangup")
        await self.in_service(1)
        await self.call_in(page, dn)

    async def test_the_nodes_go_over_to_the_other_kamailio(self):
        """Without an address that moves: the second one is a backup of the first."""
        page, dn = await self.sign_in_at(1)
        self.kill(self.kamailio().name)
        killed = time.monotonic()

        async def moved():
            return (await self.binding(dn))["contact"] == self.contact_of(dn, 1)
        await self.eventually(moved, "registered by the second Kamailio", 20)
        print(f"DN registered by the other Kamailio {time.monotonic() - killed:.1f} s after the kill")
        await self.call_in(page, dn)
        self.stack.start_again(self.kamailio().name)
