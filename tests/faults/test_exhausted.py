"""What a machine can run out of: descriptors, and disk for recordings. The call in progress goes on, a new one is
refused in words, and when there is room again all is as before."""

import asyncio
import contextlib
import os
import pathlib
import resource
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from stack_case import StackCase  # noqa: E402


class Descriptors(StackCase):
    def used(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def limit(self, count):
        _, hard = resource.prlimit(self.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(self.pid, resource.RLIMIT_NOFILE, (count, hard))

    async def test_none_left(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)
        free = next(self.free_dns)
        idle = await self.sign_in(free, frequency=900)
        self.pid = self.stack.child("janus").pid()
        before, _ = resource.prlimit(self.pid, resource.RLIMIT_NOFILE)
        self.addCleanup(self.limit, before)
        self.limit(self.used())
        refused = await self.sim.state(await self.sim.ring(free), "ended")
        self.assertEqual(refused["ended"]["status"], 503)
        with self.assertRefused(469, "no_media"):
            await idle.request({"request": "call", "uri": "9001"})
        page.ear.forget()
        media = await self.both_ways(page, call)
        self.assertEqual((media["ssrc_changes"], media["timestamp_jumps"]), (0, 0), media)
        self.assertIn("Too many open files", self.janus_log())
        self.limit(before)
        self.dn = free
        new, _ = await self.answered_call(idle)
        await self.both_ways(idle, new, near=900)
        await self.both_ways(page, call)


class SmallDisk:
    """A file system of a few kilobytes in a folder, gone with the class."""

    @staticmethod
    def mount(cls, folder, kilobytes):
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=0700", "tmpfs", folder], check=True)
        cls.addClassCleanup(subprocess.run, ["umount", "-l", folder], check=True)

    @staticmethod
    def fill(folder):
        """To the last octet."""
        with contextlib.suppress(OSError), open(folder / "ballast", "wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        assert os.statvfs(folder).f_bavail == 0


class RecordingDisk(StackCase):
    """A call is recorded until there is no room; its audio never notices."""

    @classmethod
    def make_settings(cls, directory):
        cls.folder = directory / "recordings"
        SmallDisk.mount(cls, cls.folder, 1024)
        cls.sections = f'\nrecording: {{ folder = "{cls.folder}"; min_free_mb = 0 }}\n'
        return super().make_settings(directory)

    async def test_full_in_mid_call(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)
        await page.request({"request": "recording", "action": "start", "audio": True, "peer_audio": True, "format": "wav"})
        await asyncio.to_thread(SmallDisk.fill, self.folder)
        while True:
            told, _ = await page.event("recordingupdated", 20)
            if told.get("state") not in ("on", "recording", None) or "reason" in told:
                break
        page.ear.forget()
        media = await self.both_ways(page, call)
        self.assertEqual((media["ssrc_changes"], media["timestamp_jumps"]), (0, 0), media)
        self.assertLess(media["longest_gap_ms"], 300, media)
        await page.request({"request": "hangup"})
        await page.event("hangup")
