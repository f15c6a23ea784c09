"""One process of the stack: started with its log file, watched, and stopped by its pid."""

import json
import os
import pathlib
import signal
import subprocess
import time
from collections.abc import Callable

from .errors import StackError

STOP_SECONDS = 8.0  # from SIGTERM to SIGKILL
POLL_SECONDS = 0.02


def start_ticks(pid: int) -> int | None:
    """When the process began, in clock ticks since boot; None if it is gone (or a zombie). With the
    pid it names a process for good: pids are used again, this pair is not."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[19])


class Child:
    """`directory` holds logs/NAME.log and run/NAME.json, by which another program can stop it."""

    def __init__(self, name: str, directory: pathlib.Path):
        self.name = name
        self.log = directory / "logs" / f"{name}.log"
        self.record = directory / "run" / f"{name}.json"
        self.process: subprocess.Popen | None = None

    def start(self, command: list[str], environment: dict[str, str] | None = None) -> None:
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,  # Ctrl-C is for us; we stop it in our order
                env={**os.environ, **(environment or {})})
        pid = self.process.pid
        self.record.write_text(json.dumps({"pid": pid, "ticks": start_ticks(pid)}))

    def pid(self) -> int | None:
        """None when it does not run (any more)."""
        if self.process is not None:  # a killed one is a zombie while its threads still hold its sockets
            return self.process.pid if self.process.poll() is None else None
        try:
            record = json.loads(self.record.read_text())
        except OSError:
            return None
        ticks = start_ticks(record["pid"])
        return record["pid"] if ticks is not None and ticks == record["ticks"] else None

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Until `ready` says so. StackError with the log's end if it exits or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.pid() is None:
                code = self.process.returncode if self.process else None
                raise StackError(f"{self.name} exited (status {code}) while starting\n{self.log_end()}")
            if time.monotonic() > deadline:
                raise StackError(f"{self.name} is not ready after {seconds:g} s\n{self.log_end()}")
            time.sleep(POLL_SECONDS)

    def stop(self) -> bool:
        """SIGTERM, and SIGKILL if that is not heeded. True if it went by itself."""
        pid = self.pid()
        heeded = True
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
            heeded = self.wait_gone(STOP_SECONDS)
            if not heeded:
                os.kill(pid, signal.SIGKILL)
                self.wait_gone(STOP_SECONDS)
        if self.process is not None:
            self.process.wait()  # takes its status, so that no zombie is left
        self.record.unlink(missing_ok=True)
        return heeded

    def wait_gone(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.pid() is not None:
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def log_end(self, lines: int = 15) -> str:
        """The last lines of its log, indented, under the log's name."""
        try:
            last = self.log.read_text(errors="replace").splitlines()[-lines:]
        except OSError:
            last = []
        return "\n".join([f"  {self.log}:", *(f"    {line}" for line in last or ["(empty)"])])
