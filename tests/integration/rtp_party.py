"""The far end's audio where sipp speaks SIP: an RTP peer with its own address, SSRC and tone, which hears.
Shares no code with the gateway or the stand-in."""

import asyncio
import audioop
import collections
import math
import secrets
import struct
import time

import numpy

from tone import Sound

SAMPLE_RATE = 8000  # Hz
ENCODERS = {0: audioop.lin2ulaw, 8: audioop.lin2alaw}
DECODERS = {0: audioop.ulaw2lin, 8: audioop.alaw2lin}
SILENCE = -45  # dBFS: comfort noise is below it
COMFORT_NOISE, EVENTS = 13, 101  # payload types (RFC 3389, RFC 4733)
DIGITS = "0123456789*#ABCD"


class RtpParty(asyncio.DatagramProtocol):
    """`frequency` (Hz) may be several, as in a conference, or None. `codec` is the static payload type
    (0 PCMU, 8 PCMA), `payload_type` the number that it is given here. It sends to where it heard from last,
    or before that to `remote`."""

    def __init__(self, frequency=440, level=-10, host="127.0.0.1", codec=0, payload_type=None, ptime=20):
        self.frequency, self.level, self.host, self.codec, self.ptime = frequency, level, host, codec, ptime
        self.payload_type = codec if payload_type is None else payload_type
        self.remote = None
        self.comfort_noise = False  # instead of the tone, though nobody asked for it
        self.digits = ""            # that it has received
        self._last_event = None     # timestamp
        self._heard = collections.deque(maxlen=200)  # (monotonic time, samples)
        self._sequence, self._timestamp = secrets.randbelow(1 << 16), secrets.randbelow(1 << 32)
        self._ssrc = secrets.randbits(32)
        self._sent = 0  # samples

    async def open(self, test):
        """Until the test ends."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(self.host, 0))
        self.port = self._transport.get_extra_info("sockname")[1]
        speaking = asyncio.create_task(self._speak())

        async def close():
            speaking.cancel()
            self._transport.close()
        test.addAsyncCleanup(close)
        return self

    def datagram_received(self, data, address):
        if len(data) < 12:
            return
        self.remote = address
        payload_type, timestamp = data[1] & 0x7F, data[4:8]
        if payload_type == EVENTS and len(data) >= 16 and data[13] & 0x80 and timestamp != self._last_event:
            self._last_event = timestamp
            self.digits += DIGITS[data[12]]
        if payload_type == self.payload_type:
            samples = numpy.frombuffer(DECODERS[self.codec](data[12:], 2), "<i2")
            self._heard.append((time.monotonic(), samples))

    async def _speak(self):
        loop = asyncio.get_running_loop()
        begun, samples = loop.time(), SAMPLE_RATE * self.ptime // 1000
        number = 0
        while True:
            if self.remote and self.comfort_noise:
                self._send(samples, COMFORT_NOISE, bytes([70]))  # -70 dBov
            elif self.remote and self.frequency:
                self._send(samples, self.payload_type, self._tone(samples))
            number += 1
            await asyncio.sleep(max(0, begun + number * self.ptime / 1000 - loop.time()))

    def _tone(self, samples):
        times = (self._sent + numpy.arange(samples)) / SAMPLE_RATE
        tones = self.frequency if isinstance(self.frequency, tuple) else (self.frequency,)
        amplitude = 32768 * math.sqrt(2) * 10 ** (self.level / 20) / len(tones)
        wave = sum(amplitude * numpy.sin(2 * math.pi * tone * times) for tone in tones).astype("<i2")
        self._sent += samples
        return ENCODERS[self.codec](wave.tobytes(), 2)

    def _send(self, samples, payload_type, payload):
        header = struct.pack("!BBHII", 0x80, payload_type, self._sequence, self._timestamp, self._ssrc)
        self._transport.sendto(header + payload, self.remote)
        self._sequence = (self._sequence + 1) & 0xFFFF
        self._timestamp = (self._timestamp + samples) & 0xFFFFFFFF

    def sound(self, seconds=0.4):
        """What came within the last `seconds`."""
        since = time.monotonic() - seconds
        recent = [samples for at, samples in list(self._heard) if at > since]
        return Sound(numpy.concatenate(recent) if recent else numpy.zeros(0), SAMPLE_RATE)

    async def hears(self, frequency, level=None, seconds=6):
        """Waits for a clean tone; `level` in dBFS within 3 dB."""
        def tone(sound):
            return (sound.seconds > 0.3 and abs(sound.frequency - frequency) < 5 and sound.purity > 0.9
                    and (level is None or abs(sound.level - level) < 3))
        return await self._until(tone, f"{frequency} Hz at {level} dBFS", seconds)

    async def hears_all(self, *frequencies, seconds=6):
        """Waits until the tones make up what is heard, none of them far weaker than another."""
        def tones(sound):
            shares = [sound.share(frequency) for frequency in frequencies]
            return sound.seconds > 0.3 and min(shares) > 0.3 / len(frequencies) and sum(shares) > 0.85
        return await self._until(tones, f"{frequencies} Hz", seconds)

    async def hears_nothing(self, seconds=6):
        """Waits until 0.4 s bring no packets, or comfort noise alone."""
        return await self._until(lambda sound: sound.level < SILENCE, "silence", seconds)

    async def _until(self, condition, what, seconds):
        deadline = time.monotonic() + seconds
        while not condition(sound := self.sound()):
            if time.monotonic() > deadline:
                raise AssertionError(f"the far end at {self.host}:{self.port} hears {sound}, not {what}")
            await asyncio.sleep(0.05)
        return sound
