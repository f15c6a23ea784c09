"""What nginx and coturn let through, and what not: the real programs with our configuration."""

import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import unittest
import warnings

from genesys_stack import netns
from genesys_stack.settings import Settings
from genesys_stack.stack import Stack
from turn_client import IPV6, TurnClient, credentials

HOST = "phone.test"
ORIGIN = f"https://{HOST}:8443"
ADDRESS = "10.66.0.1"
UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
           "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": ORIGIN}


@unittest.skipIf(os.geteuid(), "a network namespace needs root")
class Gates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="janus-genesys-gates."))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.settings = Settings(directory=cls.folder, address=ADDRESS, netns=f"jg-gates-{os.getpid()}",
                                host=HOST, only=("coturn", "nginx"), die_with_parent=True)
        cls.stack = Stack(cls.settings)
        cls.addClassCleanup(cls.stack.stop)
        cls.stack.start()


class Nginx(Gates):
    def ask(self, path: str, headers: dict[str, str], method: str = "GET") -> tuple[int, str]:
        """Status and head of the answer to one request, written by hand: a path such as /a/../b must
        arrive as it stands."""
        def talk() -> str:
            context = ssl.create_default_context(cafile=str(self.settings.secrets / "ca.crt"))
            lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}:8443",
                     *(f"{name}: {value}" for name, value in headers.items()), "", ""]
            with socket.create_connection((ADDRESS, 8443), 5) as plain:
                with context.wrap_socket(plain, server_hostname=HOST) as tls:
                    tls.sendall("\r\n".join(lines).encode())
                    return tls.recv(65536).decode("latin1")
        head = self.stack.inside(talk)
        return int(head.split()[1]), head

    def open_websocket(self, **changed: str | None) -> int:
        """Status of an Upgrade with these headers changed (None: left out). Nobody listens behind
        nginx here, so that what it lets through ends in 502."""
        named = {name.replace("_", "-"): value for name, value in changed.items()}
        headers = {name: named.get(name, value) for name, value in UPGRADE.items()}
        return self.ask("/janus-ws", {n: v for n, v in headers.items() if v is not None})[0]

    def test_our_origin_gets_through_to_janus(self):
        self.assertEqual(self.open_websocket(), 502)
        self.assertEqual(self.open_websocket(Origin=f"https://{ADDRESS}:8443"), 502)

    def test_every_other_origin_is_refused(self):
        for origin in (None, "null", "", f"http://{HOST}:8443", f"https://{HOST}", f"{ORIGIN}0",
                       f"{ORIGIN}.evil.test", f"https://evil.{HOST}:8443", f"https://evil{HOST}:8443",
                       f"https://{HOST}.:8443", f"{ORIGIN}/", f"{ORIGIN} {ORIGIN}", "*",
                       f"https://{HOST}:8443@evil.test"):
            with self.subTest(origin=origin):
                self.assertEqual(self.open_websocket(Origin=origin), 403)

    def test_a_plain_request_is_no_websocket(self):
        self.assertEqual(self.open_websocket(Upgrade=None), 426)

    def test_nothing_else_is_reachable(self):
        for path in ("/janus-wsx", "/janus-ws/", "/janus", "/janus/info", "/admin", "/admin/info",
                     "/package.json", "/node_modules/", "/test/", "/lib/../package.json",
                     "/lib/..%2fpackage.json", "/demo/../../../etc/passwd", "/config.jsonx"):
            with self.subTest(path=path):
                self.assertIn(self.ask(path, UPGRADE)[0], (400, 404))

    def test_the_page_takes_nothing_but_get(self):
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE"):
            with self.subTest(method=method):
                self.assertIn(self.ask("/demo/index.html", {"Content-Length": "0"}, method)[0], (403, 405))

    def test_a_head_too_large_is_refused(self):
        self.assertEqual(self.ask("/config.json", {"X-Long": "x" * 9000})[0], 400)

    def test_security_headers_are_on_every_answer(self):
        for path in ("/config.json", "/nothing-here"):
            head = self.ask(path, {})[1].lower()
            for name in ("content-security-policy: default-src 'none'", "x-content-type-options: nosniff",
                         "referrer-policy: no-referrer", "strict-transport-security: max-age=",
                         "permissions-policy: microphone=(self)"):
                self.assertIn(name, head, path)
            self.assertNotRegex(head, r"server: nginx/")

    def test_old_tls_is_refused(self):
        def handshake() -> None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.load_verify_locations(self.settings.secrets / "ca.crt")
            context.set_ciphers("ALL:@SECLEVEL=0")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # deprecated indeed
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = ssl.TLSVersion.TLSv1_1
            with socket.create_connection((ADDRESS, 8443), 5) as plain:
                context.wrap_socket(plain, server_hostname=HOST).close()
        with self.assertRaises(ssl.SSLError):
            self.stack.inside(handshake)


class Coturn(Gates):
    def client(self, name: str, lifetime: int = 300, secret: str | None = None) -> TurnClient:
        """Inside the namespace, as agent `name`, whose credential is good for `lifetime` seconds."""
        user, password = credentials(secret or self.settings.secret("turn.secret"), name,
                                     int(time.time()) + lifetime)
        client = self.stack.inside(lambda: TurnClient(ADDRESS, 3478, user, password))
        self.addCleanup(client.socket.close)
        return client

    def test_the_gateway_is_a_peer(self):
        client = self.client("gateway")
        self.assertEqual(client.allocate(), 0)
        self.assertEqual(client.permit(ADDRESS), 0)

    def test_no_other_peer_is(self):
        client = self.client("others")
        self.assertEqual(client.allocate(), 0)
        for peer in ("10.66.0.2", "10.65.255.255", "127.0.0.1", "0.0.0.0", "192.168.1.1", "224.0.0.1",
                     "169.254.169.254", "255.255.255.255"):
            with self.subTest(peer=peer):
                self.assertEqual(client.permit(peer), 403)

    def test_no_ipv6_peer_is_nor_a_mapped_one(self):
        client = self.client("mapped")
        self.assertEqual(client.allocate(), 0)
        for peer in ("::1", "fe80::1", "::ffff:10.66.0.2", "::ffff:127.0.0.1", "::ffff:10.66.0.1", "::"):
            with self.subTest(peer=peer):
                self.assertIn(client.permit(peer), (403, 443))
        self.assertEqual(self.client("v6").allocate(IPV6), 440)

    def test_a_wrong_or_expired_credential_is_refused(self):
        self.assertEqual(self.client("guess", secret="guessed").allocate(), 401)
        self.assertEqual(self.client("expired", lifetime=-1).allocate(), 401)

    def test_a_credential_is_good_for_a_dozen_allocations(self):
        expiry = int(time.time()) + 300
        user, password = credentials(self.settings.secret("turn.secret"), "greedy", expiry)

        def allocate() -> int:
            client = TurnClient(ADDRESS, 3478, user, password)
            self.addCleanup(client.socket.close)
            return client.allocate()
        codes = [self.stack.inside(allocate) for _ in range(14)]
        self.assertEqual(codes, [0] * 12 + [486] * 2)

    def test_no_console(self):
        listening = subprocess.run([*netns.prefix(self.settings.netns), "ss", "-Hlnt"], text=True,
                                   capture_output=True, check=True).stdout
        self.assertFalse(re.search(r":5766\b", listening), listening)


del Gates  # not a test of its own

if __name__ == "__main__":
    unittest.main()
