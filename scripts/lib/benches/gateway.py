"""What an encrypted WebRTC call costs the gateway, and how many a core carries.

The real Janus with the plugin, both on one core; agents and far ends are tests/load/webrtc_load on
another, SIP is the stand-in's. Every level of calls is measured: CPU time by threads, latency from packet
in to packet out in both directions, loss, memory. Once with speech in both directions all the time, once
with a conversation in turns. Passes if every call heard what the other side said and no packet is lost at
the least level; p99 there has to stay under 5 ms."""

import argparse
import pathlib
import tempfile

from genesys_load import gateway, machine

LIMIT_P99_MS = 5.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    gateway.add_arguments(parser)
    parser.add_argument("--levels", default="50,100,150,200,250,300",
                        help="calls at a time (default %(default)s)")
    parser.add_argument("--talk", default="continuous,in-turn", help="default %(default)s")


def missed_of(asked: argparse.Namespace, row: dict) -> list[str]:
    missed = []
    if not row["good"]:
        missed.append(f"{row['talk']}, {row['calls']} calls: not everybody heard what was said")
    if row["talk"] == "continuous" and row["received"] < 0.98 * row["sent"]:
        missed.append(f"{row['calls']} calls: {row['received']} of {row['sent']} packets came")
    if row["lost"] > 0 and not asked.unjudged:
        missed.append(f"{row['talk']}, {row['calls']} calls: {row['lost']} packets lost")
    if row["p99_ms"] > LIMIT_P99_MS and not asked.unjudged:
        missed.append(f"{row['talk']}, {row['calls']} calls: p99 {row['p99_ms']} ms")
    return missed


def run(asked: argparse.Namespace) -> tuple[list[dict], list[str]]:
    """The rows of the table, and what was missed (empty: passed)."""
    gateway.take_priority(asked)
    rows, missed = [], []
    for talk in asked.talk.split(","):
        with tempfile.TemporaryDirectory(prefix="janus-genesys-bench.") as directory:
            found = gateway.measure(asked, pathlib.Path(directory), talk, asked.levels)
        missed += missed_of(asked, next(row for row in found if row["calls"] > 0))
        rows += found
    print(machine.describe())
    for talk in asked.talk.split(","):
        most = max((row["calls"] for row in rows if row["talk"] == talk and
                    row["good"] and row["p99_ms"] < LIMIT_P99_MS), default=0)
        print(f"{talk}: {most} calls on one core with p99 under {LIMIT_P99_MS:g} ms")
    return rows, missed
