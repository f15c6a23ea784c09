"""How fast 500 DNs register, and what each costs in threads, descriptors and memory.

The clock starts with the Janus process and stops when the stand-in SIP Server has a binding for every
DN. Passes if that takes at most 5 s, without a further thread and with at most 2 further descriptors
per DN, measured against a gateway with one DN."""

import argparse
import pathlib
import tempfile
import time

from genesys_stack import proc
from genesys_stack.errors import StackError
from genesys_stack.settings import Settings
from genesys_stack.stack import Stack

LIMIT_SECONDS = 5.0
LIMIT_DESCRIPTORS = 2.0
POLL_SECONDS = 0.02
FIRST_DN = 20000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dns", type=int, default=500, help="how many (default %(default)s)")
    parser.add_argument("--transport", default="udp", choices=("udp", "tcp"))


def wait_for_registrations(stack: Stack, count: int, seconds: float) -> float:
    """Seconds from the start of Janus until `count` DNs are registered."""
    begun = stack.started["janus"]
    while True:
        found = stack.sim("/status")["registered"]
        taken = time.monotonic() - begun
        if found >= count:
            return taken
        if taken > seconds:
            raise StackError(f"only {found} of {count} DNs registered after {taken:.1f} s\n"
                             f"{stack.child('janus').log_end()}")
        time.sleep(POLL_SECONDS)


def measure(asked: argparse.Namespace, count: int) -> dict:
    with tempfile.TemporaryDirectory(prefix="janus-genesys-bench.") as directory:
        settings = Settings(directory=pathlib.Path(directory), address="10.66.0.1",
                            netns=f"jg-bench-{pathlib.Path(directory).name[-8:]}", only=("sim", "janus"),
                            build=asked.build.resolve(), sip_transport=asked.transport,
                            dns=f"{FIRST_DN}-{FIRST_DN + count - 1}" if count > 1 else str(FIRST_DN),
                            die_with_parent=True)
        with Stack(settings) as stack:
            seconds = wait_for_registrations(stack, count, seconds=60)
            cost = proc.cost(stack.child("janus").pid())
    return {"dns": count, "seconds": round(seconds, 2), "threads": cost.threads,
            "descriptors": cost.descriptors, "resident_mib": cost.resident_mib,
            "cpu_seconds": cost.cpu_seconds}


def run(asked: argparse.Namespace) -> tuple[list[dict], list[str]]:
    """The rows of the table, and what was missed (empty: passed)."""
    one, many = measure(asked, 1), measure(asked, asked.dns)
    missed = []
    if many["seconds"] > LIMIT_SECONDS:
        missed.append(f"{asked.dns} DNs took {many['seconds']} s, more than {LIMIT_SECONDS:g}")
    if many["threads"] > one["threads"]:
        missed.append(f"{many['threads'] - one['threads']} further threads")
    per_dn = (many["descriptors"] - one["descriptors"]) / max(asked.dns - 1, 1)
    if per_dn > LIMIT_DESCRIPTORS:
        missed.append(f"{per_dn:.2f} further descriptors per DN, more than {LIMIT_DESCRIPTORS:g}")
    return [one, many], missed
