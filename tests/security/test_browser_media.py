"""What a browser that is none may send over its PeerConnection, and what others send into it."""

import asyncio
import pathlib
import secrets
import socket
import struct
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from raw_voice import RawVoice  # noqa: E402
from recording_case import RATE, RecordingCase, channels, tones  # noqa: E402
from stack_case import ADDRESS, SECOND_AGENT, StackCase  # noqa: E402


class BrowserMedia(StackCase):
    async def in_call(self, frequency=700):
        self.dn = next(self.free_dns)
        page = await self.sign_in(frequency=frequency)
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call, near=frequency)
        return page, call

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.pid = self.stack.child("janus").pid()

    async def still_good(self, page, call, voice):
        """After the abuse: the tone at the far end, the far end's in the page, the same Janus."""
        talking = asyncio.ensure_future(voice.talk(2.5))
        await self.sim.hears(call, voice.frequency, -13)
        page.ear.forget()
        await page.hears(440, -10)
        await talking
        self.assertEqual(self.stack.child("janus").pid(), self.pid)
        self.assertNotIn("hangup", page.seen())

    async def test_opus_of_every_length(self):
        page, call = await self.in_call()
        voice = await RawVoice.take_over(self, page, 800)
        for milliseconds in (2.5, 5, 10, 40, 60, 120):
            with self.subTest(milliseconds):
                voice.frequency += 50
                talking = asyncio.ensure_future(voice.talk(2, milliseconds))
                await self.sim.hears(call, voice.frequency, -13)
                await talking
        await self.still_good(page, call, voice)
        media = (await self.sim.call(call))["media"]
        self.assertEqual((media["ssrc_changes"], media["timestamp_jumps"]), (0, 0), media)

    async def test_jumps(self):
        """Sequence and timestamp go anywhere; what goes out to the far end is one stream all the same."""
        page, call = await self.in_call()
        voice = await RawVoice.take_over(self, page)
        for sequence, timestamp in ((32000, 0), (20000, -7), (30000, 1 << 31), (3, -48000 * 60), (0, 48000 * 3600),
                                    (1000, 7), (1, 0xFFFFFF00)):
            voice.sequence += sequence
            voice.timestamp += timestamp
            await voice.talk(0.3)
        for _ in range(50):  # a jump with each packet
            voice.sequence += 1 + secrets.randbelow(32000)
            voice.timestamp += secrets.randbelow(1 << 32)
            await voice.packet(voice.frame(20))
        await self.still_good(page, call, voice)
        media = (await self.sim.call(call))["media"]
        self.assertEqual((media["ssrc_changes"], media["timestamp_jumps"]), (0, 0), media)

    async def test_payloads_that_are_no_opus(self):
        page, call = await self.in_call()
        voice = await RawVoice.take_over(self, page)
        for size in (0, 1, 2, 3, 50, 200, 1100):
            for _ in range(20):
                await voice.packet(secrets.token_bytes(size))
        for first in (0xA0, 0x82, 0xA2):  # padding that is longer than the packet, two contributing sources
            await voice.packet(secrets.token_bytes(99) + b"\xff", first=first)
        for kind in (0, 8, 13, 34, 96, 101, 126, 127, 128 + voice.payload_type):
            for payload in (b"", b"\xff", secrets.token_bytes(160), bytes(1000)):
                await voice.packet(payload, payload_type=kind)
        lying = bytes([0xFF, 0xBF]) + b"\xff" * 60  # code 3, VBR, padded, 63 frames: more than 120 ms (RFC 6716 3.2.5)
        for _ in range(20):
            await voice.packet(lying)
        await self.still_good(page, call, voice)

    async def test_a_flood_of_authentic_packets(self):
        """2,000 packets a second of one agent; another agent's call has no hole."""
        page, call = await self.in_call()
        other, other_call = await self.in_call(SECOND_AGENT)
        voice = await RawVoice.take_over(self, page)
        await voice.flood(2000)
        media = await self.both_ways(other, other_call, near=SECOND_AGENT)
        self.assertEqual((media["ssrc_changes"], media["timestamp_jumps"]), (0, 0), media)
        await self.still_good(page, call, voice)

    async def test_forged_and_repeated_srtp(self):
        """Without the keys: noise with a right head, packets changed in one bit, and those that have been."""
        page, call = await self.in_call()
        voice = await RawVoice.take_over(self, page)
        taken = []
        send = voice.ice._send  # pylint: disable=protected-access

        async def tap(octets):
            taken.append(octets)
            await send(octets)
        voice.ice._send = tap  # pylint: disable=protected-access
        await voice.talk(0.5)
        voice.ice._send = send  # pylint: disable=protected-access
        voice.frequency = 1500
        await voice.past_the_keys(struct.pack("!BBHII", 0x80, voice.payload_type, voice.sequence, voice.timestamp,
                                              voice.ssrc) + voice.frame(20))
        for octets in taken[:20]:
            await voice.past_the_keys(octets)                                  # again
            await voice.past_the_keys(octets[:-1] + bytes([octets[-1] ^ 1]))   # another tag
            await voice.past_the_keys(octets[:20] + bytes([octets[20] ^ 1]) + octets[21:])
            await voice.past_the_keys(octets[:12] + secrets.token_bytes(100))
            await voice.past_the_keys(octets[:13])
        outside = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(outside.close)
        outside.bind((ADDRESS, 0))
        for octets in taken:
            outside.sendto(octets, voice.remote())
        voice.frequency = 700
        await self.still_good(page, call, voice)


class Recorded(RecordingCase):
    async def recorded_call(self, frequency, far):
        """Page, call and when the recording began: a moment before it at the earliest, one after it at the latest."""
        self.dn = next(self.free_dns)
        page = await self.sign_in(frequency=frequency)
        call, _ = await self.answered_call(page, play=f"tone:{far}:-10")
        await self.both_ways(page, call, far=far, near=frequency)
        asked = time.monotonic()
        name, = (await self.record(page, format="wav"))["files"]
        return page, call, name, (asked, time.monotonic())

    async def whole(self, page, name, begun):
        """The recording after its end, which nothing is missing from: the samples of both sides."""
        asked = time.monotonic()
        await self.record(page, "stop")
        ended = time.monotonic()
        done = await self.complete(page)
        self.assertEqual((done["state"], done["files"], done["dropped"]), ("stopped", [name], 0), done)
        self.assertGreater(done["length"] / 1000, asked - begun[1] - 0.2, "seconds are missing")
        self.assertLess(done["length"] / 1000, ended - begun[0] + 0.2)
        agent, far = channels(self.folder / name)
        self.assertAlmostEqual(len(agent) / RATE, done["length"] / 1000, delta=0.001)
        return agent, far

    def unbroken(self, samples, hertz):
        """The tone from end to end. Its sender may be late now and then, but it is never away for 100 ms."""
        heard = tones(samples, (hertz,))[1:]
        self.assertNotIn(0, heard, heard)
        self.assertGreater(heard.count(hertz), 0.9 * len(heard), heard)

    async def test_recordings_go_on_in_a_flood(self):
        """4,000 authentic packets of one agent, as fast as they can be made, in the middle of two recordings."""
        page, call, name, begun = await self.recorded_call(700, 440)
        other, other_call, other_name, other_begun = await self.recorded_call(900, 550)
        voice = await RawVoice.take_over(self, page)
        await voice.talk(1)
        await voice.flood(4000)
        await voice.talk(1)
        await self.both_ways(other, other_call, far=550, near=900)
        for side, hertz in zip(await self.whole(other, other_name, other_begun), (900, 550)):
            self.unbroken(side, hertz)
        agent, far = await self.whole(page, name, begun)
        self.unbroken(far, 440)
        heard = tones(agent, (700,))
        self.assertEqual(heard[-5:], [700] * 5, heard)  # what the agent says after the flood
        self.assertGreater(heard.count(700), 15, heard)
        self.assertNotIn("hangup", page.seen())
        self.assertNotIn("hangup", other.seen())
