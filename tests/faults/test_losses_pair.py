"""A pair of Kamailios without an address that moves: the first one dies and stays away, then a node."""

import unittest

from losses import table
from whole_stack import WholeStack

IN_SERVICE = 10         # s: a node's DNs at another one, from its death
OTHER_KAMAILIO = 20     # s: the nodes notice a silent one by their own OPTIONS


class LossesWithAPair(WholeStack):
    settings = {**WholeStack.settings, "kamailio_count": 2}

    async def test_losses(self):
        for node in self.talking:
            await self.begin_call(node)
        kamailio = await self.lose("Kamailio", self.killing("kamailio"))
        node = await self.lose("node A", self.killing("janus", "guard"), costs=("A",))
        await self.listen_back()
        print(f"\n{table([kamailio, node])}\n", flush=True)
        for name, call in kamailio.calls.items():
            self.assertTrue(call.untouched, f"the call on {name}: {call}")
        self.assertEqual(kamailio.pages_away, 0)
        self.assertLess(max(kamailio.rings.values()), OTHER_KAMAILIO)
        self.assertTrue(node.calls["B"].untouched, node)
        self.assertTrue(node.calls["A"].over)
        self.assertLess(max(*node.rings.values(), node.pages_back), IN_SERVICE)


if __name__ == "__main__":
    unittest.main()
