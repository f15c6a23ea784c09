"""Who may open the WebSocket: a page of our own origin, and nobody's else."""

import unittest

from outside_case import ADDRESS, HOST, HTTPS_PORT, ORIGIN, OutsideCase


class Origin(OutsideCase):
    def test_our_origins_get_through_to_janus(self):
        for origin in (ORIGIN, f"https://{ADDRESS}:{HTTPS_PORT}"):
            with self.subTest(origin=origin):
                opened = self.open_web_socket(Origin=origin)
                self.assertEqual(opened.ask({"janus": "create"})["janus"], "success")

    def test_every_other_origin_is_refused(self):
        for origin in (None, "null", "", f"http://{HOST}:{HTTPS_PORT}", f"https://{HOST}", f"{ORIGIN}0",
                       f"{ORIGIN}.evil.test", f"https://evil.{HOST}:{HTTPS_PORT}",
                       f"https://evil{HOST}:{HTTPS_PORT}", f"https://{HOST}.:{HTTPS_PORT}", f"{ORIGIN}/",
                       f"{ORIGIN} {ORIGIN}", f"{ORIGIN}, https://evil.test", "*",
                       f"https://{HOST}:{HTTPS_PORT}@evil.test", f"https://{HOST}%00:{HTTPS_PORT}"):
            with self.subTest(origin=origin):
                self.assertEqual(self.upgrade(Origin=origin)[0], 403)

    def test_a_second_origin_header_does_not_help(self):
        """nginx joins them: neither is ours as a whole."""
        self.assertEqual(self.upgrade(Origin=f"https://evil.test\r\nOrigin: {ORIGIN}")[0], 403)

    def test_a_plain_request_is_no_websocket(self):
        for upgrade in (None, "h2c", "websocket2", ""):
            self.assertEqual(self.upgrade(Upgrade=upgrade)[0], 426)


if __name__ == "__main__":
    unittest.main()
