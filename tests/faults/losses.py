"""What was lost with a part of the stack: outages of sound, and the table of them."""

import dataclasses
import wave

import numpy

FRAME_MS = 20
LOUD = -30          # dBFS: half way between the tones of the tests and comfort noise
LEAST_OUTAGE = 40   # ms: less is the browser's playout, which stretches and shortens
UNTOUCHED = 300     # ms that a busy machine may take from a call that nothing has happened to


def sound_in(path, begun):
    """[begin, end] of every stretch of sound in the WAV whose first sample is of `begun`; ms since 1970."""
    with wave.open(str(path)) as file:
        rate = file.getframerate()
        samples = numpy.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(float)
    size = rate * FRAME_MS // 1000
    frames = samples[:len(samples) // size * size].reshape(-1, size)
    loud = 10 * numpy.log10(numpy.mean(frames**2, axis=1) / 32768**2 + 1e-12) > LOUD
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate(([0], loud.astype(int), [0]))))
    return [[begun + first * FRAME_MS, begun + last * FRAME_MS] for first, last in edges.reshape(-1, 2)]


def longest_outage(stretches, since, until):
    """ms without sound between the two moments; 0 for what is no outage. A stretch begins or ends nothing that
    another one covers."""
    longest, silent_from = 0.0, since
    for begin, end in sorted(stretches):
        if end <= since:
            continue
        longest = max(longest, min(begin, until) - silent_from)
        silent_from = max(silent_from, end)
        if silent_from >= until:
            break
    longest = max(longest, until - silent_from)
    return round(longest) if longest >= LEAST_OUTAGE else 0


@dataclasses.dataclass
class CallLoss:
    """What one call has lost. Outages in ms, the longest of each direction."""

    at_page: int | None = None
    at_caller: int | None = None
    packets: int = 0     # that the caller's side has missed
    over: bool = False

    def __str__(self):
        if self.over:
            return "lost"
        return f"{self.at_page} | {self.at_caller} | {self.packets}"

    @property
    def untouched(self):
        return not self.over and max(self.at_page, self.at_caller) < UNTOUCHED and self.packets == 0


@dataclasses.dataclass
class Loss:
    """A row of the table. Times in s since the part was killed; None: never away."""

    part: str
    calls: dict[str, CallLoss]         # by the node that they were on
    pages_away: int = 0                # signed in at that moment, and then without a connection
    pages_back: float | None = None    # the last of them in service
    rings: dict[str, float] = dataclasses.field(default_factory=dict)  # DNs of the node: the first call in

    def cells(self):
        away = f"{self.pages_away}, {self.pages_back:.1f} s" if self.pages_away else "0"
        return [self.part, *(str(self.calls.get(node, "-")) for node in "AB"), away,
                *(f"{self.rings[node]:.1f} s" for node in sorted(self.rings))]


def table(rows):
    """For people. The calls' cells are the longest outage in ms at the page and at the caller, and RTP packets
    that the caller's side has missed."""
    heads = ["killed", *(f"call on {node}" for node in "AB"), "pages away, back",
             *(f"DN of {node} rings" for node in "AB")]
    lines = [heads, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    shown = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
    return "\n".join([shown[0], "  ".join("-" * width for width in widths).rstrip(), *shown[1:]])
