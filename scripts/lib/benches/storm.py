"""How evenly 2,000 DNs register anew after the outage of a SIP Server.

Two stand-ins; every DN is registered with the first, which is then killed. The DNs register with the
second, registers_per_s of them a second. Passes if no 100 ms have a quarter more than their share (and
one lot, of 20 ms), every DN is in service in the time that the rate allows and 10 s, and the gateway
needs less than half a core meanwhile."""

import argparse
import bisect
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time

from genesys_stack import netns, probe, proc
from genesys_stack.errors import StackError
from genesys_stack.settings import Settings
from genesys_stack.stack import Stack

FIRST_DN = 20000
SECOND_SIP, SECOND_HTTP = 5180, 8185
PROBE_MS = 1000
NOTICE_SECONDS = 10.0  # until the outage is noticed, and slack
LIMIT_CPU = 0.5
REGISTER = re.compile(rb"^(\d\d):(\d\d):(\d\d)\.(\d{3}) received [^\n]*\nREGISTER ", re.M)
POLL_SECONDS = 0.05


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dns", type=int, default=2000, help="how many (default %(default)s)")
    parser.add_argument("--registers-per-s", type=int, default=500, help="default %(default)s")


def template(directory: pathlib.Path, rate: int) -> pathlib.Path:
    text = Settings(directory, "").plugin_template.read_text()
    head = "sip_server: {\n"
    path = directory / "plugin.jcfg.in"
    path.write_text(text.replace(head, f'{head}  backups = ["127.0.0.1:{SECOND_SIP}"]\n'
                                       f"  probe_interval_ms = {PROBE_MS}\n  registers_per_s = {rate}\n"))
    return path


def arrivals(trace: pathlib.Path) -> list[float]:
    """When each REGISTER came, in seconds of the day."""
    return [int(h) * 3600 + int(m) * 60 + int(s) + int(ms) / 1000
            for h, m, s, ms in REGISTER.findall(trace.read_bytes())]


def most_within(times: list[float], seconds: float) -> int:
    return max(bisect.bisect_left(times, at + seconds) - i for i, at in enumerate(times))


def wait(what: str, seconds: float, condition) -> float:
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            raise StackError(f"not within {seconds:g} s: {what}")
        time.sleep(POLL_SECONDS)
    return time.monotonic() - begun


def measure(asked: argparse.Namespace, directory: pathlib.Path) -> dict:
    dns = f"{FIRST_DN}-{FIRST_DN + asked.dns - 1}"
    settings = Settings(directory=directory / "stack", address="10.66.0.1", netns=f"jg-storm-{os.getpid()}",
                        only=("sim", "janus"), build=asked.build.resolve(), dns=dns, die_with_parent=True,
                        plugin_template=template(directory, asked.registers_per_s))
    allowed = asked.dns / asked.registers_per_s + NOTICE_SECONDS
    trace = directory / "trace"
    with Stack(settings) as stack:
        second = subprocess.Popen(
            [*netns.prefix(settings.netns), settings.sim, "--listen", f"127.0.0.1:{SECOND_SIP}", "--http",
             f"127.0.0.1:{SECOND_HTTP}", "--dn", dns, "--rtp-ports", "20000-20999", "--quiet",
             "--trace-file", trace], stdout=subprocess.PIPE)
        try:
            second.stdout.readline()
            url = f"http://127.0.0.1:{SECOND_HTTP}/status"
            wait("every DN registered with the first", allowed + 30,
                 lambda: stack.sim("/status")["registered"] == asked.dns)
            janus = stack.child("janus").pid()
            before = proc.cost(janus).cpu_seconds
            os.kill(stack.child("sim").pid(), signal.SIGKILL)
            seconds = wait("every DN registered with the second", allowed, lambda: netns.inside(
                settings.netns, lambda: probe.http_json(url, None, seconds=5.0))["registered"] == asked.dns)
            cpu = proc.cost(janus).cpu_seconds - before
        finally:
            second.kill()
            second.wait()
    times = sorted(arrivals(trace))
    return {"dns": asked.dns, "per_s": asked.registers_per_s, "in_service_s": round(seconds, 1),
            "spread_s": round(times[-1] - times[0], 2), "registers": len(times),
            "most_in_100_ms": most_within(times, 0.1), "share_of_100_ms": asked.registers_per_s / 10,
            "cpu_ratio": round(cpu / seconds, 3)}


def run(asked: argparse.Namespace) -> tuple[list[dict], list[str]]:
    """The row of the table, and what was missed (empty: passed)."""
    with tempfile.TemporaryDirectory(prefix="janus-genesys-storm.") as directory:
        row = measure(asked, pathlib.Path(directory))
    limit = 1.25 * row["share_of_100_ms"] + max(1, asked.registers_per_s / 50)
    missed = []
    if row["most_in_100_ms"] > limit:
        missed.append(f"{row['most_in_100_ms']} REGISTERs in 100 ms, more than {limit:g}")
    if row["spread_s"] < 0.8 * (asked.dns / asked.registers_per_s):
        missed.append(f"all within {row['spread_s']} s, sooner than the rate allows")
    if row["cpu_ratio"] > LIMIT_CPU:
        missed.append(f"{row['cpu_ratio']} of a core, more than {LIMIT_CPU:g}")
    return [row], missed
