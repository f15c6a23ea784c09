"""scripts/demo's own process, in a network of its own: it starts everything, and leaves nothing behind."""

import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("GENESYS_BUILD", ROOT / "build" / "dev"))
SERVICES = {"sim", "janus", "guard", "coturn", "nginx"}


def processes_of(directory):
    """Command lines that name it."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it has ended
        if str(directory) in words:
            found.append(words)
    return found


class Demo(unittest.TestCase):
    def test_ctrl_c_twice(self):
        with tempfile.TemporaryDirectory(prefix="genesys-demo.") as scratch:
            directory = pathlib.Path(scratch, "demo")
            demo = subprocess.Popen(
                ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "-", "/usr/bin/python3", "-B",
                 ROOT / "scripts" / "lib" / "demo.py", "--build", BUILD, "--dir", directory],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            self.addCleanup(demo.kill)
            deadline = threading.Timer(60, demo.kill)
            deadline.start()
            self.addCleanup(deadline.cancel)
            said = []
            for line in demo.stdout:
                said.append(line)
                if "Ctrl-C stops everything" in line:
                    break
            self.assertEqual({path.stem for path in (directory / "run").glob("*.json")}, SERVICES, "".join(said))
            demo.send_signal(signal.SIGINT)
            while demo.poll() is None and (directory / "run" / "nginx.json").exists():  # the first to be stopped
                demo.send_signal(signal.SIGINT)
                time.sleep(0.01)
            rest = demo.stdout.read()
            demo.stdout.close()
            self.assertEqual(demo.wait(), 0, rest)
            self.assertEqual(rest.split(), ["stopped"])
            self.assertEqual(processes_of(directory), [])


if __name__ == "__main__":
    unittest.main()
