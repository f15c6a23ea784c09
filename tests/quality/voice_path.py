"""Runs the program voice_path: speech through the gateway in virtual time."""

import dataclasses
import json
import os
import pathlib
import subprocess
import tempfile

import numpy

from speech import Speech

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("GENESYS_BUILD", ROOT / "build" / "dev"))
PROGRAM = BUILD / "tests" / "quality" / "voice_path"
SECONDS = 120  # until a run counts as hung


@dataclasses.dataclass(frozen=True)
class Codec:
    """A codec of the SIP side."""
    name: str
    clock: int  # Hz, of RTP
    rate: int   # Hz, of its PCM

    @property
    def argument(self) -> str:
        return f"{self.name}/{self.clock}"


@dataclasses.dataclass(frozen=True)
class Run:
    heard: numpy.ndarray | None  # 16-bit samples at the codec's rate; the first when the talk began
    report: dict                 # what became of the packets
    wire: numpy.ndarray | None   # samples that the packets to the listener hold
    times: numpy.ndarray | None  # when each of them was sent, seconds


def codecs(program: pathlib.Path = PROGRAM) -> list[Codec]:
    lines = subprocess.run([program, "--codecs"], capture_output=True, text=True, check=True).stdout
    return [Codec(name, int(clock), int(rate))
            for name, clock, rate in (line.split() for line in lines.splitlines())]


def run(path: str, codec: Codec, speech: Speech, *, listen: bool = True, wire: bool = False,
        **options) -> Run:
    """`options` are the program's, with _ for -."""
    with tempfile.TemporaryDirectory(prefix="voice-path.") as name:
        directory = pathlib.Path(name)
        arguments = {"path": path, "codec": codec.argument, "in": speech.write(directory / "in.pcm"),
                     "rate": speech.rate, **options}
        if listen:
            arguments["out"] = directory / "out.pcm"
        if wire:
            arguments["wire"] = directory / "wire"
        words = [word for option, value in arguments.items()
                 for word in ("--" + option.replace("_", "-"), str(value))]
        done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=SECONDS)
        if done.returncode != 0:
            raise RuntimeError(f"voice_path {' '.join(words)}: {done.stderr}")
        return Run(numpy.fromfile(directory / "out.pcm", "<i2") if listen else None, json.loads(done.stdout),
                   numpy.fromfile(directory / "wire.pcm", "<i2") if wire else None,
                   numpy.fromfile(directory / "wire.times", "<f8") if wire else None)
