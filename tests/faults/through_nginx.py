"""Pages that reach Janus by way of nginx, and what becomes of them while its processes come and go."""

import asyncio
import json
import os
import pathlib
import signal
import ssl
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from page import Page  # noqa: E402
from stack_case import ADDRESS, StackCase  # noqa: E402

HOST = "phone.test"


def children(pid):
    return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Session:
    """html/lib's session in a process of its own, with the events that it has told and when."""

    def __init__(self, process):
        self.process = process
        self.told = []  # (time.monotonic(), event)
        self.reading = asyncio.create_task(self.read())

    async def read(self):
        async for line in self.process.stdout:
            self.told.append((time.monotonic(), json.loads(line)))

    def events(self):
        return [event["event"] for _, event in self.told]

    def when(self, name, after=0.0):
        """time.monotonic() of the first such event after that time, or None."""
        return next((at for at, event in self.told if event["event"] == name and at > after), None)

    def ids(self):
        return {event["id"] for _, event in self.told if event["event"] != "reconnecting"}

    async def end(self):
        self.process.stdin.close()
        try:
            await asyncio.wait_for(self.process.wait(), 5)
        except asyncio.TimeoutError:
            self.process.kill()
            await self.process.wait()
        self.reading.cancel()


class ThroughNginx(StackCase):
    only = ("sim", "janus", "guard", "nginx")
    settings = {"host": HOST}

    @property
    def url(self):
        return f"wss://{ADDRESS}:{self.stack.settings.ports.https}/janus-ws?dn={self.dn}"

    def make_page(self, **audio):
        page = Page(self.url, **audio)
        page.connecting = {"ssl": ssl.create_default_context(cafile=str(self.authority)),
                           "server_hostname": HOST, "origin": self.stack.settings.origin}
        return page

    async def open_page(self, **audio):
        page = self.make_page(**audio)
        await page.__aenter__()
        self.addAsyncCleanup(page.leave)
        return page

    @property
    def authority(self):
        return self.stack.settings.secrets / "ca.crt"

    async def open_session(self):
        options = {"url": self.url, "host": HOST, "origin": self.stack.settings.origin,
                   "authority": self.authority.read_text()}
        session = Session(await asyncio.create_subprocess_exec(
            "node", str(pathlib.Path(__file__).with_name("session.mjs")), json.dumps(options),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE))
        self.addAsyncCleanup(session.end)
        await self.eventually(lambda: session.when("connected"), "the session", 10)
        return session

    def kill(self, name):
        """-9 for the process of the stack and all that it has started, at once."""
        pid = self.stack.child(name).pid()
        for one in (pid, *children(pid)):
            os.kill(one, signal.SIGKILL)
        self.stack.child(name).process.wait()

    def restart(self, name):
        """As a service manager would; time.monotonic() when it is ready."""
        self.stack.start_again(name)
        return time.monotonic()

    async def unbroken(self, page, call, since):
        """Both ways the tones that they were; the far end has missed no packet since `since` (of `media`)."""
        media = await self.both_ways(page, call)
        self.assertEqual((media["ssrc_changes"], media["timestamp_jumps"], media["lost"]),
                         (since["ssrc_changes"], since["timestamp_jumps"], since["lost"]), media)
        self.assertLess(media["longest_gap_ms"], 300, media)
