"""Questions to a running service: does it answer yet? Each returns False rather than raise while it
does not. Call them inside the stack's namespace."""

import http.client
import json
import os
import pathlib
import socket
import ssl
import struct
import urllib.error
import urllib.request

PROBE_SECONDS = 1.0


def http_json(url: str, body: dict | None = None, seconds: float = PROBE_SECONDS):
    """GET, or POST of `body`; the decoded answer. OSError or ValueError if there is none."""
    request = urllib.request.Request(url, headers={"Content-Type": "application/json"},
                                     data=None if body is None else json.dumps(body).encode())
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=seconds) as answer:
        return json.load(answer)


def http_answers(url: str) -> bool:
    try:
        http_json(url)
        return True
    except urllib.error.HTTPError:
        return True  # an answer, too
    except (OSError, ValueError, http.client.HTTPException):
        return False


def janus_has_plugin(port: int, plugin: str) -> bool:
    try:
        return plugin in http_json(f"http://127.0.0.1:{port}/janus/info").get("plugins", {})
    except (OSError, ValueError, http.client.HTTPException):
        return False


def tcp_answers(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), PROBE_SECONDS).close()
        return True
    except OSError:
        return False


def https_answers(address: str, port: int, name: str, authority: pathlib.Path) -> bool:
    """Whether a TLS handshake for `name` ends well with a certificate of `authority`."""
    context = ssl.create_default_context(cafile=str(authority))
    try:
        with socket.create_connection((address, port), PROBE_SECONDS) as plain:
            with context.wrap_socket(plain, server_hostname=name):
                return True
    except OSError:
        return False


def stun_answers(address: str, port: int) -> bool:
    """A Binding request (RFC 8489, section 5: type 1, length 0, magic cookie, transaction) over UDP."""
    transaction = os.urandom(12)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(0.2)
        try:
            udp.sendto(struct.pack("!HHI", 1, 0, 0x2112A442) + transaction, (address, port))
            return udp.recv(1500)[8:20] == transaction
        except OSError:
            return False


def sip_answers(address: str, port: int, source: str) -> bool:
    """Whether OPTIONS over UDP from the address `source`, which must be a peer, gets any answer."""
    branch = f"z9hG4bK{os.urandom(8).hex()}"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(0.2)
        try:
            udp.bind((source, 0))
            own = "%s:%d" % udp.getsockname()
            udp.sendto((f"OPTIONS sip:{address}:{port} SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch={branch}\r\n"
                        f"From: <sip:{own}>;tag=1\r\nTo: <sip:{address}>\r\nCall-ID: {branch}\r\n"
                        "CSeq: 1 OPTIONS\r\nMax-Forwards: 5\r\nContent-Length: 0\r\n\r\n").encode(),
                       (address, port))
            return branch.encode() in udp.recv(1500)
        except OSError:
            return False


def port_is_free(kind: str, address: str, port: int) -> bool:
    """Whether we could bind it. SO_REUSEADDR for TCP: a closed connection's TIME_WAIT is no owner."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM) as one:
        if kind == "tcp":
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((address, port))
            return True
        except OSError:
            return False
