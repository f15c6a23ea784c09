"""Runs tests/load/webrtc_load and hears what it says: a line of JSON for each step."""

import json
import pathlib
import subprocess
import threading
from collections.abc import Iterator

from genesys_stack import netns
from genesys_stack.errors import StackError

STOP_SECONDS = 10.0


class Generator:
    """`with Generator(...) as generator: for event in generator.events():`. It has an end in count and
    time of its own; should it outlive its deadline, it is killed."""

    def __init__(self, build: pathlib.Path, namespace: str | None, deadline: int, cores: set[int] | None,
                 options: dict[str, object]):
        words = [word for name, value in options.items() if value is not None
                 for word in (f"--{name.replace('_', '-')}", str(value))]
        pinned = ["taskset", "-c", ",".join(map(str, sorted(cores)))] if cores else []
        self.command = [*netns.prefix(namespace), "setpriv", "--pdeathsig", "KILL", *pinned,
                        str(build / "tests" / "load" / "webrtc_load"), "--speech",
                        str(build / "tests" / "genesys-sim" / "speech.wav"),
                        "--deadline", str(deadline), *words]
        self.deadline = deadline

    def __enter__(self) -> "Generator":
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True)
        self.watchdog = threading.Timer(self.deadline + STOP_SECONDS, self.process.kill)
        self.watchdog.start()
        return self

    def __exit__(self, kind, *_: object) -> None:
        self.watchdog.cancel()
        if kind is not None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdout, self.process.stderr):
            pipe.close()

    def events(self) -> Iterator[dict]:
        """Until it ends; StackError with its last words if that was not good."""
        for line in self.process.stdout:
            yield json.loads(line)
        words = self.process.stderr.read().strip()
        if self.process.wait() not in (0, 1) or (self.process.returncode and words):
            raise StackError(f"webrtc_load: {words or 'status ' + str(self.process.returncode)}")
