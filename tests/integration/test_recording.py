"""Recordings of both sides of a call, read by programs that are not ours: opusdec, janus-pp-rec."""

import asyncio
import subprocess

import recording_case
from recording_case import RATE, RecordingCase, channels, order
from stack_case import StackCase
from tone import Sound

AGENT, FAR, MOVED = 440, 660, 880  # Hz


def tones(samples):
    return recording_case.tones(samples, (AGENT, FAR, MOVED))


class Recording(RecordingCase):
    async def call_with_tones(self, **options):
        page = await self.sign_in(frequency=AGENT)
        call, call_id = await self.answered_call(page, play=f"tone:{FAR}:-10", **options)
        await page.hears(FAR)
        await self.sim.hears(call, AGENT)
        return page, call, call_id

    async def held(self, page):
        while (await page.event("call_changed"))[0]["call"]["hold"] == "none":
            pass

    async def stretch(self, seconds):
        """So much of the call goes by; its length is what is measured afterwards."""
        await asyncio.sleep(seconds)

    async def test_wav_over_hold_and_a_move(self):
        page, call, call_id = await self.call_with_tones()
        started = await self.record(page, format="wav", filename="../../etc/order-4711", call_id=call_id)
        self.assertEqual((started["event"], started["state"]), ("recordingupdated", "recording"))
        name, = started["files"]
        self.assertRegex(name, rf"^\d{{8}}T\d{{6}}\.\d{{3}}Z-{self.dn}-{call_id}-order-4711\.wav$")
        await self.stretch(1.5)
        await page.request({"request": "hold", "direction": "inactive"})
        await self.held(page)
        await self.stretch(1)
        await page.request({"request": "unhold"})
        await page.hears(FAR)
        await self.stretch(1)
        await self.sim.post(f"/calls/{call}/reinvite", {"sdp": "move"})
        await self.sim.post(f"/calls/{call}/play", {"play": f"tone:{MOVED}:-10"})
        await page.hears(MOVED)
        await self.stretch(1)
        await self.record(page, "stop")
        done = await self.complete(page)
        self.assertEqual((done["state"], done["files"], done["dropped"]), ("stopped", [name], 0), done)
        path = self.folder / name
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        agent, far = channels(path)
        self.assertAlmostEqual(len(agent) / RATE, done["length"] / 1000, delta=0.001)
        heard_agent, heard_far = tones(agent), tones(far)
        self.assertEqual(order(heard_agent), [AGENT, 0, AGENT], heard_agent)
        self.assertEqual(order(heard_far), [FAR, 0, FAR, MOVED], heard_far)
        # Both hold at the same time, within what two re-INVITEs take.
        for edge in (lambda row: row.index(0), lambda row: len(row) - row[::-1].index(0)):
            self.assertAlmostEqual(edge(heard_agent), edge(heard_far), delta=3)

    async def test_opus_is_one_stereo_file(self):
        page, call, _ = await self.call_with_tones()
        name, = (await self.record(page, format="opus"))["files"]
        await self.stretch(2)
        await self.sim.hang_up(call)
        done = await self.complete(page)
        self.assertEqual((done["state"], done["reason"]), ("stopped", "the call has ended"))
        wav = self.folder / (name + ".wav")
        subprocess.run(["opusdec", "--quiet", "--rate", str(RATE), self.folder / name, wav], check=True, timeout=20)
        agent, far = channels(wav)
        self.assertAlmostEqual(len(agent) / RATE, done["length"] / 1000, delta=0.01)
        middle = slice(RATE // 2, -RATE // 2)
        self.assertGreater(Sound(agent[middle], RATE).purity, 0.97)  # nothing of the other side
        self.assertAlmostEqual(Sound(agent[middle], RATE).frequency, AGENT, delta=3)
        self.assertGreater(Sound(far[middle], RATE).purity, 0.97)
        self.assertAlmostEqual(Sound(far[middle], RATE).frequency, FAR, delta=3)

    async def mjr(self, codec):
        page, _, _ = await self.call_with_tones(codec=codec.upper())
        user, peer = (await self.record(page))["files"]
        self.assertTrue(user.endswith("-user-audio.mjr") and peer.endswith("-peer-audio.mjr"), (user, peer))
        await self.stretch(2)
        await self.record(page, "stop")
        done = await self.complete(page)
        for name, hertz in ((user, AGENT), (peer, FAR)):
            header = subprocess.run(["janus-pp-rec", "--json", self.folder / name], check=True,
                                    capture_output=True, text=True, timeout=20).stdout
            self.assertRegex(header, rf'"t": ?"a"(?s:.)*"c": ?"{codec}"')
            wav = self.folder / (name + ".wav")
            subprocess.run(["janus-pp-rec", self.folder / name, wav], check=True, capture_output=True, timeout=20)
            samples, = channels(wav)
            self.assertAlmostEqual(len(samples) / RATE, done["length"] / 1000, delta=0.03)
            sound = Sound(samples[RATE // 2:-RATE // 2], RATE)
            self.assertAlmostEqual(sound.frequency, hertz, delta=3)
            self.assertGreater(sound.purity, 0.97)
            pcap = self.folder / (name + ".pcap")
            subprocess.run(["mjr2pcap", self.folder / name, pcap], check=True, capture_output=True, timeout=20)
            self.assertGreater(pcap.stat().st_size, 100 * 200)

    async def test_mjr_of_each_side(self):
        await self.mjr("pcmu")

    async def test_mjr_in_a_law(self):
        await self.mjr("pcma")

    async def test_pause_leaves_it_out(self):
        page, call, _ = await self.call_with_tones()
        name, = (await self.record(page, format="wav"))["files"]
        await self.stretch(1)
        self.assertEqual((await self.record(page, "pause"))["state"], "paused")
        await self.sim.post(f"/calls/{call}/play", {"play": f"tone:{MOVED}:-10"})  # a secret
        await page.hears(MOVED)
        await self.sim.post(f"/calls/{call}/play", {"play": f"tone:{FAR}:-10"})
        await page.hears(FAR)
        self.assertEqual((await self.record(page, "resume"))["state"], "recording")
        await self.stretch(1)
        await self.record(page, "stop")
        await self.complete(page)
        agent, far = channels(self.folder / name)
        self.assertNotIn(MOVED, tones(far))
        self.assertEqual(order(tones(agent)), [AGENT])
        self.assertEqual(order(tones(far)), [FAR])

    async def test_goes_on_without_its_page(self):
        page, _, call_id = await self.call_with_tones()
        name, = (await self.record(page, format="wav"))["files"]
        await page.cut_web_socket()
        back = await self.sign_in(frequency=AGENT)
        call, = back.signed_in["calls"]
        self.assertEqual((call["call_id"], call["recording"]), (call_id, "on"))
        await back.hears(FAR)
        await self.stretch(1)
        await self.record(back, "stop")
        done = await self.complete(back)
        self.assertEqual(done["files"], [name])
        self.assertEqual(tones(channels(self.folder / name)[1])[-5:], [FAR] * 5)

    async def test_refusals(self):
        page, _, _ = await self.call_with_tones()
        with self.assertRefused(451, "recording_failed"):
            await page.request({"request": "recording", "action": "start"})
        with self.assertRefused(444, "invalid_field", "filename"):
            await self.record(page, filename="..")
        with self.assertRefused(451, "recording_failed"):
            await self.record(page, "stop")
        await self.record(page)
        with self.assertRefused(451, "recording_failed"):
            await self.record(page)

    async def test_a_file_that_cannot_be_written_is_told(self):
        page, call, _ = await self.call_with_tones()
        moved = self.folder.with_name("elsewhere")
        self.folder.rename(moved)
        try:
            await self.record(page)
            done = await self.complete(page)
        finally:
            moved.rename(self.folder)
        self.assertEqual(done["state"], "failed")
        self.assertIn("No such file", done["reason"])
        await self.both_ways(page, call, far=FAR, near=AGENT)  # the call goes on


class NotConfigured(StackCase):
    async def test_is_off_by_default(self):
        page = await self.sign_in()
        await self.answered_call(page)
        with self.assertRefused(451, "recording_failed"):
            await page.request({"request": "recording", "action": "start", "audio": True})
