"""stoi.py against the values that the authors' own code (stoi.m, estoi.m, run in GNU Octave) gives
for the same signals, and against what must hold for any."""

import unittest

import numpy

import stoi

RATE = 10000  # Hz: nothing is resampled
SECONDS = 3


def voice(random: numpy.random.RandomState) -> numpy.ndarray:
    """A voice of sorts: harmonics of a gliding pitch that come and go."""
    time = numpy.arange(SECONDS * RATE) / RATE
    phase = 2 * numpy.pi * numpy.cumsum(120 + 20 * numpy.sin(2 * numpy.pi * 0.7 * time)) / RATE
    harmonics = sum(numpy.sin(k * phase + k * k) / k
                    * (1 + 0.8 * numpy.sin(2 * numpy.pi * (0.9 + 0.13 * k) * time + k)) for k in range(1, 38))
    syllables = numpy.clip(numpy.sin(2 * numpy.pi * 3.1 * time) + 0.4, 0, None)
    return syllables * harmonics + 1e-3 * random.randn(len(time))


def added(clean: numpy.ndarray, noise: numpy.ndarray, ratio: float) -> numpy.ndarray:
    """`ratio`: of the powers, dB."""
    return clean + noise * numpy.sqrt(numpy.mean(clean ** 2) / numpy.mean(noise ** 2)) * 10 ** (-ratio / 20)


def noisy(seed: int, ratio: float, modulated: bool = False):
    random = numpy.random.RandomState(seed)
    clean = voice(random)
    noise = random.randn(len(clean))
    if modulated:
        noise = noise * (1 + numpy.sin(2 * numpy.pi * 4 * numpy.arange(len(clean)) / RATE))
    return clean, added(clean, noise, ratio)


def gappy(seed: int, share: float):
    """20 ms are missing from time to time."""
    random = numpy.random.RandomState(seed)
    clean = voice(random)
    random.randn(len(clean))
    holey = clean.copy()
    for begin in range(0, len(clean) - 200, 200):
        if random.rand() < share:
            holey[begin:begin + 200] = 0
    return clean, holey


# The pair of signals, and what the authors' code says of it: STOI, ESTOI.
REFERENCE = (
    (noisy(1, 20), 0.991598, 0.935218),
    (noisy(2, 5), 0.825669, 0.482132),
    (noisy(3, -5), 0.538024, 0.192964),
    (noisy(4, 0, modulated=True), 0.588904, 0.384306),
    (gappy(5, 0.05), 0.950585, 0.930241),
    (gappy(6, 0.20), 0.842351, 0.816213),
)


class StoiTest(unittest.TestCase):
    def test_as_the_authors_code(self):
        for (clean, processed), value, extended in REFERENCE:
            self.assertAlmostEqual(stoi.stoi(clean, processed, RATE), value, delta=2e-6)
            self.assertAlmostEqual(stoi.estoi(clean, processed, RATE), extended, delta=2e-6)

    def test_what_is_unchanged_is_wholly_intelligible(self):
        clean = voice(numpy.random.RandomState(1))
        self.assertAlmostEqual(stoi.stoi(clean, clean, RATE), 1, places=6)
        self.assertAlmostEqual(stoi.estoi(clean, clean, RATE), 1, places=6)

    def test_the_level_does_not_matter(self):
        clean, processed = noisy(2, 5)
        for gain in (0.01, 30):
            self.assertAlmostEqual(stoi.stoi(clean, gain * processed, RATE), stoi.stoi(clean, processed, RATE))
            self.assertAlmostEqual(stoi.estoi(gain * clean, processed, RATE), stoi.estoi(clean, processed, RATE))

    def test_falls_as_the_noise_rises(self):
        for measure in (stoi.stoi, stoi.estoi):
            values = [measure(*noisy(9, ratio), RATE) for ratio in (30, 20, 10, 5, 0, -5, -10)]
            self.assertEqual(values, sorted(values, reverse=True))

    def test_the_sample_rate_hardly_matters(self):
        clean, processed = noisy(2, 5)
        for rate in (8000, 16000, 48000):
            pair = [stoi.resample(signal, RATE, rate) for signal in (clean, processed)]
            # At 8 kHz the uppermost band loses its upper end.
            self.assertAlmostEqual(stoi.stoi(*pair, rate), 0.825669, delta=0.02)

    def test_refuses_what_it_cannot_judge(self):
        with self.assertRaises(ValueError):
            stoi.stoi(numpy.ones(RATE), numpy.ones(RATE - 1), RATE)
        with self.assertRaises(ValueError):
            stoi.stoi(numpy.ones(1000), numpy.ones(1000), RATE)


if __name__ == "__main__":
    unittest.main()
