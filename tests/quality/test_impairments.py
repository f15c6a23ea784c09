"""Each case of cases.py against the same speech through plain G.711 that meets the same impairment, and
against the numbers that it had before."""

import json
import sys
import unittest

import cases

GOLDEN = json.loads(cases.GOLDEN.read_text())
# How much less intelligible than plain G.711 it may be: what Opus itself costs; at 5 % loss and more,
# not at all.
STOI_BELOW_PLAIN = {"loss 5 %": 0.0, "loss 10 %": 0.0}
STOI_BELOW_PLAIN_ELSE = 0.01
# The gateway takes up 160 ms of jitter and no more, where the plain path waits for all of it.
KNOWN_BELOW_PLAIN = {("to-sip", "jitter 200 ms"): 0.06}
# G.722 predicts from what it has heard: each packet that the SIP side's network loses leads it astray for a
# while, with or without a gateway.
G722_BELOW_PLAIN = {"loss 2 %": 0.03, "loss 5 %": 0.04, "loss 10 %": 0.06, "bursts": 0.03}
GAPS_ABOVE_PLAIN = 40.0    # ms in all: what libopus makes up fades a packet or two sooner
DELAY_ABOVE_PLAIN = 30.0   # ms: a packet's wait for its place in our stream, and the coders' own
LEVEL = 1.5                # dB
# Measures of which less is worse, and of which more is.
RISING = ("stoi", "estoi")
FALLING = ("distance_db", "gaps_ms", "delay_ms", "delay_spread_ms")


def allowed_below_plain(case):
    if case.codec.name == "G722" and case.path == "to-browser" and case.network == "talker's":
        return G722_BELOW_PLAIN.get(case.impairment, STOI_BELOW_PLAIN_ELSE)
    return KNOWN_BELOW_PLAIN.get((case.path, case.impairment),
                                 STOI_BELOW_PLAIN.get(case.impairment, STOI_BELOW_PLAIN_ELSE))


class ImpairmentsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.results = cases.measure_all()

    def each(self):
        return [(case, ours, self.results.plain[case.impairment, case.network])
                for case, ours in self.results.ours.items()]

    def test_as_intelligible_as_plain_g711(self):
        for case, ours, plain in self.each():
            with self.subTest(case.name):
                self.assertGreaterEqual(ours["stoi"], plain["stoi"] - allowed_below_plain(case))

    def test_no_more_gaps_than_plain_g711(self):
        for case, ours, plain in self.each():
            with self.subTest(case.name):
                self.assertLessEqual(ours["gaps_ms"], plain["gaps_ms"] + GAPS_ABOVE_PLAIN)

    def test_hardly_later_than_plain_g711(self):
        for case, ours, plain in self.each():
            with self.subTest(case.name):
                self.assertLessEqual(ours["delay_ms"], plain["delay_ms"] + DELAY_ABOVE_PLAIN)

    def test_as_loud_as_it_was_spoken(self):
        for case, ours, _ in self.each():
            with self.subTest(case.name):
                self.assertAlmostEqual(ours["level_db"], 0, delta=LEVEL)

    def test_no_worse_than_it_was(self):
        margins = GOLDEN["margins"]
        for case, ours, _ in self.each():
            with self.subTest(case.name):
                golden = GOLDEN["cases"].get(case.name, {})
                for measure in golden.keys() & set(RISING):
                    self.assertGreaterEqual(ours[measure], golden[measure] - margins[measure], measure)
                for measure in golden.keys() & set(FALLING):
                    self.assertLessEqual(ours[measure], golden[measure] + margins[measure], measure)

    def test_the_golden_numbers_are_of_cases_that_there_are(self):
        names = {case.name for case in self.results.ours}
        self.assertEqual(set(GOLDEN["cases"]) - names, set())
        self.assertEqual(names - set(GOLDEN["cases"]), set())

    @classmethod
    def tearDownClass(cls):
        """What was measured, for whoever looks at a failure."""
        for case, ours in cls.results.ours.items():
            plain = cls.results.plain[case.impairment, case.network]
            print(case.name, ours, "plain:", plain, file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
