"""The browser's audio packet by packet: Opus of any frame length, in RTP with any header, sent by aiortc's own
keys in place of what it would send; and packets past those keys."""

import asyncio
import ctypes
import math
import struct

import numpy

RATE = 48000  # Hz
APPLICATION_VOIP = 2048  # opus_defines.h


class OpusEncoder:
    def __init__(self):
        self.library = ctypes.CDLL("libopus.so.0")
        self.library.opus_encoder_create.restype = ctypes.c_void_p
        fault = ctypes.c_int()
        self.encoder = ctypes.c_void_p(self.library.opus_encoder_create(RATE, 1, APPLICATION_VOIP, ctypes.byref(fault)))
        if fault.value:
            raise RuntimeError(f"opus_encoder_create: {fault.value}")

    def __call__(self, samples):
        pcm, out = samples.astype("<i2").tobytes(), ctypes.create_string_buffer(4000)
        size = self.library.opus_encode(self.encoder, pcm, len(samples), out, len(out))
        if size < 0:
            raise RuntimeError(f"opus_encode: {size}")
        return out.raw[:size]

    def close(self):
        self.library.opus_encoder_destroy(self.encoder)


class RawVoice:
    """Takes the place of a page's microphone, by take_over(). `sequence` and `timestamp` may be changed at any
    time; the sequence forward only and by less than 32768, which is as far as SRTP can follow (RFC 3711
    section 3.3.1)."""

    # pylint: disable=protected-access
    @classmethod
    async def take_over(cls, test, page, frequency=700, level=-13):
        """From behind the last packet that the page has sent by itself."""
        voice = cls()
        voice.frequency, voice.level, voice.sent = frequency, level, 0
        sender = page.pc.getTransceivers()[0].sender
        voice.dtls = sender.transport
        voice.ice = voice.dtls.transport
        voice.encode = OpusEncoder()
        test.addCleanup(voice.encode.close)
        send, heads = voice.dtls._send_rtp, []

        async def tap(octets):
            if octets[1] & 0x7F < 72 or octets[1] & 0x7F > 95:  # no RTCP (RFC 5761 section 4)
                heads.append(octets[:12])
            await send(octets)
        voice.dtls._send_rtp = tap
        await test.eventually(lambda: heads, "a packet of the page")
        sender.replaceTrack(None)
        await asyncio.sleep(0.1)  # what was in work
        voice.dtls._send_rtp = send
        _, kind, sequence, timestamp, voice.ssrc = struct.unpack("!BBHII", heads[-1])
        voice.payload_type = kind & 0x7F
        voice.sequence, voice.timestamp = sequence + 1, timestamp + 960
        return voice

    def frame(self, milliseconds):
        samples = round(RATE * milliseconds / 1000)
        times = (self.sent + numpy.arange(samples)) / RATE
        self.sent += samples
        return self.encode(32768 * math.sqrt(2) * 10 ** (self.level / 20) * numpy.sin(2 * math.pi * self.frequency * times))

    async def packet(self, payload, milliseconds=20, first=0x80, payload_type=None):
        kind = self.payload_type if payload_type is None else payload_type
        head = struct.pack("!BBHII", first, kind, self.sequence & 0xFFFF, self.timestamp & 0xFFFFFFFF,
                           self.ssrc & 0xFFFFFFFF)
        self.sequence += 1
        self.timestamp += round(RATE * milliseconds / 1000)
        await self.dtls._send_rtp(head + payload)

    async def talk(self, seconds, milliseconds=20):
        """The tone, in real time."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for number in range(round(1000 * seconds / milliseconds)):
            await self.packet(self.frame(milliseconds), milliseconds)
            await asyncio.sleep(max(0, begun + (number + 1) * milliseconds / 1000 - loop.time()))

    async def flood(self, packets):
        """So many packets of the tone, as fast as they can be encrypted, up to 2,000 a second."""
        frames = [self.frame(20) for _ in range(100)]
        for number in range(packets):
            await self.packet(frames[number % 100])
            if number % 20 == 19:
                await asyncio.sleep(0.01)

    async def past_the_keys(self, octets):
        """As they are, from the browser's own address to where its SRTP goes."""
        await self.ice._send(octets)

    def remote(self):
        """Janus's address and port of this PeerConnection."""
        return self.ice._connection._nominated[1].remote_addr
