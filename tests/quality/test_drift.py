"""The gateway's delay over a call of half an hour whose talker has a clock of its own."""

import concurrent.futures
import unittest

import numpy

import measures
import speech
import voice_path

RATE = 8000
MINUTES = 30
PPM = 200           # how far the talker's clock is from ours; real ones are within 100
LONGEST_DRIFT = 20.0  # ms
REACH = 1.0         # seconds: how far off a sentence is looked for


def delays(path: str, ppm: float, dtx: bool, minutes: int) -> numpy.ndarray:
    """Milliseconds from the mouth to the packet that brings it to the listener, once in each repetition
    of the speech; without the listener's own buffer, which would hide what the gateway does."""
    spoken = speech.make((RATE,))[RATE]
    pcmu = next(codec for codec in voice_path.codecs() if codec.name == "PCMU")
    period = len(spoken.samples)
    repeat = round(minutes * 60 * RATE / period)
    run = voice_path.run(path, pcmu, spoken, listen=False, wire=True, repeat=repeat, talker_ppm=ppm,
                         complexity=0, dtx=int(dtx))
    per_packet = len(run.wire) // len(run.times)
    said = spoken.samples[spoken.sentences[0]].astype(float)
    found = []
    for i in range(repeat):
        begun = (i * period + spoken.sentences[0].start) / RATE / (1 + ppm * 1e-6)
        first = max(0, numpy.searchsorted(run.times, begun - REACH / 2)) * per_packet
        moved, fit = measures.lag(said, run.wire[first:first + len(said) + round(REACH * RATE)].astype(float))
        if fit < 0.8:
            raise AssertionError(f"sentence {i} is not there: correlation {fit:.2f}")
        sample = first + moved
        found.append(run.times[sample // per_packet] + sample % per_packet / RATE - begun)
    return 1000 * numpy.array(found)


class DriftTest(unittest.TestCase):
    def check(self, path, dtx=False, minutes=MINUTES):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for ppm, found in zip((PPM, -PPM), pool.map(lambda ppm: delays(path, ppm, dtx, minutes), (PPM, -PPM))):
                with self.subTest(path=path, ppm=ppm):
                    self.assertGreater(len(found), 2 * minutes)
                    self.assertLess(found.max() - found.min(), LONGEST_DRIFT)
                    # A frame, the network's 20 ms, the coders' and at most a packet of our own.
                    self.assertLess(found.max(), 20 + 20 + 10 + 20)

    def test_towards_the_sip_side(self):
        self.check("to-sip")

    def test_towards_the_sip_side_with_pauses_that_are_not_sent(self):
        self.check("to-sip", dtx=True, minutes=10)

    def test_towards_the_browser(self):
        self.check("to-browser")


if __name__ == "__main__":
    unittest.main()
