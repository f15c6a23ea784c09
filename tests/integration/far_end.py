"""A far end of our own: calls a DN straight, as SIP Server would, and sends whatever RTP a test wants.
SIP by hand, one dialog, UDP; for what neither the stand-in nor sipp will do."""

import asyncio
import audioop
import itertools
import math
import re
import struct

import numpy

from tone import Sound

HERE = "127.0.0.1"
SAMPLE_RATE = 8000  # Hz
ENCODERS = {0: audioop.lin2ulaw, 8: audioop.lin2alaw}
DECODERS = {0: audioop.ulaw2lin, 8: audioop.alaw2lin}
RTPMAPS = {0: "PCMU/8000", 3: "GSM/8000", 8: "PCMA/8000", 13: "CN/8000", 18: "G729/8000",
           101: "telephone-event/8000", 102: "iLBC/8000", 120: "opus/48000/2"}
NUMBERS = itertools.count(1)


class Port(asyncio.DatagramProtocol):
    """A UDP port that hands every datagram to `take`."""

    def __init__(self, take):
        self._take = take
        self.transport = None

    async def open(self):
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(HERE, 0))
        return self.transport.get_extra_info("sockname")[1]

    def datagram_received(self, data, addr):
        self._take(data, addr)


class FarEnd:
    def __init__(self, dn, sip_port):
        self.dn, self._gateway = dn, (HERE, sip_port)
        self._sip, self._rtp = Port(self._take_sip), Port(self._take_rtp)
        self.answers = []            # every response: status, CSeq, text
        self._changed = asyncio.Event()
        self.cseq = 1
        self._heard = {}             # payload type → list of linear samples
        self.received = []           # (payload type, sequence, timestamp, ssrc, payload octets)
        self.reports = []            # RTCP that came over the RTP port
        self.ssrc, self.sequence, self.timestamp = 0x1234, 100, 5000
        self.remote = None           # the gateway's RTP address
        self._phase = 0.0

    async def __aenter__(self):
        self._sip_port, self.rtp_port = await self._sip.open(), await self._rtp.open()
        self.call_id = f"far-{next(NUMBERS)}-{self._sip_port}@{HERE}"
        return self

    async def __aexit__(self, *_):
        self._sip.transport.close()
        self._rtp.transport.close()

    # SIP.

    def sdp(self, payload_types=(0, 8, 101), lines=()):
        maps = [f"a=rtpmap:{number} {RTPMAPS[number]}" for number in payload_types if number in RTPMAPS]
        return "\r\n".join([
            "v=0", f"o=- 1 1 IN IP4 {HERE}", "s=-", f"c=IN IP4 {HERE}", "t=0 0",
            f"m=audio {self.rtp_port} RTP/AVP " + " ".join(map(str, payload_types)), *maps, *lines, ""])

    def send(self, method, body="", cseq=None, branch=None):
        """A request of the dialog, From and To as SIP Server writes them."""
        cseq = cseq or self.cseq
        tag = f";tag={self.to_tag}" if self.to_tag and method != "CANCEL" else ""
        here = f"{HERE}:{self._sip_port}"
        text = "\r\n".join([
            f"{method} sip:{self.dn}@{HERE}:{self._gateway[1]} SIP/2.0", f"From: sip:777@{here};tag=far",
            f"To: sip:{self.dn}@{HERE}{tag}", f"Call-ID: {self.call_id}", f"CSeq: {cseq} {method}",
            f"Content-Length: {len(body)}", *(["Content-Type: application/sdp"] if body else []),
            f"Via: SIP/2.0/UDP {here};branch=z9hG4bK{branch or f'{method}{cseq}'}{self._sip_port}",
            f"Contact: <sip:777@{here}>", "Max-Forwards: 70", "", body])
        self._sip.transport.sendto(text.encode(), self._gateway)

    @property
    def to_tag(self):
        tags = [re.search(r"(?mi)^To:.*;tag=([^\s;]+)", text) for _, _, text in self.answers]
        return next((tag[1] for tag in tags if tag), "")

    def _take_sip(self, data, _):
        text = data.decode()
        if text.startswith("SIP/2.0"):
            cseq = re.search(r"(?mi)^CSeq:\s*(.+?)\s*$", text)[1]
            self.answers.append((int(text.split()[1]), cseq, text))
        else:
            copied = re.findall(r"(?mi)^(?:Via|From|To|Call-ID|CSeq):.*$", text)
            ok = "\r\n".join(["SIP/2.0 200 OK", *(line.strip() for line in copied), "Content-Length: 0", "", ""])
            self._sip.transport.sendto(ok.encode(), self._gateway)
            self.answers.append((0, text.split()[0], text))
        self._changed.set()

    async def answer(self, status, cseq="1 INVITE", seconds=6):
        """The text of the first response to `cseq` with that status (0: a request of that method)."""
        async def wait():
            while True:
                for got in self.answers:
                    if got[:2] == (status, cseq):
                        return got[2]
                self._changed.clear()
                await self._changed.wait()
        try:
            return await asyncio.wait_for(wait(), seconds)
        except asyncio.TimeoutError:
            raise AssertionError(f"no {status} to {cseq}; there came {[a[:2] for a in self.answers]}") from None

    def connect(self, answer):
        """RTP goes where the SDP of this response says; its m= line."""
        port = re.search(r"(?m)^m=audio (\d+) .*$", answer)
        self.remote = (re.search(r"(?m)^c=IN IP4 (\S+)", answer)[1], int(port[1]))
        return port[0].strip()

    async def call(self, page, sdp=None):
        """Rings `page`, which accepts; the m= line of the answer. The ACK is sent."""
        self.send("INVITE", sdp or self.sdp())
        await page.event("incomingcall")
        await page.request({"request": "accept"})
        line = self.connect(await self.answer(200))
        self.send("ACK")
        await page.event("accepted")
        return line

    async def hang_up(self):
        self.cseq += 1
        self.send("BYE")
        await self.answer(200, f"{self.cseq} BYE")

    # RTP.

    def _take_rtp(self, data, _):
        if len(data) < 12:
            return
        if 192 <= data[1] <= 223:  # RTCP over the same port (RFC 5761 section 4)
            self.reports.append(data)
            return
        _, kind, sequence, timestamp, ssrc = struct.unpack("!BBHII", data[:12])
        payload_type = kind & 0x7F
        self.received.append((payload_type, sequence, timestamp, ssrc, len(data) - 12))
        if payload_type in DECODERS:
            heard = self._heard.setdefault(payload_type, [])
            heard.append(numpy.frombuffer(DECODERS[payload_type](data[12:], 2), "<i2"))
            del heard[:-100]

    def packet(self, payload_type, payload, samples=160, marker=0, transport=None):
        header = struct.pack("!BBHII", 0x80, marker << 7 | payload_type, self.sequence & 0xFFFF,
                             self.timestamp & 0xFFFFFFFF, self.ssrc)
        (transport or self._rtp.transport).sendto(header + payload, self.remote)
        self.sequence += 1
        self.timestamp += samples

    def tone_payload(self, payload_type, frequency, level, samples):
        step = 2 * math.pi * frequency / SAMPLE_RATE
        amplitude = 32768 * math.sqrt(2) * 10 ** (level / 20)
        wave = (amplitude * numpy.sin(self._phase + step * numpy.arange(samples))).astype("<i2")
        self._phase = (self._phase + step * samples) % (2 * math.pi)
        return ENCODERS[payload_type](wave.tobytes(), 2)

    async def play(self, seconds, payload_type=0, frequency=440, level=-10, ptime=20, between=None):
        """A tone in packets of `ptime` ms; `between(n)` is called before packet n."""
        loop = asyncio.get_running_loop()
        begun, samples = loop.time(), SAMPLE_RATE * ptime // 1000
        for n in range(round(seconds * 1000 / ptime)):
            if between:
                between(n)
            self.packet(payload_type, self.tone_payload(payload_type, frequency, level, samples), samples)
            await asyncio.sleep(max(0, begun + (n + 1) * ptime / 1000 - loop.time()))

    async def speak(self, payload_type, pcm):
        """16-bit samples, in packets of 20 ms, in real time."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for n in range(len(pcm) // 320):
            self.packet(payload_type, ENCODERS[payload_type](pcm[n * 320:n * 320 + 320], 2))
            await asyncio.sleep(max(0, begun + (n + 1) * 0.02 - loop.time()))

    def samples(self, payload_type=0):
        """What was heard, the last two seconds at most."""
        frames = self._heard.get(payload_type, [])
        return numpy.concatenate(frames) if frames else numpy.zeros(0)

    def heard(self, payload_type=0, seconds=0.4):
        return Sound(self.samples(payload_type)[-round(seconds * SAMPLE_RATE):], SAMPLE_RATE)
