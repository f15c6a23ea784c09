"""The wall clock of the gateway steps, as by NTP or by hand: no timer goes by it."""

import glob
import os
import unittest

from through_nginx import StackCase

FAKETIME, = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
HOUR = 3600  # s
PROBE = 1  # s between OPTIONS to the server in use, of which there have to be several


class Clock(StackCase):
    options = {"sip_server": f'  backups = ["127.0.0.9:5080"]\n  probe_interval_ms = {PROBE * 1000}'}

    @classmethod
    def make_settings(cls, directory):
        cls.clock = directory / "clock"
        cls.step(0)
        cls.settings = {"janus_environment": (f"LD_PRELOAD={FAKETIME}", f"FAKETIME_TIMESTAMP_FILE={cls.clock}",
                                              "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1")}
        return super().make_settings(directory)

    @classmethod
    def step(cls, seconds):
        """So far from the true time is the wall clock of Janus from now on."""
        draft = cls.clock.with_suffix(".new")
        draft.write_text(f"{seconds:+d}s\n")
        os.replace(draft, cls.clock)

    def asked(self):
        """OPTIONS that SIP Server has had so far."""
        return sum(message.direction == "received" and message.start.startswith("OPTIONS")
                   for message in self.sim.trace())

    async def goes_on(self, seconds):
        """A call in progress, one that rings, and everything that comes later, over a step of the clock."""
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        media = await self.both_ways(page, call)
        second_dn = next(self.free_dns)
        second = await self.sign_in(second_dn, frequency=900)
        ringing = await self.sim.ring(second_dn)
        await second.event("incomingcall")
        self.step(seconds)
        before = self.asked()
        await self.eventually(lambda: self.asked() > before + 2, "OPTIONS go on", 10 * PROBE)
        self.assertLess(self.asked(), before + 8, "and no faster")
        await second.request({"request": "accept"})
        await second.event("accepted")
        second.ear.forget()
        await self.both_ways(second, ringing, near=900)
        after = await self.both_ways(page, call)
        self.assertEqual((after["ssrc_changes"], after["timestamp_jumps"]),
                         (media["ssrc_changes"], media["timestamp_jumps"]), after)
        self.assertLess(after["longest_gap_ms"], 300, after)
        for one in (page, second):
            await one.request({"request": "hangup"})
            await one.event("hangup")
        self.assertEqual((await self.plugin_admin(request="show_dn", dn=self.dn))["registration"], "registered")
        self.dn = next(self.free_dns)
        later = await self.sign_in()
        call, _ = await self.answered_call(later)
        await self.both_ways(later, call)

    async def test_an_hour_ahead(self):
        await self.goes_on(HOUR)

    async def test_an_hour_back(self):
        self.addCleanup(self.step, 0)
        await self.goes_on(-HOUR)


if __name__ == "__main__":
    unittest.main()
