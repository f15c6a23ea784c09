"""What transcoding costs and how it sounds, against bare coders and the settings of other gateways.

No sockets and no Janus: packets of speech go through the gateway's receiving and sending halves, through
the bare library calls for the same, and through libopus at 48 kHz with the resampling that Asterisk,
rtpengine and FreeSWITCH do; on a clean path and with loss in the browser's network. CPU is of one call and
20 ms, both directions; the medians of the rounds. STOI is what each listener hears. Passes if the gateway
needs at most 1/6 of the cheapest of the others' CPU on a clean path and 1/4 of it with loss, and is as
intelligible as the best of them."""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

from genesys_stack.errors import StackError
from genesys_stack.settings import ROOT

LOSSES = (0.0, 0.02, 0.05)
MOST_CPU = {0.0: 1 / 6}   # of the cheapest other gateway's; else MOST_CPU_LOSSY
MOST_CPU_LOSSY = 1 / 4
STOI_TOLERANCE = 0.005    # on a clean path "not below" means within that
OURS, BARE = "gateway", "bare coders"
CAPTURE_RATE = 48000      # Hz
LONGEST = 600             # seconds that a run may take
LISTENERS = ("browser", "sip")
PAUSE = 0.02              # seconds between sentences: the silence gate is not what is measured here


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--codec", action="append", metavar="NAME/CLOCK",
                        help="of the SIP side, again for more (default PCMA/8000 and, if there is one, G722)")
    parser.add_argument("--rounds", type=int, default=5, help="default %(default)s")


def codecs(asked: argparse.Namespace, known: list) -> list:
    if not asked.codec:
        return [codec for codec in known if codec.name in ("PCMA", "G722")]
    found = [codec for codec in known if codec.argument in asked.codec]
    if len(found) < len(asked.codec):
        raise StackError(f"codecs are: {', '.join(codec.argument for codec in known)}")
    return found


def work(asked: argparse.Namespace, codec, loss: float, directory: pathlib.Path) -> list[dict]:
    program = asked.build.resolve() / "tests" / "load" / "codec_bench"
    done = subprocess.run(
        [program, codec.argument, str(loss), directory / f"{codec.rate}.pcm", directory / f"{CAPTURE_RATE}.pcm",
         directory, str(asked.rounds)], capture_output=True, text=True, timeout=LONGEST)
    if done.returncode != 0:
        raise StackError(f"{program}: {done.stderr}")
    return json.loads(done.stdout)


def judged(measures, spoken, directory: pathlib.Path, system: str, listener: str) -> dict[str, float]:
    import numpy
    return measures.judge(spoken, numpy.fromfile(directory / f"{system} to {listener}.pcm", "<i2"))


def rows_of(codec, loss: float, figures: list[dict], heard: dict) -> list[dict]:
    """A row a system; the ratios are the gateway's CPU to its."""
    names = list(dict.fromkeys(figure["system"] for figure in figures))
    cost = {name: {key: statistics.median(figure[key] for figure in figures if figure["system"] == name)
                   for key in ("to_browser_us", "to_sip_us")} for name in names}
    both = {name: sum(cost[name].values()) for name in names}
    return [{"codec": codec.name, "loss_%": round(100 * loss), "system": name,
             "to_browser_us": round(cost[name]["to_browser_us"], 1), "to_sip_us": round(cost[name]["to_sip_us"], 1),
             "pair_us": round(both[name], 1), "gateway_is": f"{both[OURS] / both[name]:.3f} x",
             "to_browser_stoi": round(heard[name]["browser"]["stoi"], 3),
             "to_sip_stoi": round(heard[name]["sip"]["stoi"], 3),
             "to_browser_lsd": heard[name]["browser"]["distance_db"], "to_sip_lsd": heard[name]["sip"]["distance_db"]}
            for name in names]


def misses(rows: list[dict], loss: float) -> list[str]:
    ours = next(row for row in rows if row["system"] == OURS)
    others = [row for row in rows if row["system"] not in (OURS, BARE)]
    what = f"{ours['codec']}, {ours['loss_%']} % loss"
    limit, ratio = MOST_CPU.get(loss, MOST_CPU_LOSSY), ours["pair_us"] / min(row["pair_us"] for row in others)
    missed = []
    if ratio > limit:
        missed.append(f"{what}: {ratio:.3f} of the cheapest other gateway's CPU, more than {limit:.3f}")
    for listener in LISTENERS:
        best = max(row[f"to_{listener}_stoi"] for row in others)
        if ours[f"to_{listener}_stoi"] < best - (0 if loss else STOI_TOLERANCE):
            missed.append(f"{what}: STOI at the {listener} {ours[f'to_{listener}_stoi']}, below {best}")
    return missed


def run(asked: argparse.Namespace) -> tuple[list[dict], list[str]]:
    """The rows of the table, and what was missed (empty: passed)."""
    sys.path.insert(0, str(ROOT / "tests" / "quality"))
    import measures
    import speech
    import voice_path

    program = asked.build.resolve() / "tests" / "quality" / "voice_path"
    chosen = codecs(asked, voice_path.codecs(program))
    speeches = speech.make(tuple({CAPTURE_RATE, *(codec.rate for codec in chosen)}), PAUSE)
    rows, missed = [], []
    with tempfile.TemporaryDirectory(prefix="janus-genesys-codec.") as name:
        directory = pathlib.Path(name)
        for rate, spoken in speeches.items():
            spoken.write(directory / f"{rate}.pcm")
        for codec in chosen:
            for loss in LOSSES:
                figures = work(asked, codec, loss, directory)
                heard = {system: {listener: judged(measures, speeches[codec.rate], directory, system, listener)
                                  for listener in LISTENERS} for system in {f["system"] for f in figures}}
                found = rows_of(codec, loss, figures, heard)
                rows += found
                missed += misses(found, loss)
    return rows, missed
