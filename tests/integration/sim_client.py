"""The stand-in SIP Server of a running stack, asked without stopping the page's audio meanwhile."""

import asyncio
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "genesys-sim"))
from sim_control import Refused, Sim  # noqa: E402

__all__ = ["Refused", "SimClient"]


class SimClient(Sim):
    """Like Sim, but the process is the stack's, and every question is awaited."""

    def __init__(self, url, trace_file):  # pylint: disable=super-init-not-called
        self.url, self.trace_file = url, trace_file

    async def ask(self, method, path, body=None):
        return await asyncio.to_thread(self.http, method, path, body)

    async def get(self, path):
        return await self.ask("GET", path)

    async def post(self, path, body=None):
        return await self.ask("POST", path, body or {})

    async def delete(self, path, body=None):
        return await self.ask("DELETE", path, body or {})

    async def ring(self, dn, **options):
        """Calls a DN; the call's id. Plays 440 Hz at -10 dBFS unless told otherwise."""
        body = {"to": dn, "from": "5551234", "play": "tone:440:-10", **options}
        return (await self.post("/calls", body))["id"]

    async def call(self, call_id):
        return await self.get(f"/calls/{call_id}")

    async def hang_up(self, call_id, **body):
        return await self.delete(f"/calls/{call_id}", body)

    async def until(self, call_id, condition, what, seconds=6):
        """The call's JSON as soon as condition(json) holds."""
        deadline = time.monotonic() + seconds
        while True:
            call = await self.call(call_id)
            if condition(call):
                return call
            if time.monotonic() > deadline:
                raise AssertionError(f"call {call_id}: not within {seconds} s: {what}; it is {call}")
            await asyncio.sleep(0.03)

    async def state(self, call_id, state, seconds=6):
        return await self.until(call_id, lambda call: call["state"] == state, f"state {state}", seconds)

    async def call_of(self, dn, number, seconds=5):
        """The id of the latest call that `dn` made to `number`."""
        deadline = time.monotonic() + seconds
        while True:
            mine = [call["id"] for call in await self.get("/calls")
                    if call["from"] == dn and call["to"] == number]
            if mine:
                return max(mine, key=lambda name: (len(name), name))
            if time.monotonic() > deadline:
                raise AssertionError(f"no call from {dn} to {number} within {seconds} s")
            await asyncio.sleep(0.03)

    async def hears(self, call_id, frequency, level=None, seconds=6):
        """Waits until the far end hears a tone; `level` in dBFS within 3 dB. Its media counters."""
        def tone(call):
            media = call["media"]
            return (media["frequency_hz"] and abs(media["frequency_hz"] - frequency) < 5
                    and (level is None or abs(media["level_dbfs"] - level) < 3))
        return (await self.until(call_id, tone, f"{frequency} Hz at {level} dBFS", seconds))["media"]

    async def packet_rate(self, call_id, seconds=1.0):
        """RTP packets a second that the far end receives now."""
        begun = time.monotonic()
        first = (await self.call(call_id))["media"]["packets_received"]
        await asyncio.sleep(seconds)
        last = (await self.call(call_id))["media"]["packets_received"]
        return (last - first) / (time.monotonic() - begun)
