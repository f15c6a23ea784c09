"""A gateway as a host runs it, as a user of its own without any capability, that is killed: it starts again
with every DN in service, and agents take calls."""

import pathlib
import time

from stack_case import StackCase

USER = "daemon"   # any that owns nothing
STARTS = 3        # s
REGISTERS = 8     # s
DNS = 500
BUSY = 3          # times that, on a machine that has other work


class Killed(StackCase):
    dns = f"20000-{20000 + DNS - 1}"
    settings = {"janus_user": USER}

    @classmethod
    def make_settings(cls, directory):
        directory.chmod(0o755)
        return super().make_settings(directory)

    async def granted(self):
        return (await self.sim.get("/status"))["registers"]["granted"]

    async def test_every_dn_is_back_in_time(self):
        await self.registered(DNS)
        before = await self.granted()
        self.kill("janus")
        begun = time.monotonic()
        self.stack.start_again("janus")
        started = time.monotonic() - begun
        await self.registered(DNS, before)
        registered = time.monotonic() - begun
        print(f"\nup after {started:.2f} s, {DNS} DNs in service after {registered:.2f} s")
        self.assertLess(started, BUSY * STARTS)
        self.assertLess(registered, BUSY * REGISTERS)
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)

    async def registered(self, count, before=0):
        async def all_are():
            return await self.granted() >= before + count
        await self.eventually(all_are, f"{count} DNs registered anew", 2 * BUSY * REGISTERS)

    async def test_it_runs_without_privileges(self):
        status = pathlib.Path(f"/proc/{self.stack.child('janus').pid()}/status").read_text()
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        self.assertNotIn("0", fields["Uid"].split())
        self.assertEqual({int(fields[kind], 16) for kind in ("CapEff", "CapPrm", "CapBnd", "CapAmb")}, {0})
        self.assertEqual(fields["NoNewPrivs"], "1")
