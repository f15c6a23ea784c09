"""unittest cases in which sipp is SIP Server."""

import asyncio
import itertools
import pathlib
import re
import socket
import subprocess
import time

from rtp_party import RtpParty
from sipp_flow import AT_CUE
from stack_case import StackCase

SCENARIOS = pathlib.Path(__file__).resolve().parent / "sipp"
SECOND = "127.0.0.2"  # a host of SIP Server or of the media server beside 127.0.0.1
CUES = itertools.count(1)


class SippCall:
    """A sipp that plays one flow."""

    def __init__(self, process, name, address, log):
        self.process, self.name, self._address, self.log = process, name, address, log
        self.call_id = f"{name}-1"  # of a call that sipp makes
        self._given = 0

    async def cue(self, seconds=20):
        """Lets the flow go on from the next cue(), once it is there: before, sipp would end it."""
        self._given += 1
        deadline = time.monotonic() + seconds
        while not (self.log.exists() and self.log.read_text().count(AT_CUE) >= self._given):
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError(f"the flow of {self.name} has not come to cue {self._given}")
            await asyncio.sleep(0.01)
        number = next(CUES)
        text = "\r\n".join([
            "PUBLISH sip:sipp SIP/2.0", f"Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKcue{number}",
            f"From: <sip:test@127.0.0.1>;tag=cue{number}", "To: <sip:sipp@127.0.0.1>",
            f"Call-ID: {self.call_id}", f"CSeq: {number} PUBLISH", "Content-Length: 0", "", ""])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as cues:
            cues.sendto(text.encode(), self._address)


class SippCase(StackCase):
    only = ("janus",)
    settings = {"register_when": "on_sign_in"}
    options = {"sip_server": f'  transaction_timeout_ms = 2000\n  trusted_peers = ["{SECOND}"]'}

    async def start(self, scenario, *options, host="127.0.0.1", directory=SCENARIOS, seconds=20):
        """sipp at SIP Server's port; it plays one call and exits."""
        settings = self.stack.settings
        process = subprocess.Popen(
            ["sipp", f"127.0.0.1:{settings.ports.sip}", "-sf", directory / f"{scenario}.xml", "-s", self.dn,
             "-i", host, "-p", str(settings.ports.sim_sip), "-mi", host, "-mp", "26000",
             "-m", "1", "-nostdin", "-timeout", f"{seconds}s", "-timeout_error", "-trace_err", "-error_file",
             self.directory / f"{scenario}.err", *options],
            cwd=self.directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: process.poll() is None and (process.kill(), process.wait()))
        await self.eventually(lambda: self.listens(host) or process.poll() is not None, "sipp listens")
        if process.poll():
            await self.finish(process, scenario)
        return process

    def listens(self, host):
        address = socket.inet_aton(host)[::-1].hex().upper()
        listening = f" {address}:{self.stack.settings.ports.sim_sip:04X} "
        return listening in pathlib.Path("/proc/thread-self/net/udp").read_text()

    async def finish(self, process, scenario, seconds=12):
        try:
            status = await asyncio.to_thread(process.wait, seconds)
        except subprocess.TimeoutExpired:
            status = "unknown, it still waits"
        errors = self.directory / f"{scenario}.err"
        self.assertEqual(status, 0, f"sipp {scenario}: {errors.read_text() if errors.exists() else 'no word'}")

    async def play(self, scenario, *options):
        await self.finish(await self.start(scenario, *options), scenario)

    async def signed_in(self):
        """A page whose DN sipp has registered."""
        sipp = await self.start("register")
        page = await self.sign_in()
        await self.finish(sipp, "register")
        return page

    # Flows.

    async def party(self, *arguments, **options):
        return await RtpParty(*arguments, **options).open(self)

    async def run_flow(self, flow, host="127.0.0.1"):
        """sipp begins to play `flow`. Two may run at once, at different hosts."""
        name = f"{self._testMethodName}-{host.rpartition('.')[2]}"
        flow.write(self.directory / f"{name}.xml")
        for left in ("err", "log"):
            (self.directory / f"{name}.{left}").unlink(missing_ok=True)
        process = await self.start(name, "-cid_str", f"{name}-%u", "-trace_logs", "-log_file",
                                   self.directory / f"{name}.log", host=host, directory=self.directory, seconds=90)
        return SippCall(process, name, (host, self.stack.settings.ports.sim_sip), self.directory / f"{name}.log")

    async def logged(self, call, pattern, seconds=5):
        """What a flow has logged, the pattern's first group of it."""
        return (await self.eventually(
            lambda: call.log.exists() and re.search(pattern, call.log.read_text()), pattern, seconds))[1]

    async def replaces(self, call):
        """A Replaces header's value for the dialog of a flow that logs its [$tag] (RFC 3891: the tags as
        the gateway sees them)."""
        tag = await self.logged(call, r";tag=(\S+)")
        return f"{call.call_id};to-tag={tag};from-tag={call.process.pid}f1"

    async def over(self, *calls):
        """Each sipp has come to the end of its flow, having seen what it wanted."""
        for call in calls:
            await self.finish(call.process, call.name)

    async def answer(self, page):
        """The agent answers in the page; the call's id."""
        incoming, _ = await page.event("incomingcall")
        await page.request({"request": "accept", "call_id": incoming["call_id"]})
        await page.event("accepted", call_id=incoming["call_id"])
        return incoming["call_id"]

    async def changed(self, page, **wanted):
        """The next call_changed whose call looks so."""
        while True:
            event, _ = await page.event("call_changed")
            if all(event["call"][name] == value for name, value in wanted.items()):
                return event["call"]

    async def talk(self, page, party):
        """Both hear the other's tone, at the level it was sent with."""
        page.ear.forget()
        await page.hears(party.frequency, party.level)
        await party.hears(700, -13)
