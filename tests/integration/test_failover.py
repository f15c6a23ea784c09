"""Several SIP Servers: the primary dies in mid-call, and comes back."""

import os
import signal
import subprocess
import time

from sim_client import SimClient
from stack_case import StackCase

BACKUP_SIP, BACKUP_HTTP = 5180, 8185


class Failover(StackCase):
    dns = "7000-7099"
    settings = {"register_when": "always"}
    options = {"sip_server": f'  backups = ["127.0.0.1:{BACKUP_SIP}"]\n  probe_interval_ms = 2000'}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        settings = cls.stack.settings
        cls.backup_process = subprocess.Popen(
            [settings.sim, "--listen", f"127.0.0.1:{BACKUP_SIP}", "--http", f"127.0.0.1:{BACKUP_HTTP}",
             "--dn", cls.dns, "--rtp-ports", "20000-21999", "--quiet"], stdout=subprocess.PIPE)
        cls.addClassCleanup(cls.end, cls.backup_process)
        if cls.backup_process.stdout.readline() != b"ready\n":
            raise AssertionError("the backup did not start")
        cls.backup = SimClient(f"http://127.0.0.1:{BACKUP_HTTP}", None)

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()

    async def registered_at(self, sim, seconds):
        """How long it took until every DN was registered there."""
        begun = time.monotonic()

        async def all_there():
            return len(await sim.get("/registrations")) == 100
        await self.eventually(all_there, "every DN registered", seconds)
        return time.monotonic() - begun

    def primary(self):
        """The stand-in of the stack, by its control port's owner in this namespace."""
        for pid in subprocess.run(["ip", "netns", "pids", self.stack.settings.netns], check=True,
                                  capture_output=True, text=True).stdout.split():
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                command = file.read().split(b"\0")
            if command[0].endswith(b"genesys-sim") and f"127.0.0.1:{self.stack.settings.ports.sim_sip}".encode() in command:
                return int(pid)
        return self.fail("the stand-in does not run")

    async def conversation(self):
        """Two agents, connected by the primary; their audio goes from the one to the other."""
        caller = await self.sign_in(frequency=700)
        called_dn = next(self.free_dns)
        called = await self.sign_in(called_dn, frequency=500)
        await caller.request({"request": "call", "uri": called_dn})
        incoming, _ = await called.event("incomingcall")
        await called.request({"request": "accept", "call_id": incoming["call_id"]})
        for page in (caller, called):
            await page.event("accepted")
        await self.hear_each_other(caller, called)
        return caller, called

    async def hear_each_other(self, caller, called):
        for page, hertz in ((caller, 500), (called, 700)):
            page.ear.forget()
            await page.hears(hertz)

    async def test_primary_falls_silent_and_returns(self):
        await self.registered_at(self.sim, 10)
        self.assertEqual(await self.backup.get("/registrations"), {})
        caller, called = await self.conversation()
        pid = self.primary()
        os.kill(pid, signal.SIGSTOP)  # silent, as a host that is gone: nothing is refused
        try:
            took = await self.registered_at(self.backup, 10)
            print(f"100 DNs in service at the backup {took:.1f} s after the primary fell silent")
            self.assertEqual((await self.plugin_admin(request="status"))["server"], f"127.0.0.1:{BACKUP_SIP}")
            await self.hear_each_other(caller, called)
            # A new call comes by the backup.
            page = await self.sign_in(next(self.free_dns))
            call = await self.backup.ring(page.signed_in["username"], play="tone:880:-10")
            await page.event("incomingcall")
            await page.request({"request": "accept"})
            await page.event("accepted")
            await page.hears(880, -10)
            await self.backup.hears(call, 700, -13)
            await self.backup.hang_up(call)
            await page.event("hangup")
        finally:
            os.kill(pid, signal.SIGCONT)

        async def back():
            status = await self.plugin_admin(request="status")
            return status["server"] == f"127.0.0.1:{self.stack.settings.ports.sim_sip}"
        await self.eventually(back, "the return to the primary", 12)
        await self.registered_at(self.sim, 10)
        await self.hear_each_other(caller, called)
        await caller.request({"request": "hangup"})
        await called.event("hangup")

        async def none_left():
            return (await self.plugin_admin(request="status"))["calls"] == 0
        await self.eventually(none_left, "no call left", 10)
