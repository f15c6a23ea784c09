"""What a process costs, from /proc."""

import dataclasses
import os
import pathlib

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")  # per second


@dataclasses.dataclass(frozen=True)
class Cost:
    threads: int
    descriptors: int
    resident_mib: float
    cpu_seconds: float  # user and system, since it began


def cost(pid: int) -> Cost:
    """OSError if there is no such process (any more)."""
    process = pathlib.Path("/proc", str(pid))
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return Cost(threads=int(status["Threads"]), descriptors=len(os.listdir(process / "fd")),
                resident_mib=round(int(status["VmRSS"].split()[0]) / 1024, 1),
                cpu_seconds=(int(fields[11]) + int(fields[12])) / CLOCK_TICKS)
