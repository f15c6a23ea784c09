"""As much of a TURN client (RFC 8656) over UDP as it takes to ask what a relay would allow."""

import base64
import hashlib
import hmac
import ipaddress
import os
import socket
import struct

COOKIE = 0x2112A442
ALLOCATE, CREATE_PERMISSION = 0x003, 0x008
USERNAME, MESSAGE_INTEGRITY, ERROR_CODE, REALM, NONCE = 0x006, 0x008, 0x009, 0x014, 0x015
XOR_PEER_ADDRESS, REQUESTED_ADDRESS_FAMILY, REQUESTED_TRANSPORT = 0x012, 0x017, 0x019
IPV4, IPV6 = 1, 2
UDP = struct.pack("!BBH", 17, 0, 0)


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

    def __init__(self, address: str, port: int, user: str, password: str):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(3.0)
        self.socket.connect((address, port))
        self.user, self.password = user, password
        self.realm = self.nonce = b""
        # One for all requests: nothing is sent twice, so that no answer can be mistaken.
        self.transaction = os.urandom(12)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def allocate(self, family: int = IPV4) -> int:
        """The first request, without credentials, must be challenged; the second carries them."""
        wish = attribute(REQUESTED_TRANSPORT, UDP) + attribute(
            REQUESTED_ADDRESS_FAMILY, struct.pack("!Bxxx", family))
        code, answer = self.request(ALLOCATE, wish, signed=False)
        if code != 401:
            return -code or -1  # let in unasked
        self.realm, self.nonce = answer[REALM], answer[NONCE]
        return self.request(ALLOCATE, wish)[0]

    def permit(self, peer: str) -> int:
        return self.request(CREATE_PERMISSION, attribute(XOR_PEER_ADDRESS, self.masked(peer)))[0]

    def masked(self, peer: str) -> bytes:
        """XOR-PEER-ADDRESS, RFC 8489 section 14.2. An IPv4-mapped address stays a v6 one."""
        address = ipaddress.ip_address(peer)
        mask = struct.pack("!I", COOKIE) + self.transaction
        octets = bytes(a ^ b for a, b in zip(address.packed, mask))
        return struct.pack("!xBH", IPV4 if address.version == 4 else IPV6, 4000 ^ COOKIE >> 16) + octets

    def request(self, method: int, body: bytes, signed: bool = True) -> tuple[int, dict[int, bytes]]:
        if signed:
            body += attribute(USERNAME, self.user.encode()) + attribute(REALM, self.realm)
            body += attribute(NONCE, self.nonce)
            # RFC 8489, 14.5: the length counts the integrity attribute that is still to come.
            head = struct.pack("!HHI", method, len(body) + 24, COOKIE) + self.transaction
            key = hashlib.md5(f"{self.user}:{self.realm.decode()}:{self.password}".encode()).digest()
            body += attribute(MESSAGE_INTEGRITY, hmac.new(key, head + body, hashlib.sha1).digest())
        self.socket.send(struct.pack("!HHI", method, len(body), COOKIE) + self.transaction + body)
        answer = self.socket.recv(1500)
        if answer[8:20] != self.transaction:
            raise ValueError("an answer to somebody else")
        found = attributes(answer)
        if struct.unpack_from("!H", answer)[0] & 0x110 != 0x110:
            return 0, found
        return found[ERROR_CODE][2] * 100 + found[ERROR_CODE][3], found
