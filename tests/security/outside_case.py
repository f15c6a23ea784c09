"""A stack with nginx in front of it, and an attacker who stands outside: what he sends is made by hand,
octet by octet, so that nothing of it is put right on its way."""

import base64
import json
import os
import pathlib
import socket
import ssl
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from stack_case import ADDRESS, StackCase  # noqa: E402

HOST = "phone.test"
HTTPS_PORT = 8443
ORIGIN = f"https://{HOST}:{HTTPS_PORT}"
UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
           "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": "janus-protocol",
           "Origin": ORIGIN}
FINAL, TEXT, MORE, PING = 0x80, 0x01, 0x00, 0x09  # of a frame's first octet, RFC 6455 section 5.2
CLOSED = (ConnectionError, ssl.SSLError, EOFError)


def frame(first, payload=b""):
    """One frame with the mask of zeros, which leaves the payload as it is."""
    length = len(payload)
    if length < 126:
        head = struct.pack("!BB", first, 0x80 | length)
    elif length < 65536:
        head = struct.pack("!BBH", first, 0xFE, length)
    else:
        head = struct.pack("!BBQ", first, 0xFF, length)
    return head + bytes(4) + payload


class WebSocket:
    """The connection after a 101: frames out as given, messages in. Also straight to Janus, without TLS."""

    def __init__(self, connection, head, rest):
        self.connection, self.head = connection, head
        self._rest = rest

    def send(self, octets):
        self.connection.sendall(octets)

    def ask(self, message, seconds=5):
        """Janus's answer to one message of its API."""
        transaction = base64.b32encode(os.urandom(10)).decode()
        self.send(frame(FINAL | TEXT, json.dumps({**message, "transaction": transaction}).encode()))
        while True:
            answer = json.loads(self.receive(seconds))
            if answer.get("transaction") == transaction:
                return answer

    def receive(self, seconds=5):
        """The next text message; EOFError when the connection has been closed."""
        self.connection.settimeout(seconds)
        while True:
            first, length = self._exactly(2)
            if length > 125:
                length = int.from_bytes(self._exactly(2 if length == 126 else 8))
            payload = self._exactly(length)
            if first & 0x0F == 0x08:
                raise EOFError("closed by the other side")
            if first & 0x0F == TEXT:
                return payload

    def wait_closed(self, seconds):
        """Whether the other side ends the connection in that time, whatever it still sends."""
        try:
            while True:
                self.receive(seconds)
        except TimeoutError:
            return False
        except CLOSED:
            return True

    def _exactly(self, count):
        while len(self._rest) < count:
            more = self.connection.recv(65536)
            if not more:
                raise EOFError
            self._rest += more
        taken, self._rest = self._rest[:count], self._rest[count:]
        return taken

    def close(self):
        self.connection.close()


class OutsideCase(StackCase):
    only = ("sim", "janus", "guard", "nginx")
    settings = {"host": HOST}

    def connect(self, receive_buffer=None, versions=None):
        """TLS to nginx, by a browser that trusts the stack's CA."""
        context = ssl.create_default_context(cafile=str(self.stack.settings.secrets / "ca.crt"))
        if versions:
            versions(context)
        plain = socket.socket()
        self.addCleanup(plain.close)
        if receive_buffer:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        plain.settimeout(10)
        plain.connect((ADDRESS, HTTPS_PORT))
        tls = context.wrap_socket(plain, server_hostname=HOST)
        self.addCleanup(tls.close)
        return tls

    def ask(self, path, headers=None, method="GET", connection=None):
        """(status, head, what follows it) of one request, written by hand: a path such as /a/../b must
        arrive as it stands."""
        connection = connection or self.connect()
        self.send_request(connection, path, headers or {}, method)
        return self.read_answer(connection)

    @staticmethod
    def send_request(connection, path, headers, method="GET"):
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}:{HTTPS_PORT}",
                 *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        connection.sendall("\r\n".join(lines).encode())

    @staticmethod
    def read_answer(connection):
        answer = b""
        while b"\r\n\r\n" not in answer:
            more = connection.recv(65536)
            if not more:
                raise EOFError(answer)
            answer += more
        head, _, rest = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), head.decode("latin1"), rest

    def upgrade(self, path="/janus-ws", connection=None, **changed):
        """(status, WebSocket or None) of an Upgrade with these headers changed (None: left out)."""
        named = {name.replace("_", "-"): value for name, value in changed.items()}
        headers = {**UPGRADE, **named}
        connection = connection or self.connect()
        status, head, rest = self.ask(path, {n: v for n, v in headers.items() if v is not None},
                                      connection=connection)
        return status, WebSocket(connection, head, rest) if status == 101 else None

    def open_web_socket(self, **options):
        status, opened = self.upgrade(**options)
        self.assertEqual(status, 101)
        return opened

    def open_direct(self):
        """A WebSocket straight to Janus, past nginx and the guard."""
        plain = socket.create_connection(("127.0.0.1", self.stack.settings.ports.ws), 10)
        self.addCleanup(plain.close)
        status, head, rest = self.ask("/", UPGRADE, connection=plain)
        self.assertEqual(status, 101, head)
        return WebSocket(plain, head, rest)

    def log(self, name):
        return (self.directory / "stack" / "logs" / name).read_text(errors="replace")

    def resident(self, service):
        """Octets of memory that a process of the stack holds now."""
        status = pathlib.Path(f"/proc/{self.stack.child(service).pid()}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS"))
