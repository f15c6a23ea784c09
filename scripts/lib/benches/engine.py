"""The media engine alone: calls over real UDP sockets, against the bare library and socket calls.

Speech without pauses, Opus on one side and A-law on the other, both ways, as many calls as asked for
in turn. The cost is the workers' CPU time per frame pair (20 ms, both directions); the limit is what
libopus, the G.711 tables, recv and sendto cost on the same frames in the same process, right before
and after."""

import argparse
import json
import pathlib
import subprocess
import tempfile
import wave

from genesys_stack.errors import StackError

MOST_OF_BARE = 1.3
LONGEST_MS = 2.0
QUIETEST = 600  # of 16 bits: a 20 ms frame whose peak is less is a pause and left out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--calls", type=int, nargs="+", default=[50, 200, 400, 800],
                        help="how many at once (default %(default)s)")
    parser.add_argument("--seconds", type=int, default=10, help="of each (default %(default)s)")
    parser.add_argument("--unjudged", action="store_true",
                        help="no limit of time decides: for a build or a machine that says nothing")
    parser.add_argument("--workers", type=int, default=1, help="media workers (default %(default)s)")


def write_speech(build: pathlib.Path, path: pathlib.Path) -> None:
    """The stand-in's speech without its pauses, so that each frame is encoded."""
    source = build / "tests" / "genesys-sim" / "speech.wav"
    if not source.exists():
        raise StackError(f"{source} is not there: build genesys-sim")
    with wave.open(str(source)) as file:
        if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (8000, 1, 2):
            raise StackError(f"{source} is not 16 bit mono at 8000 Hz")
        pcm = memoryview(file.readframes(file.getnframes())).cast("h")
    frames = (pcm[at:at + 160] for at in range(0, len(pcm) - 159, 160))
    path.write_bytes(b"".join(bytes(frame) for frame in frames
                              if max(map(abs, frame)) >= QUIETEST))


def run(asked: argparse.Namespace) -> tuple[list[dict], list[str]]:
    """The rows of the table, and what was missed (empty: passed)."""
    program = asked.build.resolve() / "tests" / "load" / "engine_bench"
    rows = []
    with tempfile.TemporaryDirectory(prefix="janus-genesys-bench.") as directory:
        speech = pathlib.Path(directory) / "speech.raw"
        write_speech(asked.build.resolve(), speech)
        for calls in asked.calls:
            done = subprocess.run([program, speech, str(calls), str(asked.seconds), str(asked.workers)],
                                  capture_output=True, text=True, timeout=asked.seconds + 120, check=False)
            if not done.stdout:
                raise StackError(f"engine_bench: {done.stderr.strip() or done.returncode}")
            rows.append(json.loads(done.stdout))
    return rows, lost(rows) + ([] if asked.unjudged else missed(rows))


def lost(rows: list[dict]) -> list[str]:
    # A frame of each call may be under way when the time is over, on either side.
    return [f"{row['calls']} calls: {row['lost']} packets lost" for row in rows
            if row["lost"] > 4 * row["calls"]]


def missed(rows: list[dict]) -> list[str]:
    found = []
    best = min(row["ratio"] for row in rows)
    if best > MOST_OF_BARE:
        found.append(f"{best} times the bare calls, more than {MOST_OF_BARE:g}")
    busy = [row for row in rows if row["engine_cores"] <= 0.8 * row["workers"]]
    for row in busy:
        worst = max(row["to_sip_p99_ms"], row["to_browser_p99_ms"])
        if worst > LONGEST_MS:
            found.append(f"{row['calls']} calls: p99 {worst} ms, more than {LONGEST_MS:g}")
    return found
