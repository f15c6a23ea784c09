"""Several SIP Servers: the primary dies in mid-call, and comes back."""

import os
import signal
import time

from two_servers import SECOND_SIP, TwoServers


class Failover(TwoServers):
    options = {"sip_server": f'  backups = ["127.0.0.1:{SECOND_SIP}"]\n  probe_interval_ms = 2000'}

    async def registered_at(self, sim, seconds):
        """How long it took until every DN was registered there."""
        begun = time.monotonic()

        async def all_there():
            return len(await sim.get("/registrations")) == 100
        await self.eventually(all_there, "every DN registered", seconds)
        return time.monotonic() - begun

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
        self.assertEqual(await self.second.get("/registrations"), {})
        caller, called = await self.conversation()
        pid = self.primary()
        os.kill(pid, signal.SIGSTOP)  # silent, as a host that is gone: nothing is refused
        try:
            took = await self.registered_at(self.second, 10)
            print(f"100 DNs in service at the backup {took:.1f} s after the primary fell silent")
            self.assertEqual((await self.plugin_admin(request="status"))["server"], f"127.0.0.1:{SECOND_SIP}")
            await self.hear_each_other(caller, called)
            # A new call comes by the backup.
            page = await self.sign_in(next(self.free_dns))
            call = await self.second.ring(page.signed_in["username"], play="tone:880:-10")
            await page.event("incomingcall")
            await page.request({"request": "accept"})
            await page.event("accepted")
            await page.hears(880, -10)
            await self.second.hears(call, 700, -13)
            await self.second.hang_up(call)
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
