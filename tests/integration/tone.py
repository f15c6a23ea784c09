"""Audio judged as audio: a tone that is sent, and how loud and how high a received one is."""

import asyncio
import collections
import fractions
import math
import time

import numpy
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

SAMPLE_RATE = 48000   # Hz, what aiortc encodes from and decodes to
FRAME = 960           # samples: 20 ms
KEPT_SECONDS = 4


class ToneTrack(MediaStreamTrack):
    """A sine in real time. `frequency` (Hz) and `level` (dBFS, RMS) may change under way."""

    kind = "audio"

    def __init__(self, frequency=700, level=-13):
        super().__init__()
        self.frequency, self.level = frequency, level
        self._begun = None
        self._sent = 0     # samples
        self._phase = 0.0  # radians

    async def recv(self):
        if self.readyState != "live":
            raise MediaStreamError
        self._begun = self._begun or time.monotonic()
        await asyncio.sleep(max(0, self._begun + self._sent / SAMPLE_RATE - time.monotonic()))
        step = 2 * math.pi * self.frequency / SAMPLE_RATE
        amplitude = 32768 * math.sqrt(2) * 10 ** (self.level / 20)
        wave = amplitude * numpy.sin(self._phase + step * numpy.arange(FRAME))
        self._phase = (self._phase + step * FRAME) % (2 * math.pi)
        frame = AudioFrame(format="s16", layout="mono", samples=FRAME)
        frame.planes[0].update(wave.round().clip(-32768, 32767).astype("<i2").tobytes())
        frame.pts, frame.sample_rate = self._sent, SAMPLE_RATE
        frame.time_base = fractions.Fraction(1, SAMPLE_RATE)
        self._sent += FRAME
        return frame


class Sound:
    """What a stretch of audio holds: level (dBFS, RMS), frequency (Hz) of its loudest tone, and
    purity, the share of the power within 40 Hz of that tone."""

    def __init__(self, samples, sample_rate):
        power = float(numpy.mean(numpy.square(samples, dtype=float))) if len(samples) else 0.0
        self.seconds = len(samples) / sample_rate
        self.level = 10 * math.log10(power / 32768**2) if power else -120.0
        self.frequency, self.purity = 0.0, 0.0
        self._spectrum, self._width = None, 0.0
        if self.level < -70:
            return
        spectrum = numpy.abs(numpy.fft.rfft(samples * numpy.hanning(len(samples)))) ** 2
        width = sample_rate / len(samples)  # Hz of one line
        top = int(spectrum.argmax())
        near = slice(max(0, top - round(40 / width)), top + round(40 / width) + 1)
        lines = numpy.arange(len(spectrum))[near]
        self.frequency = float((lines * spectrum[near]).sum() / spectrum[near].sum() * width)
        self.purity = float(spectrum[near].sum() / spectrum.sum())
        self._spectrum, self._width = spectrum, width

    def share(self, frequency):
        """Of the power, what lies within 40 Hz of `frequency`."""
        if self._spectrum is None:
            return 0.0
        near = slice(max(0, round((frequency - 40) / self._width)), round((frequency + 40) / self._width) + 1)
        return float(self._spectrum[near].sum() / self._spectrum.sum())

    def __repr__(self):
        return (f"{self.frequency:.1f} Hz at {self.level:.1f} dBFS, purity {self.purity:.2f}, "
                f"{self.seconds:.2f} s")


class Ear:
    """Takes every frame of a received track, keeps the last seconds, and counts."""

    def __init__(self, track):
        self._frames = collections.deque(maxlen=KEPT_SECONDS * SAMPLE_RATE // FRAME)
        self.frames = 0
        self.last = None  # time.monotonic() of the last frame
        self.task = asyncio.create_task(self._listen(track))

    async def _listen(self, track):
        try:
            while True:
                frame = await track.recv()
                samples = numpy.frombuffer(bytes(frame.planes[0]), "<i2", FRAME * 2)[::2]
                self._frames.append(samples)
                self.frames += 1
                self.last = time.monotonic()
        except MediaStreamError:
            pass

    def last_sound(self, seconds=0.4):
        frames = list(self._frames)[-round(seconds * SAMPLE_RATE / FRAME):]
        return Sound(numpy.concatenate(frames) if frames else numpy.zeros(0), SAMPLE_RATE)

    def forget(self):
        self._frames.clear()
