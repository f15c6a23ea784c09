"""The configuration is read anew while calls go on."""

from control_case import ControlCase


class Reload(ControlCase):
    dns = "7000-7009"
    options = {"agent": "  max_calls = 3"}
    entries = ('number = "7150"; agent_password = "the second password"; register = "on_sign_in"',)

    async def asyncSetUp(self):
        await super().asyncSetUp()
        await self.all_in_service_of_the_range()
        self.file = self.stack.settings.directory / "janus" / "janus.plugin.genesys.jcfg"
        self.text = self.file.read_text()

    async def asyncTearDown(self):
        self.file.write_text(self.text)
        await self.ctl("config", "reload")
        await self.all_in_service_of_the_range()
        await super().asyncTearDown()

    async def all_in_service_of_the_range(self):
        async def settled():
            return (await self.plugin_admin(request="status"))["registered"] == 10
        await self.eventually(settled, "ten DNs registered", 10)

    def edit(self, *changes):
        text = self.text
        for old, new in changes:
            self.assertEqual(text.count(old), 1, old)
            text = text.replace(old, new)
        self.file.write_text(text)

    async def in_call(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)
        return page, call

    async def goes_on(self, page, call):
        page.ear.forget()
        await self.both_ways(page, call)
        self.assertNotIn("hangup", page.seen())

    async def test_the_same_file_changes_nothing(self):
        page, call = await self.in_call()
        answer = await self.ctl_json("config", "reload")
        self.assertEqual((answer["options"], answer["dns_added"], answer["dns_changed"]), ([], [], []))
        self.assertRegex((await self.ctl("config", "check"))[0], "says what the gateway runs with")
        await self.goes_on(page, call)

    async def test_a_wrong_file_is_refused_with_file_line_and_reason(self):
        page, call = await self.in_call()
        self.edit(("max_calls = 3", "max_calls = 99"))
        line = 1 + self.file.read_text().splitlines().index("  max_calls = 99")
        for command in ("check", "reload"):
            text, _ = await self.ctl("config", command, status=1)
            self.assertIn(f"{self.file}:{line}: agent.max_calls = 99: must be a whole number from 1 to 16", text)
        answer = await self.ctl_json("config", "reload", status=1)
        self.assertEqual((answer["valid"], answer["applied"], answer["line"]), (False, False, line))
        found = await self.ctl_json("selftest", status=1)
        self.assertEqual([check["name"] for check in found["checks"] if not check["ok"]], ["configuration"])
        await self.goes_on(page, call)

    async def test_what_needs_a_restart_is_named_and_keeps_the_rest_out(self):
        page, call = await self.in_call()
        self.edit(("max_calls = 3", "max_calls = 2"), ("local_port = 5060", "local_port = 5062"))
        answer = await self.ctl_json("config", "reload", status=1)
        self.assertTrue(answer["valid"] and answer["restart"])
        self.assertEqual({change["option"]: change["restart"] for change in answer["options"]},
                         {"agent.max_calls": False, "sip_server.local_port": True})
        text, _ = await self.ctl("config", "reload", status=1)
        self.assertRegex(text, r"sip_server\.local_port: '5060' becomes '5062' \(needs a restart\)")
        self.edit(("max_calls = 3", "max_calls = 2"))
        changes = (await self.ctl_json("config", "check"))["options"]
        self.assertEqual([(c["option"], c["before"], c["after"]) for c in changes],
                         [("agent.max_calls", "3", "2")])  # nothing of it was taken over
        await self.goes_on(page, call)

    async def test_options_count_from_now_on(self):
        page, call = await self.in_call()
        self.edit(("max_calls = 3", "max_calls = 1"))
        text, _ = await self.ctl("config", "reload")
        self.assertRegex(text, r"Taken over:\n  agent\.max_calls: '3' becomes '1'")
        self.assertIn("configuration: agent.max_calls changed from '3' to '1'", self.janus_log())
        busy = await self.sim.ring(self.dn)
        self.assertEqual((await self.sim.state(busy, "ended"))["ended"]["status"], 486)
        await self.goes_on(page, call)

    async def test_dns_come_change_and_go(self):
        page, call = await self.in_call()
        self.edit(('number = "7150"', 'number = "7151"'))
        answer = await self.ctl_json("config", "reload")
        self.assertEqual((answer["dns_added"], answer["dns_removed"]), (["7151"], ["7150"]))
        new = await self.open_page()
        result, _ = await new.request(
            {"request": "register", "username": "7151", "secret": "the second password"})
        self.assertEqual(result["event"], "registering")  # SIP Server does not know it
        old = await self.open_page()
        with self.assertRefused(460, "bad_credential", "secret"):
            await old.request({"request": "register", "username": "7150", "secret": "the second password"})
        self.edit(("the second password", "yet another password"))
        answer = await self.ctl_json("config", "reload")
        self.assertEqual((answer["dns_added"], answer["dns_removed"]), (["7150"], ["7151"]))
        self.assertNotIn("another password", self.janus_log())
        await new.event("unregistered")
        await self.goes_on(page, call)

    async def test_a_dn_that_is_removed_in_its_call(self):
        page, call = await self.in_call()
        low, high = "7000", "7009"
        rest = [f'{{ number = "{dn}"; }}' for dn in range(int(low), int(high) + 1) if str(dn) != self.dn]
        line, = (one for one in self.text.splitlines() if f'"{low}-{high}"' in one)
        self.edit((line, ",\n".join(rest)))
        self.assertEqual((await self.ctl_json("config", "reload"))["dns_removed"], [self.dn])
        await self.goes_on(page, call)
        self.assertIsNotNone(await self.binding())
        self.assertRegex((await self.ctl("dn", "show", self.dn))[0], "is in service")
        refused = await self.sim.ring(self.dn)
        self.assertEqual((await self.sim.state(refused, "ended"))["ended"]["status"], 404)
        await self.goes_on(page, call)
        await self.sim.hang_up(call)
        await page.event("hangup")
        await page.event("unregistered")

        async def gone():
            known = [dn["dn"] for dn in (await self.plugin_admin(request="list_dns"))["dns"]]
            return await self.binding() is None and self.dn not in known
        await self.eventually(gone, "the DN is gone")
