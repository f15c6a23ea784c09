"""As much of a TURN client (RFC 8656) over UDP, TCP and TLS as it takes to ask what a relay allows, and to
send and hear through it."""

import base64
import contextlib
import hashlib
import hmac
import ipaddress
import os
import socket
import ssl
import struct

COOKIE = 0x2112A442
ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND, CONNECT = 0x003, 0x004, 0x008, 0x009, 0x00A
SEND_INDICATION, DATA_INDICATION = 0x016, 0x017
USERNAME, MESSAGE_INTEGRITY, ERROR_CODE, CHANNEL_NUMBER, LIFETIME = 0x006, 0x008, 0x009, 0x00C, 0x00D
XOR_PEER_ADDRESS, DATA, REALM, NONCE = 0x012, 0x013, 0x014, 0x015
REQUESTED_ADDRESS_FAMILY, REQUESTED_TRANSPORT = 0x017, 0x019
IPV4, IPV6 = 1, 2
UDP, TCP = 17, 6  # IP protocol numbers, of the relayed side


def attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4)


def attributes(message: bytes) -> dict[int, bytes]:
    found, at = {}, 20
    while at + 4 <= len(message):
        kind, length = struct.unpack_from("!HH", message, at)
        found[kind] = message[at + 4:at + 4 + length]
        at += 4 + length + -length % 4
    return found


def credentials(secret: str, name: str, expiry: int) -> tuple[str, str]:
    """User and password as the plugin mints them from the secret it shares with coturn."""
    user = f"{expiry}:{name}"
    digest = hmac.new(secret.encode(), user.encode(), hashlib.sha1).digest()
    return user, base64.b64encode(digest).decode()


class TurnClient:
    """One allocation's worth. Every request returns 0 for success, or the error code."""

    def __init__(self, address: str, port: int, user: str, password: str,
                 tls: ssl.SSLContext | None = None, tcp: bool = False):
        self.stream = tcp or tls is not None
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM if self.stream else socket.SOCK_DGRAM)
        self.socket.settimeout(3.0)
        self.socket.connect((address, port))
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname=address)
        self.user, self.password = user, password
        self.realm = self.nonce = b""
        # One for all requests: nothing is sent twice, so that no answer can be mistaken.
        self.transaction = os.urandom(12)

    def close(self) -> None:
        """Ends the allocation, too: the next client may get the same port."""
        with contextlib.suppress(OSError, EOFError):
            if self.nonce:
                self.refresh(0)
        self.socket.close()

    def allocate(self, family: int = IPV4, relayed: int = UDP) -> int:
        """The first request, without credentials, must be challenged; the second carries them."""
        wish = attribute(REQUESTED_TRANSPORT, struct.pack("!Bxxx", relayed)) + attribute(
            REQUESTED_ADDRESS_FAMILY, struct.pack("!Bxxx", family))
        code, answer = self.request(ALLOCATE, wish, signed=False)
        if code != 401:
            return -code or -1  # let in unasked
        self.realm, self.nonce = answer[REALM], answer[NONCE]
        return self.request(ALLOCATE, wish)[0]

    def refresh(self, seconds: int = 600) -> int:
        return self.request(REFRESH, attribute(LIFETIME, struct.pack("!I", seconds)))[0]

    def permit(self, peer: str) -> int:
        return self.request(CREATE_PERMISSION, attribute(XOR_PEER_ADDRESS, self.masked(peer, 4000)))[0]

    def bind_channel(self, peer: str) -> int:
        return self.request(CHANNEL_BIND, attribute(CHANNEL_NUMBER, struct.pack("!Hxx", 0x4000)) +
                            attribute(XOR_PEER_ADDRESS, self.masked(peer, 4000)))[0]

    def connect_peer(self, peer: str) -> int:
        """RFC 6062: a TCP connection of the relay to the peer."""
        return self.request(CONNECT, attribute(XOR_PEER_ADDRESS, self.masked(peer, 4000)))[0]

    def send(self, peer: str, port: int, payload: bytes) -> None:
        body = attribute(XOR_PEER_ADDRESS, self.masked(peer, port)) + attribute(DATA, payload)
        head = struct.pack("!HHI", SEND_INDICATION, len(body), COOKIE) + os.urandom(12)
        self.socket.sendall(head + body)

    def receive(self) -> bytes:
        """What a peer has sent."""
        while True:
            message = self.message()
            if struct.unpack_from("!H", message)[0] == DATA_INDICATION:
                return attributes(message)[DATA]

    def masked(self, peer: str, port: int) -> bytes:
        """XOR-PEER-ADDRESS, RFC 8489 section 14.2. An IPv4-mapped address stays a v6 one."""
        address = ipaddress.ip_address(peer)
        mask = struct.pack("!I", COOKIE) + self.transaction
        octets = bytes(a ^ b for a, b in zip(address.packed, mask))
        return struct.pack("!xBH", IPV4 if address.version == 4 else IPV6, port ^ COOKIE >> 16) + octets

    def head(self, method: int, length: int) -> bytes:
        return struct.pack("!HHI", method, length, COOKIE) + self.transaction

    def request(self, method: int, body: bytes, signed: bool = True) -> tuple[int, dict[int, bytes]]:
        if signed:
            body += attribute(USERNAME, self.user.encode()) + attribute(REALM, self.realm)
            body += attribute(NONCE, self.nonce)
            # RFC 8489, 14.5: the length counts the integrity attribute that is still to come.
            head = self.head(method, len(body) + 24)
            key = hashlib.md5(f"{self.user}:{self.realm.decode()}:{self.password}".encode()).digest()
            body += attribute(MESSAGE_INTEGRITY, hmac.new(key, head + body, hashlib.sha1).digest())
        self.socket.sendall(self.head(method, len(body)) + body)
        answer = self.message()
        while answer[8:20] != self.transaction:  # an indication
            answer = self.message()
        found = attributes(answer)
        if struct.unpack_from("!H", answer)[0] & 0x110 != 0x110:
            return 0, found
        return found[ERROR_CODE][2] * 100 + found[ERROR_CODE][3], found

    def message(self) -> bytes:
        if not self.stream:
            return self.socket.recv(2000)
        head = self.exactly(20)
        return head + self.exactly(struct.unpack_from("!H", head, 2)[0])

    def exactly(self, count: int) -> bytes:
        octets = b""
        while len(octets) < count:
            more = self.socket.recv(count - len(octets))
            if not more:
                raise EOFError
            octets += more
        return octets
