"""The gateway beside rtpengine and Janus's own SIP plugin, in the same run.

Each has one core, the load the other; the same generator, speech and checks. rtpengine (Debian's)
transcodes Opus in SRTP to PCMU in RTP and back, as the gateway does, but has neither ICE nor DTLS to do.
Janus's own SIP plugin relays PCMU and transcodes nothing. Each carries about nine tenths of what its core
holds: a Janus that has little to do pays more for each packet, so that only a full core tells. Passes if the gateway carries 6 times the calls
of rtpengine per core (8 times in a conversation with pauses) and needs at most 1.3 times the CPU of the
relay."""

import argparse
import pathlib
import statistics
import tempfile

from genesys_load import gateway, machine, rtpengine

COLUMNS = ("system", "talk", "calls", "good", "us_per_20ms", "of_it_kernel_us", "calls_per_core", "lost",
           "to_browser_p50_p99_max_ms", "to_sip_p50_p99_max_ms", "generator_core")
GCM, CM = "AEAD_AES_128_GCM", "AES_CM_128_HMAC_SHA1_80"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    gateway.add_arguments(parser)
    parser.add_argument("--calls", type=int, default=200, help="of both Januses (default %(default)s)")
    parser.add_argument("--rtpengine-calls", type=int, default=36, help="default %(default)s")
    parser.add_argument("--rounds", type=int, default=3, help="in turn; medians (default %(default)s)")


def measure(asked: argparse.Namespace, name: str, talk: str, suite: str) -> dict:
    with tempfile.TemporaryDirectory(prefix="janus-genesys-bench.") as text:
        directory = pathlib.Path(text)
        if name == "rtpengine":
            row = rtpengine.measure(asked, directory, talk, asked.rtpengine_calls, suite)
        else:
            asked.srtp = suite
            stock = gateway.stock_settings() if name == "stock relay" else {}
            row = gateway.measure(asked, directory, talk, str(asked.calls), **stock)[0]
    return {column: {"system": f"{name}, {suite}", "talk": talk}.get(column, row.get(column))
            for column in COLUMNS}


def median(rows: list[dict]) -> dict:
    """The row of the median in CPU time; good only if all were."""
    middle = statistics.median_low(row["us_per_20ms"] for row in rows)
    found = next(row for row in rows if row["us_per_20ms"] == middle)
    return found | {"good": all(row["good"] for row in rows), "lost": sum(row["lost"] for row in rows)}


SYSTEMS = (("gateway", "continuous", CM), ("gateway", "in-turn", CM), ("gateway", "continuous", GCM),
           ("rtpengine", "continuous", CM), ("rtpengine", "in-turn", CM),
           ("stock relay", "continuous", CM))


def ratios(rows: dict) -> tuple[list[str], list[str]]:
    """What there is to say, and what was missed."""
    cost = {key: row["us_per_20ms"] for key, row in rows.items()}
    ours, turns = cost["gateway", "continuous", CM], cost["gateway", "in-turn", CM]
    said = (("calls per core against rtpengine, continuous speech",
             cost["rtpengine", "continuous", CM] / ours, ">=", 6.0),
            ("calls per core against rtpengine, in turn", cost["rtpengine", "in-turn", CM] / turns,
             ">=", 8.0),
            ("CPU per call against the stock relay", ours / cost["stock relay", "continuous", CM],
             "<=", 1.3))
    lines = [f"{what}: {ratio:.2f} (must be {sign} {limit:g})" for what, ratio, sign, limit in said]
    missed = [line for line, (_, ratio, sign, limit) in zip(lines, said)
              if (ratio < limit if sign == ">=" else ratio > limit)]
    return lines, missed


def run(asked: argparse.Namespace) -> tuple[list[dict], list[str]]:
    """The rows of the table, and what was missed (empty: passed)."""
    gateway.take_priority(asked)
    rounds = [{system: measure(asked, *system) for system in SYSTEMS} for _ in range(asked.rounds)]
    rows = {system: median([one[system] for one in rounds]) for system in SYSTEMS}
    print(machine.describe())
    lines, missed = ratios(rows)
    print("\n".join(lines))
    if asked.unjudged:
        missed = []
    missed += [f"{row['system']}: not everybody heard what was said" for row in rows.values()
               if not row["good"]]
    return list(rows.values()), missed
