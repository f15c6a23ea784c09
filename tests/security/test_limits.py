"""How much one address may ask for: WebSockets opened in a second, and held at once."""

import unittest

from outside_case import UPGRADE, OutsideCase


class Openings(OutsideCase):
    def test_a_flood_is_slowed_down(self):
        """20 a second, and 40 at once before that counts."""
        connections = [self.connect() for _ in range(150)]
        for connection in connections:
            self.send_request(connection, "/janus-ws", UPGRADE)
        found = [self.read_answer(connection)[0] for connection in connections]
        self.assertEqual(set(found), {101, 429}, found)
        self.assertGreaterEqual(found.count(101), 40)

    async def test_then_an_agent_gets_in(self):
        await self.eventually(lambda: self.upgrade()[0] == 101, "one more WebSocket", 10)


class Held(OutsideCase):
    settings = {**OutsideCase.settings, "sockets_per_address": 10}

    async def test_an_address_holds_so_many_and_no_more(self):
        held = [self.open_web_socket() for _ in range(10)]
        self.assertEqual(self.upgrade()[0], 429)
        held[0].close()
        await self.eventually(lambda: self.upgrade()[0] == 101, "one in the place of the one that went", 10)


if __name__ == "__main__":
    unittest.main()
