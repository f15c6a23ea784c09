"""The cases of the quality suite: each codec of the SIP side, each direction, each impairment of each
network on the way, and the same speech through plain G.711 that meets the same impairment.

  python3 cases.py           every case and its measures
  python3 cases.py --write   the same, kept as golden.json"""

import concurrent.futures
import dataclasses
import functools
import json
import pathlib
import sys

import measures
import speech
import voice_path
from voice_path import Codec

GOLDEN = pathlib.Path(__file__).with_name("golden.json")
SEED = 1
PLAYOUT = 60          # ms, and what the network's jitter needs
CAPTURE_RATE = 48000  # Hz, of a browser's microphone
BIT_RATES = {8000: 24000, 16000: 32000}  # bit/s, what a browser is asked for, by the codec's rate


@dataclasses.dataclass(frozen=True)
class Impairment:
    link: str
    jitter: int = 0         # ms
    expected_loss: int = 0  # per cent, what a browser that sends through it believes


IMPAIRMENTS = {
    "clean": Impairment(""),
    "loss 2 %": Impairment("loss=0.02", expected_loss=2),
    "loss 5 %": Impairment("loss=0.05", expected_loss=5),
    "loss 10 %": Impairment("loss=0.1", expected_loss=10),
    "bursts": Impairment("loss=0.05,burst=3", expected_loss=5),
    "jitter 50 ms": Impairment("jitter=50", jitter=50),
    "jitter 100 ms": Impairment("jitter=100", jitter=100),
    "jitter 200 ms": Impairment("jitter=200", jitter=200),
    "reordering": Impairment("reorder=0.1,reorder_by=30"),
    "duplication": Impairment("duplicate=0.1"),
}
# What a codec of the same rate as another one still has to show.
FEW = ("clean", "loss 5 %")
LOSSES = ("loss 2 %", "loss 5 %", "loss 10 %", "bursts")


@dataclasses.dataclass(frozen=True)
class Case:
    codec: Codec
    path: str        # "to-sip" or "to-browser"
    network: str     # the impaired one: the "talker's" or the "listener's"
    impairment: str  # a key of IMPAIRMENTS

    @property
    def name(self) -> str:
        return f"{self.codec.argument} {self.path}, {self.impairment} in the {self.network} network"


def cases() -> list[Case]:
    """Of a phone as the listener the network is out of our hands, so it is not impaired."""
    found, rates = [], set()
    for codec in voice_path.codecs():
        some = FEW if codec.rate in rates else tuple(IMPAIRMENTS)
        rates.add(codec.rate)
        found += [Case(codec, path, "talker's", name) for path in ("to-sip", "to-browser") for name in some]
        found += [Case(codec, "to-browser", "listener's", name) for name in LOSSES if name in some]
    return found


@functools.cache
def spoken() -> dict[int, speech.Speech]:
    return speech.make((8000, 16000, CAPTURE_RATE))


def measure(case: Case) -> dict[str, float]:
    impairment = IMPAIRMENTS[case.impairment]
    link = {"first" if case.network == "talker's" else "second": impairment.link}
    browser_talks = case.path == "to-sip"
    # Jitter of the browser's network ends in the gateway; towards the browser it passes through.
    jitter = 0 if browser_talks else impairment.jitter
    talker = {}
    if browser_talks:
        talker = {"expected_loss": impairment.expected_loss, "bit_rate": BIT_RATES[case.codec.rate]}
    run = voice_path.run(case.path, case.codec,
                         spoken()[CAPTURE_RATE if browser_talks else case.codec.rate],
                         playout=PLAYOUT + jitter, seed=SEED, **link, **talker)
    return measures.judge(spoken()[case.codec.rate], run.heard)


def measure_plain(name: str, network: str) -> dict[str, float]:
    """From phone to phone, the impairment in the same place, so that the same packets meet it."""
    impairment = IMPAIRMENTS[name]
    link = {"first" if network == "talker's" else "second": impairment.link}
    pcmu = next(codec for codec in voice_path.codecs() if codec.name == "PCMU")
    run = voice_path.run("plain", pcmu, spoken()[pcmu.rate], playout=PLAYOUT + impairment.jitter, seed=SEED,
                         **link)
    return measures.judge(spoken()[pcmu.rate], run.heard)


@dataclasses.dataclass(frozen=True)
class Results:
    ours: dict[Case, dict[str, float]]
    plain: dict[tuple[str, str], dict[str, float]]  # by impairment and network


def measure_all() -> Results:
    todo = cases()
    plain = sorted({(case.impairment, case.network) for case in todo})
    spoken()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        ours = dict(zip(todo, pool.map(measure, todo)))
        return Results(ours, dict(zip(plain, pool.map(lambda key: measure_plain(*key), plain))))


def main() -> None:
    results = measure_all()
    for (name, network), measured in results.plain.items():
        print(f"plain G.711, {name} in the {network} network: {measured}")
    for case, measured in results.ours.items():
        print(f"{case.name}: {measured}")
    if "--write" in sys.argv[1:]:
        golden = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {"margins": {}}
        golden["cases"] = {case.name: measured for case, measured in results.ours.items()}
        rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(measured)}"
                          for name, measured in golden["cases"].items())
        margins = json.dumps(golden["margins"])
        GOLDEN.write_text(f'{{\n "margins": {margins},\n "cases": {{\n{rows}\n }}\n}}\n')


if __name__ == "__main__":
    main()
