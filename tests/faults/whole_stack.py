"""Everything at once: agents in Chromium and without a browser, nginx, guards, two gateways, Kamailio, coturn and
the stand-in SIP Server. Two calls with tones both ways, one on each node, are listened to at all four ends."""

import asyncio
import os
import pathlib
import runpy
import sys
import time
import unittest

import websockets

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
import ssl  # noqa: E402

from kamailio_case import KamailioCase  # noqa: E402
from losses import CallLoss, Loss, longest_outage, sound_in  # noqa: E402
from node_program import NodeProgram  # noqa: E402
from stack_case import ADDRESS, ROOT  # noqa: E402

HOST = "phone.test"
AGENT_TONE, CALLER_TONE = 700, 1130  # Hz: neither is a harmonic of the other
LEVEL = -15                          # dBFS, of both
RESTART = 1.0                        # s: RestartSec in conf/systemd
IDLE = 6                             # agents of each node besides the one in a call
CHROMIUM = "/usr/bin/chromium"


def now():
    """ms since 1970, as browsers count."""
    return time.time() * 1000


class WholeStack(KamailioCase):
    """Node "A" is the first, "B" the second. `self.talking` has the DN in a call of each, `self.idle` the others."""

    dns = "1001-1060"
    only = ("sim", "janus", "guard", "coturn", "nginx")
    settings = {"node_count": 2, "kamailio_count": 1, "register_when": "on_sign_in", "sign_in": "token",
                "host": HOST}
    node_numbers = {"A": 1, "B": 2}

    @classmethod
    def setUpClass(cls):
        if not os.path.exists(CHROMIUM):
            raise unittest.SkipTest(f"{CHROMIUM} is missing, so no browser can be an agent's: scripts/setup browser")
        super().setUpClass()

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.calls, self.windows = {}, []
        secrets = self.stack.settings.secrets
        self.place = {"origin": self.stack.settings.origin, "host": HOST, "address": ADDRESS}
        self.tokens = self.make_tokens()
        await self.choose_dns()
        self.agents = await self.node_program("agents.mjs")
        self.desks = await self.node_program("desks.mjs")
        await self.desks.ask(command="start", **self.place, directory=str(self.directory), tone=AGENT_TONE,
                             level=LEVEL, authority=str(secrets / "ca.crt"))
        await self.agents.ask(**self.place, url=self.url, authority=(secrets / "ca.crt").read_text(), agents=[
            {"dn": dn, "token": self.token(dn)} for dns in self.idle.values() for dn in dns])
        # The agent of A reaches nothing but the TURN port; that of B the gateway itself.
        self.paths = {node: await self.desks.ask(command="open", dn=dn, token=self.token(dn),
                                                 relayOnly="udp" if node == "A" else "")
                      for node, dn in self.talking.items()}

    async def node_program(self, name):
        program = await NodeProgram.start(name)
        self.addAsyncCleanup(program.end)
        return program

    # Who is where.

    @property
    def url(self):
        return f"wss://{ADDRESS}:{self.stack.settings.ports.https}/janus-ws"

    def token(self, dn):
        return self.tokens[dn]

    def make_tokens(self):
        """{DN: a token for its agent}; one run of the command for each would take its time."""
        sign = runpy.run_path(str(ROOT / "scripts" / "token"))["sign"]
        key, second = self.stack.settings.secret("jwt.key").encode(), int(time.time())
        claims = {"aud": "janus-genesys", "iat": second, "exp": second + 600}
        return {dn: sign({"sub": f"agent-{dn}", "dn": dn, **claims}, key) for dn in self.all_dns()}

    async def choose_dns(self):
        """nginx decides by the DN; its cookie says how."""
        found = {node: [] for node in self.node_numbers}
        context = ssl.create_default_context(cafile=str(self.stack.settings.secrets / "ca.crt"))
        for dn in self.free_dns:
            async with websockets.connect(
                    f"{self.url}?dn={dn}", ssl=context, server_hostname=HOST, origin=self.place["origin"],
                    subprotocols=["janus-protocol", f"bearer.{self.token(dn)}"]) as opened:
                cookie = opened.response_headers["Set-Cookie"].split(";")[0]
            found["AB"[int(cookie[-1]) - 1]].append(dn)
            if min(map(len, found.values())) > IDLE:
                break
        self.talking = {node: dns[0] for node, dns in found.items()}
        self.idle = {node: dns[1:IDLE + 1] for node, dns in found.items()}

    # The calls.

    async def begin_call(self, node):
        dn, path = self.talking[node], self.directory / f"caller-{node}-{now():.0f}.wav"
        before = now()
        call = await self.sim.ring(dn, play=f"tone:{CALLER_TONE}:{LEVEL}", record=str(path))
        self.calls[node] = (call, (before + now()) / 2, path)
        await self.desks.ask(command="answer", dn=dn)

    async def sounds(self, node):
        """Whether both ends of the node's call hear the other's tone, for half a second at least."""
        call, _, _ = self.calls[node]
        media = (await self.sim.call(call))["media"]
        heard = await self.heard_at_page(node)
        return (media["frequency_hz"] and abs(media["frequency_hz"] - AGENT_TONE) < 5
                and media["last_packet_ms_ago"] < 100
                and heard and heard[-1][1] - heard[-1][0] > 500 and now() - heard[-1][1] < 300)

    async def heard_at_page(self, node):
        return await self.desks.ask(command="heard", dn=self.talking[node])

    @staticmethod
    def heard_by_caller(call, ended):
        """Of a call that is over."""
        _, begun, path = call
        return sound_in(path, begun + ended["answered_ms"] + ended["media"]["first_rtp_in_ms"])

    # DNs.

    async def rings(self, dn, since):
        """s from `since` (ms) until a call that SIP Server has for the DN rings."""
        calls = []
        while now() - since < 30_000:
            calls.append(await self.sim.ring(dn))
            for _ in range(20):
                states = [(await self.sim.call(call))["state"] for call in calls]
                if "ringing" in states:
                    took = now() - since
                    for call in calls:
                        await self.hang_up_quietly(call)
                    return took / 1000
                if states[-1] == "ended":
                    break
                await asyncio.sleep(0.025)
            await asyncio.sleep(0.1)
        self.fail(f"no call reaches {dn} within 30 s")

    async def hang_up_quietly(self, call):
        if (await self.sim.call(call))["state"] != "ended":
            await self.sim.hang_up(call)

    async def states_since(self, since):
        """{DN: [(ms since `since`, state of its sign-in), …]} of all pages."""
        told = {}
        for news in self.agents.news:
            if "state" in news and news["at"] >= since:
                told.setdefault(news["dn"], []).append((news["at"] - since, news["state"]))
        for dn in self.talking.values():
            for entry in await self.desks.ask(command="diary", dn=dn):
                if entry["what"] == "state" and entry["at"] >= since:
                    told.setdefault(dn, []).append((entry["at"] - since, entry["value"]))
        return told

    async def all_in_service(self, since):
        return all(states[-1][1] == "in-service" for states in (await self.states_since(since)).values())

    # Something is killed.

    def killing(self, *names):
        return lambda: [self.kill(name) for name in names]

    def starting(self, *names):
        return lambda: [self.stack.start_again(name) for name in names]

    async def lose(self, part, kill, restart=None, costs=(), over=None):
        """The row of what was lost between the kill and the moment that all is well again, and `over`, without the
        calls of the nodes that it `costs`. `restart` comes a second after the kill, as from a service manager."""
        await self.all_sound(self.calls)
        before = {node: (await self.sim.call(self.calls[node][0]))["media"]["lost"] for node in self.calls}
        since = now()
        kill()
        ringing = {node: asyncio.create_task(self.rings(dns[0], since)) for node, dns in self.idle.items()}
        if restart:
            await asyncio.sleep(max(0, RESTART - (now() - since) / 1000))
            restart()
        row = Loss(part, {}, rings={node: await task for node, task in ringing.items()})

        if over:
            await self.eventually(over, f"{part}: over", 30)

        async def well():
            return await self.all_in_service(since)
        await self.eventually(well, f"{part}: pages are well again", 30)
        await self.all_sound(node for node in self.calls if node not in costs)
        await self.count(row, since, before)
        for node in costs:
            row.calls[node].over = not await self.sounds(node)
            del self.calls[node]
        return row

    async def all_sound(self, nodes):
        for node in nodes:
            await self.eventually(lambda: self.sounds(node), f"both ends of the call on {node} are heard", 30)

    async def count(self, row, since, before):
        states = await self.states_since(since)
        away = [told for told in states.values() if any(state != "in-service" for _, state in told)]
        row.pages_away = len(away)
        row.pages_back = max((told[-1][0] / 1000 for told in away), default=None)
        for node, lost in before.items():
            call = await self.sim.call(self.calls[node][0])
            row.calls[node] = CallLoss(packets=call["media"]["lost"] - lost, over=call["state"] == "ended")
            self.windows.append((row.calls[node], node, self.calls[node], since, now()))

    async def listen_back(self):
        """Ends the calls; then what was heard of them is told by the rows."""
        heard, by_caller = {node: await self.heard_at_page(node) for node in self.talking}, {}
        for loss, node, call, since, until in self.windows:
            if call not in by_caller:
                await self.hang_up_quietly(call[0])
                by_caller[call] = self.heard_by_caller(call, await self.sim.call(call[0]))
            loss.at_page = longest_outage(heard[node], since, until)
            loss.at_caller = longest_outage(by_caller[call], since, until)
