"""Clients that take their time, to keep something of the gateway's busy: each is given up."""

import time
import unittest

from outside_case import CLOSED, FINAL, MORE, PING, TEXT, OutsideCase, frame

MEGABYTE = 1 << 20


class Slow(OutsideCase):
    def test_a_message_that_drips(self):
        """An octet every second, with pings between: ended 10 s after it began."""
        opened = self.open_web_socket()
        begun = time.monotonic()
        opened.send(frame(TEXT, b"["))
        while not opened.wait_closed(1):
            self.assertLess(time.monotonic() - begun, 20, "it drips on")
            try:
                opened.send(frame(FINAL | PING) + frame(MORE, b" "))
            except CLOSED:
                break
        self.assertGreater(time.monotonic() - begun, 9)
        self.assertIn("ended: a message is not finished in time", self.log("guard.log"))

    def test_a_head_that_drips(self):
        connection = self.connect()
        begun = time.monotonic()
        connection.sendall(b"GET /janus-ws HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        connection.settimeout(1)
        while True:
            self.assertLess(time.monotonic() - begun, 20, "it drips on")
            try:
                connection.sendall(b"x")
                if not connection.recv(100):
                    break
            except TimeoutError:
                continue
            except CLOSED:
                break
        self.assertGreater(time.monotonic() - begun, 8)

    async def test_a_browser_that_takes_nothing(self):
        """It asks for 7 MB of answers and reads none of them: given up when it has taken nothing for 10 s."""
        before = self.resident("janus")
        opened = self.open_web_socket(connection=self.connect(receive_buffer=4096))
        opened.send(frame(FINAL | TEXT, b'{"janus": "info", "transaction": "t"}') * 2000)
        await self.eventually(lambda: '"GET /janus-ws" 101' in self.log("nginx-access.log"), "its end", 40)
        self.assertLess(self.resident("janus") - before, 16 * MEGABYTE)
        page = self.open_web_socket()
        self.assertEqual(page.ask({"janus": "create"})["janus"], "success")


if __name__ == "__main__":
    unittest.main()
