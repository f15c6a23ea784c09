"""CPU time of a process by groups of its threads, from /proc."""

import dataclasses
import os
import pathlib
import re

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")  # per second

# What a thread's name says of whose work it does; the first that fits.
JANUS = ((r"hloop", "janus_loops"), (r"media-", "plugin_media"), (r"siprtp ", "plugin_media"),
         (r"genesys-|sip ", "plugin_control"), (r"", "janus_other"))


@dataclasses.dataclass(frozen=True)
class Time:
    """Seconds. The scheduler's total is exact; which part of it the kernel took is sampled by the clock
    tick, so that over a few seconds it is a good estimate."""

    total: float = 0.0
    kernel: float = 0.0

    def __add__(self, other: "Time") -> "Time":
        return Time(self.total + other.total, self.kernel + other.kernel)

    def __sub__(self, other: "Time") -> "Time":
        return Time(self.total - other.total, self.kernel - other.kernel)


def thread_times(pid: int) -> dict[tuple[int, str], Time]:
    """By thread id and name; those that have ended in the meantime are missing."""
    times = {}
    for task in pathlib.Path("/proc", str(pid), "task").iterdir():
        try:
            name = (task / "comm").read_text().rstrip("\n")
            fields = (task / "stat").read_text().rpartition(")")[2].split()
            total = int((task / "schedstat").read_text().split()[0]) / 1e9
        except OSError:
            continue
        user, kernel = int(fields[11]), int(fields[12])
        share = kernel / (user + kernel) if user + kernel else 0.0
        times[int(task.name), name] = Time(total, total * share)
    return times


def spent(before: dict, after: dict, groups=JANUS) -> dict[str, Time]:
    """By group; every group has an entry."""
    result = {group: Time() for _, group in groups}
    for thread, time in after.items():
        group = next(group for pattern, group in groups if re.match(pattern, thread[1]))
        result[group] += time - before.get(thread, Time())
    return result


def pin(pid: int, cores: set[int]) -> None:
    """All threads of a process; those that it starts later inherit it."""
    for task in pathlib.Path("/proc", str(pid), "task").iterdir():
        try:
            os.sched_setaffinity(int(task.name), cores)
        except ProcessLookupError:
            pass
