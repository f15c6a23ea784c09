"""What an administrator is shown: query_session and the admin request."""

from stack_case import StackCase


class Status(StackCase):
    dns = "7000-7009"
    entries = ('number = "7103"',)

    async def test_query_session(self):
        page = await self.open_page()
        self.assertEqual(await self.query_session(page), {"signed_in": False, "peer_connection": "none"})
        page = await self.sign_in()
        call, call_id = await self.answered_call(page)
        await self.both_ways(page, call)
        status = await self.query_session(page)
        self.assertEqual((status["signed_in"], status["peer_connection"]), (True, "up"))
        for way in ("received", "sent"):
            self.assertGreater(status["browser_media"][way]["packets"], 10, status)
        line = status["line"]
        self.assertEqual(
            {name: line[name] for name in ("dn", "registration", "subject", "page", "expires", "reason")},
            {"dn": self.dn, "registration": "registered", "subject": f"dn:{self.dn}", "page": True,
             "expires": 1800, "reason": ""})
        shown, = line["calls"]
        self.assertEqual((shown["call_id"], shown["dn"], shown["direction"], shown["state"]),
                         (call_id, self.dn, "in", "established"))
        self.assertEqual(shown["uuid"], (await self.sim.call(call))["call_uuid"])
        self.assertGreaterEqual(shown["age"], shown["answered"])
        media = shown["sip_media"]
        # The tones of both ends, in dB below overload (RFC 6464: 0 is the loudest).
        self.assertAlmostEqual(media["received"]["level_dbov"], -10, delta=4)
        self.assertAlmostEqual(media["sent"]["level_dbov"], -13, delta=4)
        self.assertEqual((media["received"]["lost"], media["received"]["late"]), (0, 0))
        self.assertNotIn(self.password, str(status))

    async def test_admin_request(self):
        await self.eventually(self.all_registered, "ten DNs registered and one refused")
        before = await self.plugin_admin(request="status")
        self.assertEqual(before["dns"], 11)
        self.assertEqual(before["failed"], 1)
        page = await self.sign_in()
        call, call_id = await self.answered_call(page)
        status = await self.plugin_admin(request="status")
        self.assertEqual((status["calls"], status["pages"]), (before["calls"] + 1, before["pages"] + 1))
        dns = {line["dn"]: line for line in (await self.plugin_admin(request="list_dns"))["dns"]}
        self.assertEqual(dns[self.dn]["registration"], "registered")
        self.assertEqual((dns["7103"]["registration"], dns["7103"]["code"]), ("failed", 404))
        self.assertRegex(dns["7103"]["reason"], "does not know this DN")
        calls = (await self.plugin_admin(request="list_calls"))["calls"]
        self.assertIn(call_id, [shown["call_id"] for shown in calls])
        shown = await self.plugin_admin(request="show_dn", dn=self.dn)
        self.assertEqual([entry["call_id"] for entry in shown["calls"]], [call_id])
        await self.sim.hang_up(call)
        await page.event("hangup")
        self.assertEqual((await self.plugin_admin(request="list_calls"))["calls"], [])
        self.assertNotIn(self.password, str([status, dns, calls, shown]))

    async def all_registered(self):
        status = await self.plugin_admin(request="status")
        return (status["registered"], status["failed"]) == (10, 1)

    async def test_admin_requests_that_are_wrong(self):
        for request, code, field in (({"request": "reboot"}, 442, "request"), ({}, 443, "request"),
                                     ({"request": "show_dn"}, 443, "dn"),
                                     ({"request": "show_dn", "dn": "9"}, 463, "dn")):
            with self.subTest(request):
                answer = await self.plugin_admin(**request)
                self.assertEqual((answer["error_code"], answer["field"]), (code, field))
