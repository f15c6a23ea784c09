"""What the sipp tests of the stand-in share: a running stand-in, and sipp as the phone."""
import math
import pathlib
import subprocess
import sys
import tempfile
import unittest

from sim_control import Sim, free_port, wait_until

SIPP = pathlib.Path(__file__).parent / "sipp"
UUID = "[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}"


def mulaw(sample):
    """G.711 µ-law of a 16-bit sample, written from the standard apart from the program's own."""
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), 32635) + 132
    exponent = magnitude.bit_length() - 8
    return ~(sign | exponent << 4 | (magnitude >> (exponent + 3)) & 0xF) & 0xFF


def write_tone(path, frequency, seconds=3):
    path.write_bytes(bytes(mulaw(int(10362 * math.sin(2 * math.pi * frequency * n / 8000)))
                           for n in range(8000 * seconds)))


class Scenario(unittest.TestCase):
    sim_options = ()
    dns = ("7000-7099", "7100=secret")

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="genesys-sim-")
        self.addCleanup(scratch.cleanup)
        self.directory = pathlib.Path(scratch.name)
        write_tone(self.directory / "tone.ulaw", 700)
        self.sim = Sim(sys.argv[1], self.directory, *self.sim_options, dns=self.dns)
        self.sim.__enter__()
        self.addCleanup(lambda: self.assertEqual(self.sim.stop(), 0))
        self.phone_port = free_port()

    def start(self, scenario, *options):
        """sipp with sipp/SCENARIO.xml, or a path without its .xml."""
        phone = subprocess.Popen(
            ["sipp", f"127.0.0.1:{self.sim.port}", "-sf", SIPP / f"{scenario}.xml", "-i",
             "127.0.0.1", "-mi", "127.0.0.1", "-p", str(self.phone_port), "-mp", str(free_port()),
             "-m", "1", "-nostdin", "-timeout", "15s", "-timeout_error", "-trace_err", "-error_file",
             f"{self.directory}/sipp.err", *options],
            cwd=self.directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.end, phone)
        return phone

    @staticmethod
    def end(phone):
        if phone.poll() is None:
            phone.kill()
        phone.wait()

    def finish(self, phone):
        status = phone.wait(20)
        errors = self.directory / "sipp.err"
        self.assertEqual(status, 0, errors.read_text() if errors.exists() else "sipp failed")

    def run_phone(self, scenario, *options):
        self.finish(self.start(scenario, *options))

    def register(self, dn="7001"):
        self.run_phone("register", "-s", dn)

    def call_in(self, scenario, *options, **body):
        """A registered phone that plays `scenario`, and the call that rings it."""
        self.register()
        phone = self.start(scenario, *options)
        wait_until(lambda: self.listens(self.phone_port), 5, "sipp listening")
        return phone, self.sim.post("/calls", {"to": "7001", "from": "5551234", **body})["id"]

    @staticmethod
    def listens(port):
        wanted = f":{port:04X} "
        return any(wanted in line.split("rem_address")[0][:30] for line in
                   pathlib.Path("/proc/net/udp").read_text().splitlines()[1:])

    def hears(self, call_id, frequency, level, whole=True):
        """Waits until the call hears a tone now; `whole`: no number is missing, as there is where a phone has
        spoken to another party meanwhile."""
        def tone(call):
            media = call["media"]
            return (media["packets_received"] >= 40 and 0 <= media["last_packet_ms_ago"] < 200
                    and media["frequency_hz"]
                    and abs(media["frequency_hz"] - frequency) < 2
                    and abs(media["level_dbfs"] - level) < 3)
        media = self.sim.wait_call(call_id, tone, 5, f"{frequency} Hz at {level} dBFS")["media"]
        if whole:
            self.assertEqual(media["lost"], 0)
        self.assertEqual(media["malformed"], 0)
        return media


def run():
    """Usage of every test file: FILE.py PROGRAM [TestCase[.test] ...]"""
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
