"""Two sites at once (Business Continuity): DNs are registered with both, are rung by either, and call by the
one that is in service."""

import os
import signal

from two_servers import SECOND_SIP, TwoServers


class TwoSites(TwoServers):
    dns = "7000-7019"

    @classmethod
    def make_template(cls, directory):
        template = super().make_template(directory)
        text = template.read_text()
        head = "\nsign_in: {\n"
        assert head in text
        template.write_text(text.replace(
            "sip_server: {\n", "sip_server: {\n  probe_interval_ms = 1000\n").replace(
            head, f'\nsecond_site: {{\n  host = "127.0.0.1"\n  port = {SECOND_SIP}\n}}\n{head}'))
        return template

    async def asyncSetUp(self):
        await super().asyncSetUp()
        await self.served_by(self.sim, 15)
        await self.served_by(self.second, 15)

    async def served_by(self, sim, seconds, dns=20):
        async def all_there():
            return len(await sim.get("/registrations")) == dns
        await self.eventually(all_there, "every DN registered", seconds)

    async def sites(self):
        return (await self.plugin_admin(request="show_dn", dn=self.dn))["sites"]

    async def takes(self, page, sim, frequency):
        """A call of that site that the agent answers; both hear each other."""
        call = await sim.ring(self.dn, play=f"tone:{frequency}:-10")
        incoming, _ = await page.event("incomingcall")
        await page.request({"request": "accept", "call_id": incoming["call_id"]})
        await page.event("accepted")
        await page.hears(frequency, -10)
        await sim.hears(call, 700, -13)
        await sim.hang_up(call)
        await page.event("hangup")

    async def calls(self, page, sim):
        """The agent's call goes by that site."""
        await page.request({"request": "call", "uri": "9004"})
        call = await sim.call_of(self.dn, "9004")
        await page.event("accepted")
        await page.hears(440)
        await page.request({"request": "hangup"})
        await page.event("hangup")
        return call

    async def test_calls_come_from_either_and_go_by_the_first(self):
        page = await self.sign_in()
        self.assertEqual(await self.sites(), ["registered", "registered"])
        await self.takes(page, self.sim, 440)
        await self.takes(page, self.second, 880)
        await self.calls(page, self.sim)
        self.assertEqual([call for call in await self.second.get("/calls") if call["from"] == self.dn], [])

    async def test_a_caller_rings_once(self):
        page = await self.sign_in()
        first = await self.sim.ring(self.dn)
        await page.event("incomingcall")
        again = await self.second.ring(self.dn)
        ended = await self.second.state(again, "ended")
        self.assertEqual(ended["ended"]["status"], 486)
        self.assertEqual((await self.sim.call(first))["state"], "ringing")
        await page.request({"request": "decline"})
        await self.sim.state(first, "ended")

    async def test_a_site_that_shuts_down_hands_the_call_to_its_peer(self):
        page = await self.sign_in()
        await self.sim.post("/fail", {"invite": 603})
        try:
            await self.calls(page, self.second)
        finally:
            await self.sim.post("/fail", {"invite": 603, "count": 0})
        await self.calls(page, self.sim)

    async def test_a_silent_site_takes_no_dn_out_of_service(self):
        page = await self.sign_in()
        talking = await self.sim.ring(self.dn, play="tone:440:-10")
        await page.event("incomingcall")
        await page.request({"request": "accept"})
        await page.event("accepted")
        pid = self.primary()
        os.kill(pid, signal.SIGSTOP)
        try:
            async def only_second():
                return (await self.sites()) == ["failed", "registered"]
            await self.eventually(only_second, "the first site given up", 15)
            status = await self.plugin_admin(request="status")
            self.assertEqual(status["registered"], 20)
            other = await self.sign_in(next(self.free_dns))
            await other.request({"request": "call", "uri": "9004"})
            await other.event("accepted")
            await other.hears(440)
            self.assertTrue(await self.second.call_of(other.signed_in["username"], "9004"))
            await other.request({"request": "hangup"})
            await other.event("hangup")
        finally:
            os.kill(pid, signal.SIGCONT)

        async def both():
            return (await self.sites()) == ["registered", "registered"]
        await self.eventually(both, "the first site in service again", 12)
        await page.hears(440, -10)  # the call has outlived it
        await self.sim.hang_up(talking)
        await page.event("hangup")
        await self.calls(page, self.sim)
