"""sipp as SIP Server, so that the stand-in and the gateway do not merely agree with each other."""

import asyncio
import pathlib
import subprocess

from stack_case import StackCase

SCENARIOS = pathlib.Path(__file__).resolve().parent / "sipp"


class Sipp(StackCase):
    only = ("janus",)
    settings = {"register_when": "on_sign_in"}
    options = {"sip_server": "  transaction_timeout_ms = 2000"}

    async def start(self, scenario, *options):
        """sipp at SIP Server's address; it plays one call and exits."""
        settings = self.stack.settings
        process = subprocess.Popen(
            ["sipp", f"127.0.0.1:{settings.ports.sip}", "-sf", SCENARIOS / f"{scenario}.xml", "-s", self.dn,
             "-i", "127.0.0.1", "-p", str(settings.ports.sim_sip), "-mi", "127.0.0.1", "-mp", "26000",
             "-m", "1", "-nostdin", "-timeout", "20s", "-timeout_error", "-trace_err", "-error_file",
             self.directory / f"{scenario}.err", *options],
            cwd=self.directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: process.poll() is None and (process.kill(), process.wait()))
        listening = f":{settings.ports.sim_sip:04X} "
        await self.eventually(lambda: listening in pathlib.Path("/proc/thread-self/net/udp").read_text()
                              or process.poll() is not None, "sipp listens")
        return process

    async def finish(self, process, scenario, seconds=12):
        status = await asyncio.to_thread(process.wait, seconds)
        errors = self.directory / f"{scenario}.err"
        self.assertEqual(status, 0, errors.read_text() if errors.exists() else f"sipp {scenario} failed")

    async def play(self, scenario, *options):
        await self.finish(await self.start(scenario, *options), scenario)

    async def signed_in(self):
        """A page whose DN sipp has registered."""
        sipp = await self.start("register")
        page = await self.sign_in()
        await self.finish(sipp, "register")
        return page

    async def test_refresh_before_expiry(self):
        sipp = await self.start("refresh")
        page = await self.sign_in(audio=False)
        self.assertEqual((await self.query_session(page))["line"]["expires"], 4)
        await self.finish(sipp, "refresh")

        async def renewed():
            return (await self.query_session(page))["line"]["expires"] == 1800
        await self.eventually(renewed, "the new expiry")
        self.assertEqual(page.seen(), [])  # a refresh is no news

    async def test_options(self):
        await self.play("options")

    async def test_call_in(self):
        page = await self.signed_in()
        sipp = await self.start("call-in", "-rtp_echo")
        incoming, _ = await page.event("incomingcall")
        self.assertEqual(incoming["uuid"], "0BFQ7ABCDEFGH1JKLMN2OPQRST000001")
        await page.request({"request": "accept"})
        accepted, _ = await page.event("accepted")
        self.assertEqual(accepted["sip_codec"], "PCMU/8000")
        await page.hears(700, -13, seconds=2.3)  # echoed
        self.assertEqual("".join([(await page.event("dtmf"))[0]["digit"] for _ in "159#"]), "159#")
        hung_up, _ = await page.event("hangup")
        self.assertEqual(hung_up["reason_header"], 'SIP;cause=503;text="Trunk gone"')
        await self.finish(sipp, "call-in")
        self.assertNotIn("incomingcall", page.seen())  # the INVITE came twice
        self.assertNotIn("dtmf", page.seen())

    async def test_desktop_answer(self):
        page = await self.signed_in()
        sipp = await self.start("desktop", "-rtp_echo")
        await page.event("incomingcall")
        await page.event("accepted")
        await page.hears(700, -13)
        await page.request({"request": "hangup"})
        await page.event("hangup")
        await self.finish(sipp, "desktop")

    async def test_cancel_comes_too_late(self):
        page = await self.signed_in()
        sipp = await self.start("late-cancel")
        await page.event("incomingcall")
        await page.request({"request": "accept"})
        await page.event("accepted")
        hung_up, _ = await page.event("hangup")
        self.assertEqual(hung_up["code"], 200)
        await self.finish(sipp, "late-cancel")

    async def test_call_out(self):
        page = await self.signed_in()
        sipp = await self.start("call-out", "-rtp_echo")
        await page.request({"request": "call", "uri": "5550000"})
        await page.event("progress")
        await page.hears(700, -13, seconds=2)
        await page.event("ringing")
        await page.event("accepted")
        page.ear.forget()
        await page.hears(700, -13)
        await page.request({"request": "hangup"})
        await page.event("hangup")
        await self.finish(sipp, "call-out")

    async def test_answer_crosses_cancel(self):
        page = await self.signed_in()
        sipp = await self.start("answer-crosses-cancel")
        await page.request({"request": "call", "uri": "5550000"})
        await page.event("ringing")
        await page.request({"request": "hangup"})
        hung_up, _ = await page.event("hangup")
        self.assertEqual(hung_up["code"], 487)
        await self.finish(sipp, "answer-crosses-cancel")
        self.assertNotIn("accepted", page.seen())
