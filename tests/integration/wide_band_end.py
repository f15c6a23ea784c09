"""A far end with any codec of the SIP side: G.722 and Opus are ffmpeg's, which the gateway does not use (its
G.722 shares no code, its Opus is libopus as everywhere), L16 is numpy's."""

import asyncio
import math

import av
import numpy

from far_end import FarEnd
from tone import Sound


class Linear:
    """L16 (RFC 3551 section 4.5.11)."""

    def __init__(self, rate):
        self.rate = self.clock = rate
        self.rtpmap = f"L16/{rate}"

    def encode(self, pcm):
        return pcm.astype(">i2").tobytes()

    def decode(self, payload):
        return numpy.frombuffer(payload, ">i2").astype("<i2")


class Coded:
    """A codec of ffmpeg's. `rate` is that of the samples here, `clock` of the RTP timestamp; Hz. What is
    given to encode() is one frame."""

    def __init__(self, name, rtpmap, clock, options=None):
        self.rate, self.clock, self.rtpmap = 16000, clock, rtpmap
        self._encoder = av.CodecContext.create(name, "w")
        self._encoder.sample_rate, self._encoder.layout, self._encoder.format = self.rate, "mono", "s16"
        self._encoder.options = options or {}
        self._decoder = av.CodecContext.create(name, "r")
        if name == "g722":
            self._decoder.sample_rate, self._decoder.layout = self.rate, "mono"
        self._at = 0

    def encode(self, pcm):
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(pcm))
        frame.planes[0].update(pcm.astype("<i2").tobytes())
        frame.sample_rate, frame.pts = self.rate, self._at
        self._at += len(pcm)
        return b"".join(bytes(packet) for packet in self._encoder.encode(frame))

    def decode(self, payload):
        heard = [numpy.zeros(0, "<i2")]
        for frame in self._decoder.decode(av.Packet(payload)):
            channels = len(frame.layout.channels)
            samples = numpy.frombuffer(bytes(frame.planes[0]), "<i2", frame.samples * channels)[::channels]
            heard.append(samples[::frame.sample_rate // self.rate])  # the tones here are far below 8 kHz
        return numpy.concatenate(heard)


def g722():
    return Coded("g722", "G722/8000", 8000)


def opus(ptime=20):
    return Coded("libopus", "opus/48000/2", 48000, {"frame_duration": str(ptime), "application": "voip"})


class WideBandEnd(FarEnd):
    """Speaks and hears `voice` under the number `payload_type`."""

    def __init__(self, dn, sip_port, payload_type, voice):
        super().__init__(dn, sip_port)
        self.payload_type, self.voice = payload_type, voice
        self.payloads = []  # as they came
        self._pcm = []

    def offer(self, digits=(98, 8000), lines=()):
        """`digits`: payload type (none of far_end's) and clock of telephone-event."""
        maps = [f"a=rtpmap:{self.payload_type} {self.voice.rtpmap}",
                f"a=rtpmap:{digits[0]} telephone-event/{digits[1]}"]
        return self.sdp((self.payload_type, digits[0]), [*maps, *lines])

    def _take_rtp(self, data, address):
        super()._take_rtp(data, address)
        if len(data) > 12 and data[1] & 0x7F == self.payload_type:
            self.payloads.append(data[12:])
            self._pcm.append(self.voice.decode(data[12:]))
            del self._pcm[:-100]

    async def play_tone(self, seconds, frequency=440, level=-10, ptime=20):
        loop = asyncio.get_running_loop()
        begun, samples = loop.time(), self.voice.rate * ptime // 1000
        amplitude = 32768 * math.sqrt(2) * 10 ** (level / 20)
        step = 2 * math.pi * frequency / self.voice.rate
        for n in range(round(seconds * 1000 / ptime)):
            wave = amplitude * numpy.sin(self._phase + step * numpy.arange(samples))
            self._phase = (self._phase + step * samples) % (2 * math.pi)
            self.packet(self.payload_type, self.voice.encode(wave.round()), self.voice.clock * ptime // 1000)
            await asyncio.sleep(max(0, begun + (n + 1) * ptime / 1000 - loop.time()))

    def sound(self, seconds=0.4):
        pcm = numpy.concatenate(self._pcm) if self._pcm else numpy.zeros(0)
        return Sound(pcm[-round(seconds * self.voice.rate):], self.voice.rate)
