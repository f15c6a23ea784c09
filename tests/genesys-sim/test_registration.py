"""Registrations against sipp, and a storm of them."""
import subprocess
import time

from scenario import SIPP, UUID, Scenario, run
from sim_control import Refused, free_port


class Registration(Scenario):
    def test_register(self):
        self.register()
        binding = self.sim.get("/registrations")["7001"]
        self.assertEqual(binding["contact"], f"sip:7001@127.0.0.1:{self.phone_port}")
        ok = self.sim.sent("SIP/2.0 200")[0]
        # In the order of the request, then Expires, Contact, Content-Length.
        self.assertEqual(ok.headers, ["Via", "From", "To", "Call-ID", "CSeq", "Expires", "Contact",
                                      "Content-Length"])
        self.assertRegex(ok.values["To"], f";tag={UUID}-1$")

    def test_last_register_wins(self):
        self.register()
        first = self.phone_port
        self.phone_port = free_port()
        self.register()
        self.assertNotEqual(first, self.phone_port)
        self.assertEqual(self.sim.get("/registrations")["7001"]["contact"],
                         f"sip:7001@127.0.0.1:{self.phone_port}")
        # The earlier phone is told nothing: two requests came, two answers went, no more.
        self.assertEqual([m.direction for m in self.sim.trace()], ["received", "sent"] * 2)

    def test_unknown_dn(self):
        self.run_phone("register-unknown", "-s", "8001")
        self.assertEqual(self.sim.get("/registrations"), {})

    def test_digest(self):
        self.run_phone("register-digest", "-s", "7100", "-au", "7100", "-ap", "secret")
        self.assertIn("7100", self.sim.get("/registrations"))
        challenge = self.sim.sent("SIP/2.0 401")[0].values["WWW-Authenticate"]
        self.assertRegex(challenge, r'^Digest realm="genesys",nonce="[0-9a-f]{48}"')

    def test_wrong_password(self):
        phone = self.start("register-digest", "-s", "7100", "-au", "7100", "-ap", "wrong")
        self.assertNotEqual(phone.wait(20), 0)
        self.assertEqual(self.sim.get("/registrations"), {})

    def test_stale_nonce(self):
        self.sim.post("/fail", {"stale": 1})
        phone = self.start("register-digest", "-s", "7100", "-au", "7100", "-ap", "secret")
        self.assertNotEqual(phone.wait(20), 0)  # this phone gives up; a good one tries again
        self.assertIn("stale=true", self.sim.sent("SIP/2.0 401")[1].values["WWW-Authenticate"])

    def test_faults(self):
        self.sim.post("/fail", {"register": 503, "count": 1})
        phone = self.start("register", "-s", "7001")
        self.assertNotEqual(phone.wait(20), 0)
        self.assertTrue(self.sim.sent("SIP/2.0 503"))
        self.register()
        # Silence: the first request is dropped, the repeated one is served.
        self.sim.post("/fail", {"register": "silent", "count": 1})
        before = len(self.sim.trace())
        self.register()
        new = self.sim.trace()[before:]
        self.assertEqual([m.direction for m in new], ["received", "received", "sent"])

    def test_registration_removed(self):
        self.register()
        self.sim.delete("/registrations/7001")
        self.assertEqual(self.sim.get("/registrations"), {})
        with self.assertRaises(Refused) as refused:
            self.sim.post("/calls", {"to": "7001"})
        self.assertEqual(refused.exception.args, (409, "to: DN 7001 is not registered"))


class Storm(Scenario):
    dns = ("7000-8999",)

    def test_500_registers_a_second(self):
        dns = self.directory / "dns.csv"
        dns.write_text("SEQUENTIAL\n" + "".join(f"{dn};\n" for dn in range(7000, 9000)))
        scenario = (SIPP / "register.xml").read_text().replace("[service]", "[field0]")
        (self.directory / "many.xml").write_text(scenario)
        started = time.monotonic()
        phone = subprocess.run(
            ["sipp", f"127.0.0.1:{self.sim.port}", "-sf", "many.xml", "-inf", dns, "-i",
             "127.0.0.1", "-p", str(self.phone_port), "-r", "500", "-m", "2000", "-nostdin",
             "-timeout", "30s", "-timeout_error"],
            cwd=self.directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=40)
        self.assertEqual(phone.returncode, 0)
        self.assertLess(time.monotonic() - started, 10)
        status = self.sim.get("/status")
        self.assertEqual((status["registered"], status["malformed"]), (2000, 0))


if __name__ == "__main__":
    run()
