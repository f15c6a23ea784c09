"""A page as the tests use it: it sends a tone, listens, and can go away in every way a page does."""

import asyncio
import contextlib
import time

from janus_client import JanusClient
from tone import Ear, ToneTrack


class Page(JanusClient):
    def __init__(self, url, frequency=700, level=-13):
        super().__init__(url, ToneTrack(frequency, level))
        self.ear = None

    def _new_peer_connection(self):
        super()._new_peer_connection()
        # One capture, as a browser has it, for one PeerConnection after the other.
        self.audio = ToneTrack(self.audio.frequency, self.audio.level)

        @self.pc.on("track")
        def listen(track):
            if track.kind == "audio":
                self.ear = Ear(track)

    async def hears(self, frequency, level=None, seconds=6):
        """Waits for a clean tone; `level` in dBFS within 3 dB."""
        deadline = time.monotonic() + seconds
        while True:
            sound = self.ear.last_sound() if self.ear else None
            if (sound and sound.seconds > 0.3 and abs(sound.frequency - frequency) < 5
                    and sound.purity > 0.9 and (level is None or abs(sound.level - level) < 3)):
                return sound
            if time.monotonic() > deadline:
                raise AssertionError(f"the page hears {sound}, not {frequency} Hz at {level} dBFS")
            await asyncio.sleep(0.05)

    async def hears_nothing(self, seconds=6):
        """Waits until 0.4 s bring no packets, silence, or comfort noise."""
        deadline = time.monotonic() + seconds
        while True:
            sound = self.ear.last_sound()
            if sound.seconds > 0.3 and sound.level < -45 or time.monotonic() - (self.ear.last or 0) > 0.4:
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"the page hears {sound}, not silence")
            await asyncio.sleep(0.05)

    async def hears_all(self, *frequencies, seconds=6):
        """Waits until the tones make up what is heard, none of them far weaker than another."""
        deadline = time.monotonic() + seconds
        while True:
            sound = self.ear.last_sound() if self.ear else None
            shares = [sound.share(frequency) for frequency in frequencies] if sound else [0]
            if min(shares) > 0.5 / len(frequencies) and sum(shares) > 0.85:
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"the page hears {shares} of {frequencies}, {sound}")
            await asyncio.sleep(0.05)

    def janus_events(self):
        """What Janus itself has told of the handle: webrtcup, media, slowlink, hangup."""
        return [message["janus"] for message in self._events if "plugindata" not in message]

    async def leave(self):
        """Signs out and goes, whatever state the page is in."""
        with contextlib.suppress(Exception):
            await self._ask({"janus": "destroy"}, 2)
        with contextlib.suppress(Exception):
            await self.__aexit__()

    async def claim(self, lost):
        """Takes over the Janus session and handle of a page that lost its WebSocket."""
        self.session, self.handle = lost.session, lost.handle
        return await self._ask({"janus": "claim"})

    async def detach(self):
        """The handle is destroyed, the WebSocket stays."""
        await self._ask({"janus": "detach"})

    async def cut_web_socket(self):
        """The connection breaks without a closing handshake; the PeerConnection stays."""
        self._keeper.cancel()
        self._socket.transport.abort()

    def cut_ice(self):
        """No packet leaves or arrives any more, and nobody is told: a cable pulled."""
        for transceiver in self.pc.getTransceivers():
            connection = transceiver.sender.transport.transport._connection
            for protocol in connection._protocols:
                protocol.transport.abort()
