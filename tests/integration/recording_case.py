"""A gateway that may record, and what its files hold: read by Python's own wave module."""

import itertools
import wave

import numpy

from stack_case import StackCase
from tone import Sound

RATE = 8000  # Hz, of every file here


def channels(path):
    """The samples of a WAV file, one array a channel."""
    with wave.open(str(path)) as file:
        assert (file.getsampwidth(), file.getframerate()) == (2, RATE), file.getparams()
        samples = numpy.frombuffer(file.readframes(file.getnframes()), "<i2")
        return [samples[channel::file.getnchannels()] for channel in range(file.getnchannels())]


def tones(samples, known, step=0.1):
    """What each stretch of 100 ms holds: a frequency of `known`, 0 for silence, None for a mixture."""
    size, found = round(RATE * step), []
    for begin in range(0, len(samples) - size + 1, size):
        sound = Sound(samples[begin:begin + size], RATE)
        near = [hertz for hertz in known if abs(sound.frequency - hertz) < 15]
        found.append(0 if sound.level < -45 else near[0] if near and sound.purity > 0.9 else None)
    return found


def order(found):
    """The tones in their order, without the stretches where one goes over into the next."""
    lasting = [list(group) for _, group in itertools.groupby(found)]
    lasting = [group[0] for group in lasting if len(group) > 2 and group[0] is not None]
    return [tone for tone, _ in itertools.groupby(lasting)]


class RecordingCase(StackCase):
    @classmethod
    def make_settings(cls, directory):
        cls.folder = directory / "recordings"
        cls.folder.mkdir(mode=0o700)
        cls.options = {"dn_defaults": "  recording = true"}
        cls.sections = f'recording: {{ folder = "{cls.folder}"; max_minutes = 1; min_free_mb = 0 }}\n'
        return super().make_settings(directory)

    async def record(self, page, action="start", **fields):
        body = {"request": "recording", "action": action, "audio": True, "peer_audio": True, **fields}
        return (await page.request(body))[0]

    async def complete(self, page):
        """The event that says that the files are whole."""
        while True:
            event, _ = await page.event("recordingupdated")
            if event["state"] in ("stopped", "failed"):
                return event
