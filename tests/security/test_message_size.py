"""Messages that are too long, too many or never end: Janus's memory and time stay its own."""

import time
import unittest

from outside_case import CLOSED, FINAL, MORE, PING, TEXT, OutsideCase, frame

MEGABYTE = 1 << 20
LIMIT = 65536  # octets, as the guard is started


class MessageSize(OutsideCase):
    def setUp(self):
        super().setUp()
        self.other = self.open_web_socket()
        self.other.ask({"janus": "create"})
        self.before = self.resident("janus")

    def assertUnharmed(self, growth=8 * MEGABYTE):  # noqa: N802: as unittest names its own
        """Janus has grown by that at most, and answers another page at once."""
        self.assertLess(self.resident("janus") - self.before, growth)
        begun = time.monotonic()
        self.assertEqual(self.other.ask({"janus": "info"})["janus"], "server_info")
        self.assertLess(time.monotonic() - begun, 1)

    def pour(self, opened, octets, count):
        """Octets of `octets` that were taken, `count` times over at most, before the connection ended."""
        for sent in range(count):
            try:
                opened.send(octets)
            except CLOSED:
                return sent * len(octets)
        return count * len(octets)

    def test_without_the_guard_janus_keeps_all_of_it(self):
        """What these tests measure would be seen: Janus's transport has no limit of its own."""
        opened = self.open_direct()
        opened.send(frame(TEXT, b"["))
        self.pour(opened, frame(MORE, b" " * 65000), 16 * MEGABYTE // 65000)
        deadline = time.monotonic() + 30
        while self.resident("janus") - self.before < 14 * MEGABYTE:
            self.assertLess(time.monotonic(), deadline, "Janus did not take the message")
            opened.send(frame(FINAL | PING))
            time.sleep(0.05)
        opened.close()

    def test_64_mib_in_fragments(self):
        opened = self.open_web_socket()
        opened.send(frame(TEXT, b"["))
        self.pour(opened, frame(MORE, b" " * 1000), 64 * MEGABYTE // 1000)
        self.assertTrue(opened.wait_closed(5))
        self.assertIn("ended: a message is too long", self.log("guard.log"))
        self.assertUnharmed()

    def test_64_mib_in_one_frame(self):
        opened = self.open_web_socket()
        self.pour(opened, frame(FINAL | TEXT, bytes(64 * MEGABYTE)), 1)
        self.assertTrue(opened.wait_closed(5))
        self.assertUnharmed()

    def test_many_that_each_stay_just_below(self):
        """20 connections, each with as much as may be unfinished: 1.3 MB in all."""
        for _ in range(20):
            self.open_web_socket().send(frame(TEXT, b"[" + b" " * (LIMIT - 2)))
        self.assertUnharmed()

    def test_the_longest_message_that_may_be(self):
        opened = self.open_web_socket()
        begin, end = b'{"janus": "create",', b'"transaction": "long"}'
        opened.send(frame(FINAL | TEXT, begin + b" " * (LIMIT - len(begin) - len(end)) + end))
        self.assertIn(b'"success"', opened.receive())

    def test_json_bombs(self):
        """Deep, wide, and with names that are all alike: refused by their JSON, or by Janus's API."""
        wide = b",".join(b'"%d":%d' % (number % 7, number) for number in range(6000))
        for bomb in (b"[" * LIMIT, b'{"a":' * (LIMIT // 5), b"{" + wide + b"}", b'"' + b"\\u0000" * 10000 + b'"',
                     b"9" * LIMIT, b"1e" + b"9" * 1000, b"\xff" * 1000, b"\x00" * 1000, b"{} " * 20000):
            with self.subTest(bomb=bomb[:12]):
                opened = self.open_web_socket()
                opened.send(frame(FINAL | TEXT, bomb[:LIMIT]))
                self.assertIn(b'"error"', opened.receive())
                opened.close()
        self.assertUnharmed(growth=32 * MEGABYTE)

    def test_a_flood_of_requests_has_to_wait(self):
        """200 frames at once and 50 a second: so many sessions at most are made in these 2 s."""
        opened = self.open_web_socket()
        begun = time.monotonic()
        request = frame(FINAL | TEXT, b'{"janus": "create", "transaction": "t"}')
        opened.send(request * 2000)
        made = 0
        while time.monotonic() - begun < 2:
            try:
                made += b'"success"' in opened.receive(0.2)
            except TimeoutError:
                pass
        most = 200 + 50 * (time.monotonic() - begun) + 16384 / len(request)  # one reading may go into debt
        self.assertGreaterEqual(made, 200)
        self.assertLessEqual(made, most)
        self.assertUnharmed(growth=16 * MEGABYTE)

    def test_frames_that_are_none(self):
        for name, octets in {"without a mask": b"\x81\x02{}", "compressed": frame(0xC1, b"{}"),
                             "binary": frame(0x82, b"{}"), "reserved": frame(0x83, b"{}"),
                             "continues nothing": frame(FINAL | MORE, b"{}"),
                             "a ping too long": frame(FINAL | PING, bytes(126))}.items():
            with self.subTest(name):
                opened = self.open_web_socket()
                opened.send(octets)
                self.assertTrue(opened.wait_closed(5))
        self.assertUnharmed()

    def test_no_compression_is_agreed_on(self):
        opened = self.open_web_socket(Sec_WebSocket_Extensions="permessage-deflate")
        self.assertNotIn("sec-websocket-extensions", opened.head.lower())


if __name__ == "__main__":
    unittest.main()
