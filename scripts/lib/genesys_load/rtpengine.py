"""Debian's rtpengine as a peer: it transcodes Opus in SRTP to PCMU in RTP and back. No ICE, no DTLS: keys
are agreed by SDP (RFC 4568), which spares it work that the gateway has to do."""

import argparse
import base64
import json
import os
import pathlib
import re
import secrets
import socket

from genesys_stack import netns
from genesys_stack.child import Child
from genesys_stack.errors import StackError

from . import gateway, threads
from .generator import Generator

LOOPBACK = "127.0.0.1"
NG_PORT = 2223
BROWSER_PORT, FAR_END_PORT = 15000, 10000  # two a call
GROUPS = ((r"", "rtpengine"),)
KEY_OCTETS = {"AES_CM_128_HMAC_SHA1_80": 30, "AEAD_AES_128_GCM": 28, "AEAD_AES_256_GCM": 44}


def bencode(value) -> bytes:
    if isinstance(value, dict):
        return b"d" + b"".join(bencode(k) + bencode(v) for k, v in sorted(value.items())) + b"e"
    if isinstance(value, list):
        return b"l" + b"".join(map(bencode, value)) + b"e"
    text = value.encode()
    return b"%d:%s" % (len(text), text)


def bdecode(data: bytes, at: int = 0):
    """The value that begins there, and where the next one does."""
    if data[at:at + 1] == b"i":
        end = data.index(b"e", at)
        return int(data[at + 1:end]), end + 1
    if data[at:at + 1] in (b"d", b"l"):
        kind, items, at = data[at:at + 1], [], at + 1
        while data[at:at + 1] != b"e":
            item, at = bdecode(data, at)
            items.append(item)
        return (dict(zip(items[::2], items[1::2])) if kind == b"d" else items), at + 1
    colon = data.index(b":", at)
    end = colon + 1 + int(data[at:colon])
    return data[colon + 1:end].decode(), end


class Control:
    """Its control protocol ("ng"): a cookie and a dictionary in a datagram."""

    def __init__(self, namespace: str):
        self.socket = netns.inside(namespace, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.socket.settimeout(1.0)

    def ask(self, command: str, **fields) -> dict:
        cookie = secrets.token_hex(8)
        message = bencode({"command": command, **fields})
        self.socket.sendto(f"{cookie} ".encode() + message, (LOOPBACK, NG_PORT))
        answer, _ = bdecode(self.socket.recv(65536).split(b" ", 1)[1])
        if answer.get("result") not in ("ok", "pong"):
            raise StackError(f"rtpengine: {command}: {answer}")
        return answer

    def answers(self) -> bool:
        try:
            return bool(self.ask("ping"))
        except OSError:
            return False


def sdp(port: int, protocol: str, lines: str) -> str:
    return (f"v=0\r\no=- 1 1 IN IP4 {LOOPBACK}\r\ns=-\r\nc=IN IP4 {LOOPBACK}\r\nt=0 0\r\n"
            f"m=audio {port} {protocol} {lines}")


def one(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if not found:
        raise StackError(f"rtpengine's SDP has no {pattern}:\n{text}")
    return found[1]


def set_up(control: Control, index: int, suite: str) -> dict:
    """One call, as webrtc_load --calls-file wants it."""
    browser, far_end = BROWSER_PORT + 2 * index, FAR_END_PORT + 2 * index
    key = base64.b64encode(secrets.token_bytes(KEY_OCTETS[suite])).decode()
    call = {"call-id": f"call-{index}", "from-tag": "a"}
    offered = control.ask("offer", **call, sdp=sdp(
        browser, "RTP/SAVP", f"111\r\na=rtpmap:111 opus/48000/2\r\na=crypto:1 {suite} inline:{key}\r\n"),
        **{"transport-protocol": "RTP/AVP", "ICE": "remove", "DTLS": "off",
           "codec": {"mask": ["all"], "transcode": ["PCMU"]}})["sdp"]
    answered = control.ask("answer", **call, **{"to-tag": "b"}, sdp=sdp(
        far_end, "RTP/AVP", "0\r\na=rtpmap:0 PCMU/8000\r\n"))["sdp"]
    theirs = one(rf"a=crypto:\d+ {suite} inline:([A-Za-z0-9+/=]+)", answered)
    return {"browser": {"local": f"{LOOPBACK}:{browser}",
                        "remote": f"{LOOPBACK}:{one(r'm=audio ([0-9]+) RTP/SAVP 111', answered)}",
                        "srtp": {"suite": suite, "send": key, "receive": theirs}},
            "sip": {"local": f"{LOOPBACK}:{far_end}",
                    "remote": f"{LOOPBACK}:{one(r'm=audio ([0-9]+) RTP/AVP 0', offered)}"}}


def start(directory: pathlib.Path, namespace: str, cores: set[int] | None) -> tuple[Child, Control]:
    for name in ("logs", "run"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    child = Child("rtpengine", directory)
    control = Control(namespace)
    with gateway.on_cores(cores):
        child.start([*netns.prefix(namespace), "setpriv", "--pdeathsig", "TERM", "rtpengine",
                     "--config-file=none", "--foreground", "--log-stderr", "--log-level=4", "--table=-1",
                     f"--interface={LOOPBACK}", f"--listen-ng={LOOPBACK}:{NG_PORT}",
                     "--port-min=30000", "--port-max=39999",
                     f"--num-threads={len(cores or os.sched_getaffinity(0))}"])
    child.wait_until(control.answers, 10)
    return child, control


def measure(asked: argparse.Namespace, directory: pathlib.Path, talk: str, calls: int,
            suite: str) -> dict:
    """The row of one level."""
    peer_cores, load_cores = gateway.cores()
    namespace = f"jg-rtpe-{directory.name[-8:]}"
    netns.create(namespace, "10.66.0.1")
    try:
        child, control = start(directory / "rtpengine", namespace, peer_cores)
        try:
            file = directory / "calls.json"
            file.write_text(json.dumps([set_up(control, i, suite) for i in range(calls)]))
            watch = gateway.Watch(child.pid(), GROUPS)
            with Generator(asked.build.resolve(), namespace, 300, load_cores, dict(
                    calls_file=file, seconds=asked.seconds, talk=talk,
                    listen_every=1)) as generator:
                for event in generator.events():
                    watch.follow(event)
        finally:
            child.stop()
    finally:
        netns.delete(namespace)
    return watch.rows[0]
