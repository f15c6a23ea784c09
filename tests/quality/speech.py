"""Speech for the tests: sentences of several voices by espeak-ng, some of them in noise."""

import dataclasses
import pathlib
import subprocess
import tempfile
import wave

import numpy

from resampling import resample

LEVEL = -26.0   # dBov, RMS of each sentence (ITU-T P.56 asks for that level in P.800's tests)
PAUSE = 0.4     # seconds before each sentence and after the last, unless asked for others
TOP = 32768.0
NOISE_SEED = 7


@dataclasses.dataclass(frozen=True)
class Sentence:
    text: str
    voice: str
    speed: int               # words a minute
    pitch: int               # 0-99
    noise: float | None = None  # dB below the voice


SENTENCES = (
    Sentence("The parcel left our warehouse on Tuesday evening.", "en-us", 160, 45),
    Sentence("Could you give me your customer number, please?", "en-gb+f2", 165, 60),
    Sentence("Four, seven, one, eight, six, nine, zero, three.", "en-us+m3", 150, 25),
    Sentence("Ich verbinde Sie mit der Buchhaltung.", "de+f4", 155, 70),
    Sentence("She had your dark suit in greasy wash water.", "en-us+f5", 170, 85),
    Sentence("Nous vous rappelons demain matin.", "fr+m2", 150, 40),
    Sentence("The invoice was sent to the wrong address.", "en-gb", 160, 35, noise=20.0),
    Sentence("Please hold the line while I look it up.", "en-us+f3", 165, 65, noise=12.0),
)


@dataclasses.dataclass(frozen=True)
class Speech:
    """16-bit samples, the voices in them alone, and where each sentence stands."""
    rate: int
    samples: numpy.ndarray
    voices: numpy.ndarray
    sentences: tuple[slice, ...]

    def write(self, path: pathlib.Path) -> pathlib.Path:
        path.write_bytes(self.samples.astype("<i2").tobytes())
        return path


def spoken(sentence: Sentence, directory: pathlib.Path) -> tuple[numpy.ndarray, int]:
    """What espeak-ng makes of it, without the silence around it, and its rate."""
    path = directory / "sentence.wav"
    subprocess.run(["espeak-ng", "-v", sentence.voice, "-s", str(sentence.speed), "-p", str(sentence.pitch),
                    "-w", path, sentence.text], check=True)
    with wave.open(str(path)) as file:
        rate = file.getframerate()
        samples = numpy.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)
    loud = numpy.flatnonzero(abs(samples) > 100)
    return samples[loud[0]:loud[-1] + 1], rate


def pink(count: int, random: numpy.random.RandomState) -> numpy.ndarray:
    """Noise with the spectrum of a room: 3 dB less for each octave."""
    spectrum = numpy.fft.rfft(random.randn(count))
    return numpy.fft.irfft(spectrum / numpy.sqrt(numpy.maximum(numpy.arange(len(spectrum)), 1)), count)


def scaled(samples: numpy.ndarray, level: float) -> numpy.ndarray:
    return samples * (TOP * 10 ** (level / 20) / numpy.sqrt(numpy.mean(samples ** 2)))


def sampled(samples: numpy.ndarray) -> numpy.ndarray:
    return numpy.clip(numpy.rint(samples), -TOP, TOP - 1).astype(numpy.int16)


def make(rates: tuple[int, ...], pause_seconds: float = PAUSE) -> dict[int, Speech]:
    """The same speech at each of `rates`, Hz, with pauses of that length between the sentences."""
    random = numpy.random.RandomState(NOISE_SEED)
    with tempfile.TemporaryDirectory() as directory:
        voices = [spoken(sentence, pathlib.Path(directory)) for sentence in SENTENCES]
    made = {}
    for rate in rates:
        random.seed(NOISE_SEED)
        pause = numpy.zeros(round(pause_seconds * rate))
        said, noises, places, position = [], [], [], 0
        for sentence, (samples, source) in zip(SENTENCES, voices):
            voice = scaled(resample(samples, source, rate), LEVEL)
            noise = (numpy.zeros(len(voice)) if sentence.noise is None
                     else scaled(pink(len(voice), random), LEVEL - sentence.noise))
            said += [pause, voice]
            noises += [pause, noise]
            begin = position + len(pause)
            position = begin + len(voice)
            places.append(slice(begin, position))
        alone = numpy.concatenate([*said, pause])
        made[rate] = Speech(rate, sampled(alone + numpy.concatenate([*noises, pause])), sampled(alone),
                            tuple(places))
    return made
