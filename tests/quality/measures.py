"""What became of speech on its way: what the listener hears is held against what was spoken."""

import dataclasses

import numpy

import stoi
from speech import TOP, Speech

LONGEST_DELAY = 1.5     # seconds, mouth to ear
FRAME = 0.005           # seconds
ACTIVE = 20.0           # dB below the sentence's level: below that nothing is spoken
QUIET = 25.0            # dB below what is spoken at that moment: nothing is heard
GAP = 0.020             # seconds; shorter ones are no gaps
EDGE = 2                # frames: what is that near to a silence of the talker's is no gap
SPECTRUM = 0.032        # seconds, frame of the spectra
SPECTRUM_RANGE = 40.0   # dB below the loudest line of a frame: not compared any more
LOWEST, HIGHEST = 200.0, 3400.0  # Hz; the upper end for 8 kHz, twice that for 16


@dataclasses.dataclass(frozen=True)
class Heard:
    """`spoken`, the `voices` in it alone, and `heard`: one array a sentence, exactly above each other.
    `delays`: seconds."""
    rate: int
    spoken: list[numpy.ndarray]
    voices: list[numpy.ndarray]
    heard: list[numpy.ndarray]
    delays: list[float]


def lag(spoken: numpy.ndarray, heard: numpy.ndarray) -> tuple[int, float]:
    """By how many samples `spoken` has to move to lie best in `heard`, and how well it lies there:
    the correlation of the two, 0 to 1."""
    length = len(spoken) + len(heard)
    product = numpy.fft.rfft(heard, length) * numpy.conj(numpy.fft.rfft(spoken, length))
    places = len(heard) - len(spoken) + 1
    found = numpy.fft.irfft(product, length)[:places]
    sums = numpy.concatenate([[0.0], numpy.cumsum(heard ** 2)])
    energies = numpy.maximum(sums[len(spoken):] - sums[:places], 0)
    floor = 1e-3 * energies.max() + 1e-9
    fit = found / numpy.sqrt(numpy.maximum(energies, floor) * numpy.sum(spoken ** 2))
    best = int(fit.argmax())
    return best, float(fit[best])


def align(speech: Speech, samples: numpy.ndarray) -> Heard:
    """Each sentence finds its own place: a delay that has changed between two is no distortion."""
    reach = round(LONGEST_DELAY * speech.rate)
    samples = numpy.concatenate([samples.astype(float), numpy.zeros(reach)])
    spoken, voices, heard, delays = [], [], [], []
    for place in speech.sentences:
        said = speech.samples[place].astype(float)
        moved, _ = lag(said, samples[place.start:place.stop + reach])
        spoken.append(said)
        voices.append(speech.voices[place].astype(float))
        heard.append(samples[place.start + moved:place.stop + moved])
        delays.append(moved / speech.rate)
    return Heard(speech.rate, spoken, voices, heard, delays)


def level(samples: numpy.ndarray) -> float:
    """dBov, RMS."""
    return 10 * float(numpy.log10(numpy.mean(numpy.square(samples, dtype=float)) / TOP ** 2 + 1e-12))


def frame_levels(samples: numpy.ndarray, rate: int) -> numpy.ndarray:
    frame = round(FRAME * rate)
    frames = samples[:len(samples) // frame * frame].reshape(-1, frame)
    return 10 * numpy.log10(numpy.mean(frames ** 2, axis=1) / TOP ** 2 + 1e-12)


def gaps(spoken: numpy.ndarray, heard: numpy.ndarray, rate: int) -> list[float]:
    """Lengths, in seconds, of what is missing: silence of GAP and more while somebody speaks."""
    said, got = frame_levels(spoken, rate), frame_levels(heard, rate)
    speaks = said > level(spoken) - ACTIVE
    around = numpy.lib.stride_tricks.sliding_window_view(numpy.pad(speaks, EDGE), 2 * EDGE + 1)
    missing = around.all(axis=1) & (got < said - QUIET)
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate([[0], missing.astype(int), [0]])))
    lengths = (edges[1::2] - edges[::2]) * FRAME
    return [float(length) for length in lengths if length >= GAP - 1e-9]


def spectra(samples: numpy.ndarray, rate: int) -> numpy.ndarray:
    """Power of the lines between LOWEST and HIGHEST, dB, one frame a row."""
    frame = round(SPECTRUM * rate)
    starts = numpy.arange(0, len(samples) - frame, frame // 2)
    framed = samples[starts[:, None] + numpy.arange(frame)] * numpy.hanning(frame)
    frequencies = numpy.fft.rfftfreq(frame, 1 / rate)
    lines = (frequencies >= LOWEST) & (frequencies <= HIGHEST * rate / 8000)
    return 10 * numpy.log10(numpy.abs(numpy.fft.rfft(framed)[:, lines]) ** 2 + 1e-9)


def log_spectral_distance(spoken: numpy.ndarray, heard: numpy.ndarray, rate: int) -> float:
    """dB, over the frames in which somebody speaks; a difference in level alone is none."""
    said = spectra(spoken, rate)
    got = spectra(heard, rate) + level(spoken) - level(heard)
    floor = said.max(axis=1, keepdims=True) - SPECTRUM_RANGE
    loud = said.max(axis=1) > said.max() - SPECTRUM_RANGE
    difference = numpy.maximum(said, floor) - numpy.maximum(got, floor)
    return float(numpy.sqrt(numpy.mean(difference ** 2, axis=1))[loud].mean())


def judge(speech: Speech, samples: numpy.ndarray) -> dict[str, float]:
    """Every measure of what is heard. Delays in ms from mouth to ear, gaps in ms in all. Intelligible is
    the voice, not the noise around it."""
    found = align(speech, samples)
    said, voice, got = (numpy.concatenate(parts) for parts in (found.spoken, found.voices, found.heard))
    missing = [gap for pair in zip(found.spoken, found.heard) for gap in gaps(*pair, found.rate)]
    distances = [log_spectral_distance(*pair, found.rate) for pair in zip(found.spoken, found.heard)]
    return {"stoi": round(stoi.stoi(voice, got, found.rate), 4),
            "estoi": round(stoi.estoi(voice, got, found.rate), 4),
            "level_db": round(level(got) - level(said), 2),
            "distance_db": round(float(numpy.mean(distances)), 2),
            "gaps_ms": round(1000 * sum(missing), 1),
            "delay_ms": round(1000 * float(numpy.median(found.delays)), 1),
            "delay_spread_ms": round(1000 * (max(found.delays) - min(found.delays)), 1)}
