"""Each part of the whole stack is killed with -9 while agents talk, and a gateway is emptied for an upgrade: what is
lost, as a table. LOSSES_FILE names a file that gets the same as JSON."""

import asyncio
import dataclasses
import json
import os
import pathlib
import unittest

from losses import table
from whole_stack import ROOT, WholeStack, now

IN_SERVICE = 10    # s: a node's DNs at another one, from its death
RELAY_BACK = 6000  # ms without sound of a call whose relay is away for a second


class Losses(WholeStack):
    async def lose_parts(self):
        """A row for each. The guard of B sends the idle agents of B to A, so that the death of A meets them, too."""
        for node in self.talking:
            await self.begin_call(node)
        for part, name in (("nginx",) * 2, ("Kamailio", "kamailio"), ("coturn",) * 2, ("guard of B", "guard-2")):
            yield await self.lose(part, self.killing(name), self.starting(name))
        yield await self.lose("node A", self.killing("janus", "guard"), costs=("A",))

    async def emptied(self):
        """The row of a drain of B, which has everybody, for the time until only the call is left there."""
        self.starting("janus", "guard")()
        await self.eventually(lambda: self.node_state(1).startswith("A"), "node A in service", 10)
        others = sum(map(len, self.idle.values())) + 1

        def drain():
            self.draining = asyncio.create_task(self.genesysctl(2, "drain", "on", "--wait", "--limit", "40"))

        async def over():
            return (await self.plugin_admin(1, request="status"))["pages"] == others
        return await self.lose("drain of B", drain, over=over)

    async def upgraded(self):
        """What is left at B: its call takes what belongs to it, and with its end the node is empty."""
        call, _, _ = self.calls["B"]
        refused = await self.sim.ring(self.talking["B"])
        self.assertEqual((await self.sim.state(refused, "ended"))["ended"]["status"], 480)
        self.assertFalse(self.draining.done(), "the call is there")
        self.assertEqual((await self.sim.call(call))["state"], "answered")
        ended = now()
        await self.sim.hang_up(call)
        status, said = await self.draining
        self.assertEqual(status, 0, said)
        self.assertTrue(self.stack.child("janus-2").stop(), "it ends by itself")
        took = await self.rings(self.talking["B"], ended)
        print(f"DN of the last call rings at the other node {took:.1f} s after its end")
        self.assertLess(took, IN_SERVICE)

    async def genesysctl(self, node, *words):
        """(exit status, what it said)."""
        process = await asyncio.create_subprocess_exec(
            ROOT / "scripts" / "genesysctl", *words,
            "--url", f"http://127.0.0.1:{self.node(node).ports.admin}/admin",
            "--secret-file", self.stack.settings.secrets / "admin.secret",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
        said, _ = await process.communicate()
        return process.returncode, said.decode()

    async def test_losses(self):
        self.assertEqual(self.paths["A"], "relay udp")
        rows = [row async for row in self.lose_parts()]
        rows.append(await self.emptied())
        await self.upgraded()
        await self.listen_back()
        print(f"\n{table(rows)}\n", flush=True)
        if file := os.environ.get("LOSSES_FILE"):
            pathlib.Path(file).write_text(json.dumps([dataclasses.asdict(row) for row in rows], indent=1))
        for row in rows:
            with self.subTest(row.part):
                self.judge(row)

    def judge(self, row):
        """Nothing is lost but the calls on A with A, and the sound of a relayed call for a while with the relay."""
        self.assertTrue(row.calls["B"].untouched, row)
        if row.part == "node A":
            self.assertTrue(row.calls["A"].over, "a call that its gateway does not outlive")
        elif row.part == "coturn":
            self.assertLess(max(row.calls["A"].at_page, row.calls["A"].at_caller), RELAY_BACK, row)
            self.assertFalse(row.calls["A"].over)
        elif "A" in row.calls:
            self.assertTrue(row.calls["A"].untouched, row)
        for node, took in row.rings.items():
            self.assertLess(took, IN_SERVICE, f"a DN of {node}: {row}")
        if row.pages_away:
            self.assertLess(row.pages_back, IN_SERVICE, row)



if __name__ == "__main__":
    unittest.main()
