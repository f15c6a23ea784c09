"""The arithmetic behind the tables of scripts/bench."""

import os
import threading
import time
import unittest

from benches import peers
from genesys_load import gateway, rtpengine, threads
from genesys_load.threads import Time


class Bencode(unittest.TestCase):
    def test_there_and_back(self):
        value = {"command": "offer", "codec": {"mask": ["all"], "transcode": ["PCMU"]}, "sdp": "ä\r\n"}
        self.assertEqual(rtpengine.bdecode(rtpengine.bencode(value)), (value, len(rtpengine.bencode(value))))

    def test_as_written(self):
        self.assertEqual(rtpengine.bencode({"b": ["x"], "a": "ä"}), b"d1:a2:\xc3\xa41:bl1:xee")
        self.assertEqual(rtpengine.bdecode(b"d6:resulti-7ee"), ({"result": -7}, 14))


class Threads(unittest.TestCase):
    def test_groups(self):
        before = {(1, "hloop 0"): Time(1, 0.5), (2, "media-0"): Time(2, 1)}
        after = {(1, "hloop 0"): Time(4, 2.5), (2, "media-0"): Time(2.5, 1), (3, "genesys-sip"): Time(1, 0),
                 (4, "timeout"): Time(3, 3)}
        self.assertEqual(threads.spent(before, after),
                         {"janus_loops": Time(3, 2), "plugin_media": Time(0.5, 0),
                          "plugin_control": Time(1, 0), "janus_other": Time(3, 3)})

    def test_a_thread_that_works(self):
        """What a thread of ours has used is found under its own number."""
        done = threading.Event()
        worker = threading.Thread(target=lambda: [None for _ in iter(done.is_set, True)])
        worker.start()
        try:
            before = threads.thread_times(os.getpid())
            deadline = time.monotonic() + 10
            used = 0.0
            while used < 0.05 and time.monotonic() < deadline:
                now = threads.thread_times(os.getpid())
                used = sum((now[one] - before.get(one, Time())).total for one in now
                           if one[0] == worker.native_id)
        finally:
            done.set()
            worker.join()
        self.assertGreaterEqual(used, 0.05)


class Figures(unittest.TestCase):
    def test_cost_of_a_call(self):
        # 100 calls for 10 s are 50,000 times 20 ms; 2.5 s of CPU are 50 µs of each.
        row = gateway.cost_row(100, 10.0, {"a": Time(2.0, 1.0), "b": Time(0.5, 0.0)})
        self.assertEqual((row["us_per_20ms"], row["a_us"], row["b_us"], row["of_it_kernel_us"]),
                         (50.0, 40.0, 10.0, 20.0))
        self.assertEqual((row["calls_per_core"], row["core_used"]), (400, 0.25))

    def test_without_calls(self):
        self.assertEqual(gateway.cost_row(0, 10.0, {"a": Time(0.0, 0.0)})["calls_per_core"], 0)

    def test_ratios(self):
        def cost(system):
            talk = system[1]
            return {"gateway": {"continuous": 50.0, "in-turn": 40.0}, "stock relay": {"continuous": 40.0},
                    "rtpengine": {"continuous": 310.0, "in-turn": 300.0}}[system[0]][talk]

        lines, missed = peers.ratios({system: {"us_per_20ms": cost(system)} for system in peers.SYSTEMS})
        self.assertEqual([line.split(": ")[1].split()[0] for line in lines], ["6.20", "7.50", "1.25"])
        self.assertEqual(missed, [lines[1]])

    def test_median_tells_of_every_fault(self):
        rows = [{"us_per_20ms": cost, "good": cost != 3, "lost": 1} for cost in (1, 2, 3)]
        self.assertEqual(peers.median(rows), {"us_per_20ms": 2, "good": False, "lost": 3})


if __name__ == "__main__":
    unittest.main()
