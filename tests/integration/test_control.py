"""What an operator does by genesysctl: looks, registers, ends calls, traces, drains."""

import asyncio

from control_case import ControlCase
from sim_client import Refused


class Looking(ControlCase):
    dns = "7000-7009"
    entries = ('number = "7103"', 'number = "7104"; register = "on_sign_in"',
               'number = "7105"; register = "never"')

    async def asyncSetUp(self):
        await super().asyncSetUp()
        await self.all_in_service_but_7104()

    async def all_in_service_but_7104(self):
        async def settled():
            status = await self.plugin_admin(request="status")
            return (status["registered"], status["failed"]) == (10, 1)
        await self.eventually(settled, "ten DNs in service, and one refused", 10)

    async def test_status(self):
        status = await self.ctl_json("status")
        self.assertEqual((status["dns"], status["registered"], status["failed"]), (13, 10, 1))
        self.assertTrue(status["server_answers"])
        text, _ = await self.ctl("status")
        self.assertRegex(text, r"DNs +13, 10 registered, 1 failed")
        self.assertRegex(text, r"SIP Server +127\.0\.0\.1:5080 \(answers\)")

    async def test_why_a_dn_is_not_in_service(self):
        text, _ = await self.ctl("dn", "show", "7000")
        self.assertRegex(text, "DN 7000 is in service: it is registered at SIP Server")
        for dn, cause, words in (("7103", "unknown_dn", "404 .*SIP Server does not know this DN"),
                                 ("7104", "no_agent", "no agent is signed in")):
            text, _ = await self.ctl("dn", "show", dn, status=1)
            self.assertRegex(text, f"DN {dn} is not in service: {words}")
            self.assertEqual((await self.ctl_json("dn", "show", dn, status=1))["cause"], cause)
        text, _ = await self.ctl("dn", "show", "7105")
        self.assertRegex(text, "in service: it never registers")
        out, err = await self.ctl("dn", "show", "9999", status=3)
        self.assertEqual(out, "")
        self.assertRegex(err, "DN 9999 is not in service: this gateway's configuration does not have it")
        self.assertEqual((await self.ctl_json("dn", "show", "9999", status=3))["error_name"], "unknown_dn")

    async def test_lists_of_dns(self):
        every = (await self.ctl_json("dn", "list"))["dns"]
        self.assertEqual(len(every), 13)
        out = (await self.ctl_json("dn", "list", "--out-of-service"))["dns"]
        self.assertEqual([dn["dn"] for dn in out], ["7103", "7104"])
        text, _ = await self.ctl("dn", "list")
        self.assertRegex(text, r"(?m)^7103 +failed +unknown_dn")

    async def test_calls(self):
        page = await self.sign_in()
        call, call_id = await self.answered_call(page)
        await self.both_ways(page, call)
        shown = await self.ctl_json("call", "show", call_id)
        self.assertEqual((shown["dn"], shown["state"]), (self.dn, "established"))
        self.assertGreater(shown["sip_media"]["received"]["packets"], 10)
        self.assertRegex((await self.ctl("call", "show", call_id))[0], rf"DN +{self.dn} \(in\)")
        self.assertRegex((await self.ctl("call", "list"))[0], rf"(?m)^{call_id} +{self.dn} +in +established")
        text, _ = await self.ctl("call", "hangup", call_id)
        self.assertRegex(text, f"Call {call_id} of DN {self.dn} .* is ended")
        hung_up, _ = await page.event("hangup")
        self.assertRegex(hung_up["reason"], "operator")
        await self.sim.state(call, "ended")
        self.assertEqual((await self.ctl_json("call", "list"))["calls"], [])
        _, err = await self.ctl("call", "show", call_id, status=3)
        self.assertRegex(err, "there is no call")

    async def test_unregister_and_register(self):
        page = await self.sign_in()
        text, _ = await self.ctl("dn", "unregister", self.dn)
        self.assertRegex(text, f"DN {self.dn} is not in service")
        failed, _ = await page.event("registration_failed")
        self.assertRegex(failed["reason"], "operator")

        async def gone():
            return await self.binding() is None
        await self.eventually(gone, "the binding is removed")
        text, _ = await self.ctl("dn", "show", self.dn, status=1)
        self.assertRegex(text, "an operator has unregistered it")
        with self.assertRefused(468, "not_in_service"):
            await page.request({"request": "call", "uri": "9004"})
        await self.ctl("dn", "register", self.dn)
        await page.event("registered")
        await self.eventually(self.binding, "the binding is back")
        _, err = await self.ctl("dn", "register", "7105", status=3)
        self.assertRegex(err, "never registers")

    async def test_trace(self):
        page = await self.sign_in()
        other = next(self.free_dns)
        traces = await self.ctl_json("trace", self.dn, "on", "--minutes", "5")
        self.assertEqual([trace["dn"] for trace in traces["traces"]], [self.dn])
        quiet = await self.sign_in(other, audio=False)
        await self.sim.ring(other)
        await quiet.event("incomingcall")
        await quiet.request({"request": "decline"})
        call, _ = await self.answered_call(page, headers={"X-Demo-Token": "very secret"})
        await self.sim.hang_up(call)
        await page.event("hangup")
        traced = await self.eventually(self.traced_bye, "the BYE's answer in the log")
        for piece in ("received from udp/[127.0.0.1]:5080", f"| INVITE sip:{self.dn}@127.0.0.1",
                      "sent to udp/[127.0.0.1]:5080", "| SIP/2.0 180 Ringing", "| SIP/2.0 200 OK", "| v=0",
                      "| ACK ", "| BYE ", "X-Demo-Token: (removed)"):
            self.assertIn(piece, traced)
        self.assertNotIn("very secret", traced)
        self.assertNotIn(f"trace {other}", self.janus_log())
        self.assertEqual((await self.ctl_json("trace", self.dn, "off"))["traces"], [])
        before = self.janus_log().count("] trace ")
        self.assertRegex((await self.ctl("trace"))[0], "No DN is traced")
        call, _ = await self.answered_call(page)
        self.assertEqual(self.janus_log().count("] trace "), before)

    def traced_bye(self):
        lines = [line for line in self.janus_log().splitlines() if f"trace {self.dn}" in line]
        after_bye = "\n".join(lines).partition("| BYE ")[2]
        return "\n".join(lines) if "SIP/2.0 200" in after_bye else ""

    async def test_what_genesysctl_says_when_it_cannot_ask(self):
        _, err = await self.ctl("status", "--url", "http://127.0.0.1:9/admin", status=3)
        self.assertRegex(err, "http://127.0.0.1:9/admin does not answer: ")
        _, err = await self.ctl("status", "--secret-file", "/nonexistent/secret", status=3)
        self.assertRegex(err, "/nonexistent/secret: No such file")
        wrong = self.directory / "wrong.secret"
        wrong.write_text("not it")
        _, err = await self.ctl("status", "--secret-file", str(wrong), status=3)
        self.assertRegex(err, "Janus refuses: ")
        _, err = await self.ctl("reboot", status=2)
        self.assertRegex(err, "invalid choice")

    async def test_selftest(self):
        found = await self.ctl_json("selftest", status=1)
        checks = {check["name"]: check for check in found["checks"]}
        self.assertFalse(found["ok"])
        self.assertEqual([name for name, check in checks.items() if not check["ok"]], ["DNs"])
        self.assertRegex(checks["DNs"]["found"], "1 of 13 not in service; the first: DN 7103 ")
        self.assertRegex(checks["plugin"]["found"], "version")
        self.assertRegex((await self.ctl("selftest", status=1))[0], r"(?m)^DNs +FAILED")
        await self.ctl("dn", "unregister", "7103")
        self.assertTrue((await self.ctl_json("selftest"))["ok"])
        await self.ctl("dn", "register", "7103")
        secret = self.stack.settings.secrets / "jwt.key"
        secret.chmod(0o644)
        self.addCleanup(secret.chmod, 0o600)
        self.assertRegex((await self.ctl("selftest", status=1))[0], r"(?m)^secrets +FAILED +.*jwt\.key")


class Draining(ControlCase):
    dns = "7000-7019"

    async def asyncSetUp(self):
        await super().asyncSetUp()
        await self.all_in_service()

    async def asyncTearDown(self):
        await self.ctl("drain", "off")
        await self.all_in_service()
        await super().asyncTearDown()

    async def answer_to_options(self, path):
        """The status with which the gateway answers OPTIONS."""
        return (await self.sim.post(path))["status"]

    async def test_a_call_goes_on_and_nothing_new_comes(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)
        idle_dn = next(self.free_dns)
        idle = await self.sign_in(idle_dn, audio=False)
        self.assertEqual(await self.answer_to_options(f"/dn/{self.dn}/options"), 200)

        text, _ = await self.ctl("drain", "on")
        self.assertRegex(text, r"Draining for \d+ s; left: 1 call")
        await idle.event("draining")

        async def only_ours():
            return list(await self.sim.get("/registrations")) == [self.dn]
        await self.eventually(only_ours, "the idle DNs have gone", 10)

        # Nothing new: calls from outside, of the agent, and sign-ins.
        self.assertEqual(await self.answer_to_options(f"/dn/{self.dn}/options"), 503)
        self.assertEqual(await self.answer_to_options(f"/calls/{call}/options"), 200)
        refused = await self.sim.ring(self.dn)
        self.assertEqual((await self.sim.state(refused, "ended"))["ended"]["status"], 503)
        with self.assertRefused(472, "draining"):
            await page.request({"request": "call", "uri": "9004"})
        other = await self.open_page()
        with self.assertRefused(472, "draining"):
            await other.sign_in(idle_dn, self.password, audio=False)
        self.assertRegex((await self.ctl("dn", "show", idle_dn, status=1))[0], "this gateway is draining")

        # The call does not notice, not even when its page is loaded anew.
        page.ear.forget()
        await self.both_ways(page, call)
        await page.cut_web_socket()
        page = await self.sign_in(self.dn)
        await self.both_ways(page, call)
        left = await self.ctl_json("drain", "status")
        self.assertEqual((left["calls"], left["pages"], left["dns"], left["empty"]), (1, 1, 1, False))
        self.assertEqual(left["refused_calls"], 1)
        await self.ctl("drain", "on", "--wait", "--limit", "0.2", status=1)

        # It ends, and with it the work here.
        waiting = asyncio.create_task(self.ctl("drain", "on", "--wait", "--limit", "20"))
        await self.sim.hang_up(call)
        await page.event("hangup")
        await page.event("draining")
        self.assertRegex((await waiting)[0], "The gateway is empty")
        self.assertEqual(await self.sim.get("/registrations"), {})

    async def test_off_brings_everything_back(self):
        await self.ctl("drain", "on", "--wait", "--limit", "20")
        with self.assertRaises(Refused):
            await self.sim.ring(self.dn)  # SIP Server has no contact for it
        found = await self.ctl_json("selftest", status=1)
        self.assertIn("draining", [check["name"] for check in found["checks"] if not check["ok"]])
        self.assertRegex((await self.ctl("drain", "off"))[0], "not draining")
        await self.eventually(self.binding, "registered again", 10)
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)
