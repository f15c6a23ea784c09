"""Where DNs are registered, and what happens when SIP Server does not want them."""

import asyncio
import re
import time

from stack_case import StackCase


class Always(StackCase):
    """DNs that are registered from start, some of them with a digest."""

    dns = "7000-7019"
    entries = ('number = "7100"; password = "sip-secret"', 'number = "7101"; password = "wrong"',
               'number = "7102"', 'number = "7103"')
    sim_options = ("--dn", "7100=sip-secret", "--dn", "7101=right", "--dn", "7102=right",
                   "--authenticate", "register,invite")

    async def in_service(self, dn):
        return await self.eventually(lambda: self.binding(dn), f"DN {dn} registered")

    async def test_from_start_without_any_page(self):
        for dn in (self.dn, "7019", "7100"):
            binding = await self.in_service(dn)
            self.assertEqual(binding["contact"], f"sip:{dn}@127.0.0.1:{self.stack.settings.ports.sip}")
            self.assertEqual(binding["granted"], 1800)
            self.assertEqual(binding["user_agent"], "janus-genesys")

    async def test_digest(self):
        await self.in_service("7100")
        registers = self.messages("REGISTER", "7100")
        self.assertNotIn("Authorization", registers[0].values)
        self.assertIn('username="7100"', registers[1].values["Authorization"])
        self.assertEqual(len(registers), 2, registers)
        page = await self.sign_in("7100")
        call = await self.sim.ring("7100")
        await page.event("incomingcall")
        await page.request({"request": "accept"})
        await page.event("accepted")
        await self.both_ways(page, call)
        await page.request({"request": "hangup"})

    async def refused(self, dn, code, pattern):
        """The reason reaches the page, query_session and the log in the same words."""
        page = await self.open_page()
        result, _ = await page.request({"request": "register", "username": dn, "secret": self.password})
        self.assertEqual(result["event"], "registering")
        failed, _ = await page.event("registration_failed")
        self.assertEqual((failed["username"], failed["code"]), (dn, code))
        self.assertRegex(failed["reason"], pattern)
        self.assertGreaterEqual(failed["retry_in"], 750)
        line = (await self.query_session(page))["line"]
        self.assertEqual((line["dn"], line["registration"], line["code"], line["reason"]),
                         (dn, "failed", code, failed["reason"]))
        self.assertRegex(self.janus_log(), rf"DN {dn}: .*{re.escape(failed['reason'])}")
        with self.assertRefused(468, "not_in_service") as caught:
            await page.request({"request": "call", "uri": "9001"}, await page.offer())
        self.assertIn(failed["reason"], str(caught.exception))

    async def test_wrong_password(self):
        await self.refused("7101", 401, "401 Unauthorized: .*refuses the password")

    async def test_password_asked_for_and_none_configured(self):
        await self.refused("7102", 401, "401 Unauthorized: .*none is configured")

    async def test_404_with_an_expiry_is_a_failure(self):
        await self.refused("7103", 404, "404 Not Found: SIP Server does not know this DN")
        refusal = self.messages("SIP/2.0 404", "7103", "sent")[0]
        self.assertIn("expires=1800", refusal.values["Contact"])  # the bait

    async def test_sign_out_keeps_the_registration(self):
        page = await self.sign_in(audio=False)
        result, _ = await page.request({"request": "unregister"})
        self.assertEqual((result["event"], result["username"]), ("unregistering", self.dn))
        await page.event("unregistered")
        self.assertIsNotNone(await self.binding())
        with self.assertRefused(447, "wrong_state"):
            await page.request({"request": "query"})


class OnSignIn(StackCase):
    """DNs that are registered while an agent is signed in; a server that is silent at times."""

    dns = "7000-7019"
    settings = {"register_when": "on_sign_in"}
    entries = ('number = "7100"; password = "sip-secret"',)
    sim_options = ("--dn", "7100=sip-secret", "--qop", "none")
    options = {"sip_server": "  transaction_timeout_ms = 1000",
               "agent": "  resume_window_s = 1"}

    async def gone(self):
        await self.eventually(self.unbound, "the registration is given back")

    async def unbound(self):
        return await self.binding() is None

    async def test_registers_with_the_agent(self):
        self.assertIsNone(await self.binding())
        page = await self.sign_in(audio=False)
        self.assertEqual(page.signed_in["username"], self.dn)
        self.assertIsNotNone(await self.binding())
        await page.request({"request": "unregister"})
        await self.gone()
        self.assertRegex(self.messages("REGISTER")[-1].text, r"expires=0|Expires: 0")
        # And again, with the same page.
        await page.sign_in(self.dn, self.password, audio=False)
        self.assertIsNotNone(await self.binding())

    async def test_page_gone_for_good(self):
        page = await self.sign_in(audio=False)
        begun = time.monotonic()
        await page.detach()
        await self.gone()
        self.assertGreater(time.monotonic() - begun, 0.9)  # the resume window was kept

    async def test_page_back_in_time(self):
        page = await self.sign_in(audio=False)
        await page.detach()
        await self.sign_in(audio=False)
        await asyncio.sleep(1.5)  # longer than the window that must have been stopped
        self.assertIsNotNone(await self.binding())
        self.assertEqual(len(self.messages("REGISTER")), 2, "one for each sign-in")

    async def test_a_dn_that_another_has_taken_is_left_alone(self):
        page = await self.sign_in(audio=False)
        await self.register_elsewhere()
        await page.request({"request": "unregister"})
        await self.eventually(lambda: len(self.messages("REGISTER")) >= 3, "the question who owns it")
        await asyncio.sleep(0.5)  # time for the mistake
        self.assertEqual((await self.binding())["contact"], f"sip:{self.dn}@127.0.0.1:5999")
        for register in self.messages("REGISTER"):
            self.assertNotRegex(register.text, r"expires=0|Expires: 0")

    async def register_elsewhere(self):
        """Another endpoint's REGISTER; the last one wins."""
        answered = asyncio.get_running_loop().create_future()

        class Endpoint(asyncio.DatagramProtocol):
            def datagram_received(self, data, _):
                answered.set_result(data)

        server = f"127.0.0.1:{self.stack.settings.ports.sim_sip}"
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            Endpoint, local_addr=("127.0.0.1", 5999), remote_addr=tuple(self.split(server)))
        transport.sendto((f"REGISTER sip:{server} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5999;branch=z9hG4bKe\r\n"
                          f"From: <sip:{self.dn}@{server}>;tag=e\r\nTo: <sip:{self.dn}@{server}>\r\n"
                          f"Call-ID: elsewhere-{self.dn}\r\nCSeq: 1 REGISTER\r\nMax-Forwards: 70\r\n"
                          f"Contact: <sip:{self.dn}@127.0.0.1:5999>;expires=600\r\n"
                          "Content-Length: 0\r\n\r\n").encode())
        self.assertIn(b"200 OK", await asyncio.wait_for(answered, 5))
        transport.close()

    @staticmethod
    def split(address):
        host, port = address.split(":")
        return host, int(port)

    async def test_stale_nonce_is_no_wrong_password(self):
        await self.sim.post("/fail", {"stale": 1})
        page = await self.sign_in("7100", audio=False)
        self.assertEqual(page.signed_in["event"], "registered")
        await page.request({"request": "unregister"})

    async def test_silent_server_and_back(self):
        await self.sim.post("/fail", {"register": "silent"})
        page = await self.open_page()
        await page.request({"request": "register", "username": self.dn, "secret": self.password})
        failures = [(await page.event("registration_failed"))[0] for _ in range(2)]
        self.assertEqual({failure["code"] for failure in failures}, {0}, failures)
        self.assertRegex(failures[0]["reason"], "no answer")
        # 1 and 2 s, less up to a quarter.
        self.assertTrue(750 <= failures[0]["retry_in"] <= 1000, failures)
        self.assertTrue(1500 <= failures[1]["retry_in"] <= 2000, failures)
        await self.sim.post("/fail", {"register": "silent", "count": 0})
        await page.event("registered", timeout=4)
        self.assertIsNotNone(await self.binding())

    async def test_out_of_service_and_back(self):
        await self.sim.post("/fail", {"register": 503, "count": 1})
        page = await self.open_page()
        await page.request({"request": "register", "username": self.dn, "secret": self.password})
        failed, _ = await page.event("registration_failed")
        self.assertEqual(failed["code"], 503)
        registered, _ = await page.event("registered", timeout=3)
        self.assertEqual(registered["username"], self.dn)


class TooBrief(StackCase):
    """A server that wants longer registrations than configured."""

    dns = "7000-7004"
    options = {"sip_server": "  register_expires_s = 60"}
    sim_options = ("--min-expires", "120")

    async def test_423(self):
        page = await self.sign_in(audio=False)
        self.assertEqual((await self.binding())["granted"], 120)
        # sofia-sip asks again by itself with a longer Expires beside the old Contact;expires; the
        # machine then with both.
        self.assertLessEqual(len(self.messages("SIP/2.0 423", direction="sent")), 2)
        self.assertIn("expires=120", self.messages("REGISTER")[-1].values["Contact"])
        self.assertEqual((await self.query_session(page))["line"]["expires"], 120)
