"""Agents at work for SOAK_MINUTES (5; scripts/soak hours: as long as asked): every kind of call in turn, and
faults in between, as a day brings them. What grows with time is told as a slope per hour; what is left over
at the end is none."""

import asyncio
import contextlib
import os
import random
import time

import numpy

from janus_client import RequestRefused
from test_mixed_calls import LOSS, Agent, LeftOvers, nft
from genesys_stack import proc  # found by way of stack_case

MINUTES = float(os.environ.get("SOAK_MINUTES", "5"))
SAMPLE = 5             # s
FAULT_EVERY = 20       # s
FAULT_LASTS = 4        # s
FORGETS = 90           # s until Janus has forgotten a page that went
# The first part of the time fills caches, pools and the allocator's arenas.
WARM_UP = 1 / 3
PACE = 0.25            # s between the scenarios of an agent
# Of each scenario and the call before it, judged from half an hour on. Where a BYE crosses a re-INVITE of ours,
# as in two of the twelve, sofia-sip 1.12.11 forgets one message, some 3 KiB; it keeps every transaction for 32 s,
# so memory follows the rate of calls, and the allocator does not give all of it back.
MOST_KIB = 10


class Soak(LeftOvers):
    dns = "7000-7003"

    async def test_nothing_grows(self):
        dns = ("7000", "7001", "7002")
        agents = [Agent(await self.sign_in(dn), dn, self) for dn in dns]
        janus = self.stack.child("janus").pid()
        for agent in agents:
            await self.tones(agent)
        # The first PeerConnection that closes brings Janus a thread and its eventfd for good.
        await self.page_reloads()
        before = await self.settled(janus)
        self.samples, self.answer_times, self.faults = [], [], []
        end = time.monotonic() + MINUTES * 60
        await asyncio.gather(self.sample(janus, end), self.trouble(end),
                             *(self.work(agent, end, seed) for seed, agent in enumerate(agents)))
        await self.all_ended(70)
        played = sum(agent.played for agent in agents)
        failed = [failure for agent in agents for failure in agent.failed]
        slopes = self.slopes()
        kib = slopes["resident MiB"] * 1024 * MINUTES / 60 / played
        print(f"\n{MINUTES:g} min, {played} scenarios, {len(failed)} with a step that failed, "
              f"faults: {', '.join(self.faults)}", *(f"  {what}: {slope:+.2f} per hour" for what, slope in slopes.items()),
              f"  resident KiB per scenario: {kib:.2f}",
              f"  INVITE to the page: median {numpy.median(self.answer_times):.1f} ms, "
              f"p99 {numpy.percentile(self.answer_times, 99):.1f} ms", sep="\n")
        self.assertGreater(played, MINUTES * 5)
        self.assertLess(len(failed), max(3, played // 5))
        await self.back_to(janus, before)
        if MINUTES >= 30:
            self.assertLess(kib, MOST_KIB)
        for agent in agents:
            await self.tones(agent)

    async def back_to(self, janus, before):
        """Nothing more than before; ICE may have closed what it did not choose in the meantime."""
        now = {}

        async def as_before():
            now.update(await self.settled(janus))
            return (now["descriptors"] <= before["descriptors"] and set(now["udp ports"]) <= set(before["udp ports"])
                    and all(now[what] == before[what] for what in ("registered", "calls", "stand-in's ports")))
        try:
            await self.eventually(as_before, f"all is as before: {before}", FORGETS)
        except AssertionError as failure:
            raise AssertionError(f"{failure}; now {now}") from None

    async def work(self, agent, end, seed):
        dice = random.Random(seed)
        agent.played = 0
        while time.monotonic() < end:
            await self.ring_time(agent)
            await agent.play(dice.choice(Agent.SCENARIOS))
            agent.played += 1
            await asyncio.sleep(PACE)

    async def ring_time(self, agent):
        begun = time.monotonic()
        with contextlib.suppress(AssertionError, asyncio.TimeoutError, RequestRefused):
            call, call_id = await agent.ring()
            self.answer_times.append((time.monotonic() - begun) * 1000)
            await agent.drop(call, call_id)
        await agent.end_all()

    async def sample(self, janus, end):
        begun = time.monotonic()
        while (now := time.monotonic()) < end:
            cost = proc.cost(janus)
            self.samples.append((now - begun, cost.resident_mib, cost.descriptors, cost.threads,
                                 (await self.sim.get("/status"))["rtp_ports_in_use"]))
            await asyncio.sleep(SAMPLE)

    async def trouble(self, end):
        dice = random.Random(11)
        kinds = [self.lossy_network, self.deaf_server, self.page_reloads]
        while time.monotonic() + FAULT_EVERY < end:
            await asyncio.sleep(FAULT_EVERY)
            kind = dice.choice(kinds)
            self.faults.append(kind.__name__)
            await kind()

    async def lossy_network(self):
        nft("-f", "-", text=LOSS)
        await asyncio.sleep(FAULT_LASTS)
        nft("delete", "table", "inet", "lossy")

    async def deaf_server(self):
        """REGISTER gets no answer for a while: the DNs stay in service or come back."""
        await self.sim.post("/fail", {"register": "silent"})
        await asyncio.sleep(FAULT_LASTS)
        await self.sim.post("/fail", {"register": "silent", "count": 0})

    async def page_reloads(self):
        """A page of its own comes, takes a call, and goes without a word."""
        page = await self.sign_in("7003")
        agent = Agent(page, "7003", self)
        with contextlib.suppress(AssertionError, asyncio.TimeoutError, RequestRefused):
            call, _ = await agent.answered()
            await self.sim.hang_up(call)
        await page.leave()

    def slopes(self):
        """Of the samples after the warm-up, by least squares."""
        table = numpy.array(self.samples)
        table = table[table[:, 0] >= table[-1, 0] * WARM_UP]
        names = ("resident MiB", "descriptors", "threads", "stand-in's ports")
        return {name: numpy.polyfit(table[:, 0], table[:, n], 1)[0] * 3600 for n, name in enumerate(names, 1)}
