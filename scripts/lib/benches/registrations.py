"""How fast 500 DNs register, and what each costs in threads, descriptors and memory.

The clock starts with the Janus process and stops when the stand-in SIP Server has a binding for every
DN. Passes if that takes at most 5 s, without a further thread and with at most 2 further descriptors
and 24 KiB of memory per DN, measured against a gateway with one DN."""

import argparse
import pathlib
import tempfile

from genesys_load import gateway
from genesys_stack import proc
from genesys_stack.settings import Settings
from genesys_stack.stack import Stack

LIMIT_SECONDS = 5.0
LIMIT_DESCRIPTORS = 2.0
LIMIT_KIB = 24.0  # the aim is 16; the allocator's slack comes and goes
FIRST_DN = 20000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dns", type=int, default=500, help="how many (default %(default)s)")
    parser.add_argument("--transport", default="udp", choices=("udp", "tcp"))


def measure(asked: argparse.Namespace, count: int) -> dict:
    with tempfile.TemporaryDirectory(prefix="janus-genesys-bench.") as directory:
        settings = Settings(directory=pathlib.Path(directory), address="10.66.0.1",
                            netns=f"jg-bench-{pathlib.Path(directory).name[-8:]}", only=("sim", "janus"),
                            build=asked.build.resolve(), sip_transport=asked.transport,
                            dns=f"{FIRST_DN}-{FIRST_DN + count - 1}" if count > 1 else str(FIRST_DN),
                            die_with_parent=True)
        with Stack(settings) as stack:
            seconds = gateway.wait_registered(stack, count)
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
    one["kib_per_dn"] = 0.0
    many["kib_per_dn"] = round((many["resident_mib"] - one["resident_mib"]) * 1024 / max(asked.dns - 1, 1), 1)
    if many["kib_per_dn"] > LIMIT_KIB:
        missed.append(f"{many['kib_per_dn']} KiB per DN, more than {LIMIT_KIB:g}")
    return [one, many], missed
