"""Fifty calls a second set up, and taken down again.

Agents dial, far ends answer at once, and each call lasts until both have heard something and two seconds
more: once with the agents' PeerConnections standing since sign-in, once with ICE and DTLS for each call.
Passes if all calls come about, at that rate, and half of them are heard on both sides within 50 ms
(PeerConnection standing) or 250 ms."""

import argparse
import pathlib
import tempfile
import time

from genesys_load import gateway, machine, threads
from genesys_load.generator import Generator

LIMITS_MS = {"agent": 50.0, "call": 250.0}  # median from `call` to both sides hearing
HOLD_MS = 2000
SPARE = 1.6  # agents for each call that is up on average


def add_arguments(parser: argparse.ArgumentParser) -> None:
    gateway.add_arguments(parser)
    parser.add_argument("--per-second", type=int, default=50, help="default %(default)s")


def row_of(connection: str, agents: int, report: dict, cpu: float, seconds: float) -> dict:
    times = {name: "/".join(f"{report[name][key]:.1f}" for key in ("p50_ms", "p99_ms", "max_ms"))
             for name in ("accepted", "both_hear")}
    return {"peer_connection": connection, "agents": agents, "started": report["started"],
            "heard": report["heard"], "failed": report["failed"], "nobody_free": report["nobody_free"],
            "per_second": report["per_second"], "accepted_p50_p99_max_ms": times["accepted"],
            "both_hear_p50_p99_max_ms": times["both_hear"], "median_ms": report["both_hear"]["p50_ms"],
            "cpu_ms_per_call_of_2_s": round(1000 * cpu / max(report["heard"], 1), 2),
            "core_used": round(cpu / seconds, 2), "fault": report["fault"]}


def measure(asked: argparse.Namespace, directory: pathlib.Path, connection: str) -> dict:
    agents = round(asked.per_second * HOLD_MS / 1000 * SPARE)
    _, load_cores = gateway.cores()
    with gateway.running(asked, directory, agents, load_cores) as stack:
        pid = stack.child("janus").pid()
        options = gateway.load_options(asked, stack) | dict(
            levels=agents, per_second=asked.per_second, hold_ms=HOLD_MS, peer_connection=connection)
        with Generator(asked.build.resolve(), stack.settings.netns, 300, load_cores, options) as load:
            for event in load.events():
                if event["event"] == "measuring":
                    begun, before = time.monotonic(), threads.thread_times(pid)
                elif event["event"] == "measured":
                    seconds = time.monotonic() - begun
                    spent = threads.spent(before, threads.thread_times(pid))
                elif event["event"] == "set_ups":
                    report = event
    cpu = sum(one.total for one in spent.values())
    return row_of(connection, agents, report, cpu, seconds)


def missed_of(asked: argparse.Namespace, row: dict) -> list[str]:
    name, missed = row["peer_connection"], []
    if row["failed"] or row["nobody_free"] or row["heard"] != row["started"]:
        missed.append(f"{name}: {row['started'] - row['heard']} calls did not come about {row['fault']}")
    if row["per_second"] < 0.9 * asked.per_second and not asked.unjudged:
        missed.append(f"{name}: {row['per_second']} calls a second, fewer than {asked.per_second}")
    if row["median_ms"] > LIMITS_MS[name] and not asked.unjudged:
        missed.append(f"{name}: heard after {row['median_ms']} ms, more than {LIMITS_MS[name]:g}")
    return missed


def run(asked: argparse.Namespace) -> tuple[list[dict], list[str]]:
    """The rows of the table, and what was missed (empty: passed)."""
    gateway.take_priority(asked)
    rows = []
    for connection in LIMITS_MS:
        with tempfile.TemporaryDirectory(prefix="janus-genesys-bench.") as directory:
            rows.append(measure(asked, pathlib.Path(directory), connection))
    print(machine.describe())
    return rows, [line for row in rows for line in missed_of(asked, row)]
