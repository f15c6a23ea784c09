"""The other measures, on speech that is spoilt in a known way."""

import unittest

import numpy

import measures
import speech
from resampling import resample

RATE = 8000
SPOKEN = speech.make((RATE,))[RATE]


def delayed(samples, seconds):
    return numpy.concatenate([numpy.zeros(round(seconds * RATE)), samples.astype(float)])


class MeasuresTest(unittest.TestCase):
    def judge(self, samples):
        return measures.judge(SPOKEN, samples)

    def test_the_same_speech_is_faultless(self):
        self.assertEqual(self.judge(SPOKEN.samples)
                         | {"stoi": 1, "estoi": 1},
                         {"stoi": 1, "estoi": 1, "level_db": 0, "distance_db": 0, "gaps_ms": 0, "delay_ms": 0,
                          "delay_spread_ms": 0})

    def test_delay_is_found_and_does_no_harm(self):
        plain = self.judge(SPOKEN.samples)
        for seconds in (0.001, 0.12, 1.2):
            found = self.judge(delayed(SPOKEN.samples, seconds))
            self.assertAlmostEqual(found["delay_ms"], 1000 * seconds, delta=0.2)
            self.assertEqual(found["delay_spread_ms"], 0)
            self.assertEqual(found["stoi"], plain["stoi"])

    def test_a_change_of_delay_shows_as_spread(self):
        half = SPOKEN.sentences[4].start - 100
        moved = numpy.concatenate([SPOKEN.samples[:half], numpy.zeros(round(0.04 * RATE)), SPOKEN.samples[half:]])
        self.assertAlmostEqual(self.judge(moved)["delay_spread_ms"], 40, delta=0.2)

    def test_level(self):
        self.assertAlmostEqual(self.judge(SPOKEN.samples * 0.5)["level_db"], -6.02, delta=0.05)
        self.assertAlmostEqual(measures.level(numpy.full(1000, 32768.0)), 0, places=3)

    def test_gaps_are_counted_in_speech_and_from_20_ms_on(self):
        for length, found in ((0.010, 0), (0.030, 30), (0.060, 60), (0.100, 100)):
            holey = SPOKEN.samples.astype(float)
            loudest = self.loudest_of(SPOKEN.sentences[0], 0.15)
            begin = loudest + round(0.02 * RATE)
            holey[begin:begin + round(length * RATE)] *= 0.001
            self.assertAlmostEqual(self.judge(holey)["gaps_ms"], found, delta=10.1 if found else 0)

    def test_a_pause_of_the_talker_is_no_gap(self):
        quiet = SPOKEN.samples.astype(float)
        quiet[:SPOKEN.sentences[0].start] = 0
        quiet[SPOKEN.sentences[-1].stop:] = 0
        self.assertEqual(self.judge(quiet)["gaps_ms"], 0)

    def test_noise_and_a_filter_show_as_spectral_distance(self):
        noise = numpy.random.RandomState(1).randn(len(SPOKEN.samples))
        distances = [self.judge(SPOKEN.samples + amplitude * noise)["distance_db"] for amplitude in (10, 50, 250)]
        self.assertEqual(distances, sorted(distances))
        self.assertGreater(distances[0], 0.2)
        self.assertGreater(distances[2], distances[0] + 3)
        low = resample(resample(SPOKEN.samples.astype(float), RATE, 4000), 4000, RATE)
        self.assertGreater(self.judge(low)["distance_db"], 5)

    def loudest_of(self, place, seconds):
        """Where the loudest stretch of so many seconds begins."""
        power = numpy.convolve(SPOKEN.samples[place].astype(float) ** 2, numpy.ones(round(seconds * RATE)), "valid")
        return place.start + int(power.argmax())


class SpeechTest(unittest.TestCase):
    def test_each_sentence_has_its_level_whatever_the_rate(self):
        made = speech.make((8000, 16000))
        for rate, spoken in made.items():
            self.assertEqual(len(spoken.sentences), len(speech.SENTENCES))
            for sentence, place in zip(speech.SENTENCES, spoken.sentences):
                self.assertAlmostEqual(measures.level(spoken.voices[place]), speech.LEVEL, delta=0.1)
                if sentence.noise is not None:
                    noise = spoken.samples[place].astype(float) - spoken.voices[place]
                    self.assertAlmostEqual(measures.level(noise), speech.LEVEL - sentence.noise, delta=0.2)

    def test_it_is_the_same_each_time(self):
        self.assertTrue(numpy.array_equal(speech.make((RATE,))[RATE].samples, SPOKEN.samples))


class ResamplingTest(unittest.TestCase):
    def test_a_tone_keeps_its_frequency_and_level(self):
        time = numpy.arange(22050) / 22050
        tone = numpy.sin(2 * numpy.pi * 1000 * time)
        for wanted in (8000, 16000, 48000):
            there = resample(tone, 22050, wanted)
            self.assertEqual(len(there), wanted)
            expected = numpy.sin(2 * numpy.pi * 1000 * numpy.arange(wanted) / wanted)
            inner = slice(wanted // 10, -wanted // 10)
            self.assertLess(abs(there - expected)[inner].max(), 0.01)

    def test_what_the_lower_rate_cannot_hold_is_gone(self):
        tone = numpy.sin(2 * numpy.pi * 5000 * numpy.arange(16000) / 16000)
        self.assertLess(abs(resample(tone, 16000, 8000))[800:-800].max(), 0.01)


if __name__ == "__main__":
    unittest.main()
