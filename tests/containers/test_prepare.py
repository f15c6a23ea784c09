"""What the one-shot container `prepare` makes of .env, run as an ordinary program on folders of our own."""

import os
import pathlib
import shutil
import stat
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
VOLUMES = ("secrets", "gateway-secrets", "tls", "janus", "janus-2", "nginx", "coturn", "kamailio", "prometheus",
           "grafana")
LAB = {"COMPOSE_PROFILES": "lab,second-node", "PUBLIC_ADDRESS": "192.0.2.9", "PUBLIC_NAME": "gw.example.com"}
REAL = {"COMPOSE_PROFILES": "second-node", "PUBLIC_ADDRESS": "192.0.2.9", "SIP_SERVER": "192.0.2.81",
        "GATEWAY_ADDRESSES": "192.0.2.10,192.0.2.11", "KAMAILIO_ADDRESS": "192.0.2.20"}


class Prepare(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="genesys-prepare."))
        self.addCleanup(shutil.rmtree, self.scratch)
        self.volumes, self.own = self.scratch / "volumes", self.scratch / "config"
        for name in VOLUMES:
            (self.volumes / name).mkdir(parents=True)
        (self.own / "gateway").mkdir(parents=True)

    def prepare(self, *words, status=0, **environment):
        done = subprocess.run([ROOT / "docker" / "prepare", *words], capture_output=True, text=True, timeout=60, env={
            "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "VOLUMES": str(self.volumes),
            "OWN_FILES": str(self.own), **environment})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stderr if status else done.stdout

    def read(self, *parts):
        return self.volumes.joinpath(*parts).read_text()

    def sample(self):
        return (ROOT / "conf" / "janus.plugin.genesys.jcfg.sample").read_text()

    def test_secrets_stay_and_each_volume_has_its_own(self):
        self.prepare(**LAB)
        before = {path: path.read_bytes() for path in self.volumes.rglob("*") if path.is_file()}
        self.prepare(**LAB)
        self.assertEqual({path: path.read_bytes() for path in before}, before)
        self.assertEqual({path.name for path in (self.volumes / "gateway-secrets").iterdir()},
                         {"admin.secret", "turn.secret", "jwt.key"})
        self.assertEqual({path.name for path in (self.volumes / "tls").iterdir()}, {"tls.crt", "tls.key"})
        for path in before:
            mode = stat.S_IMODE(path.stat().st_mode)
            self.assertEqual(mode, 0o644 if path.parent.name in ("prometheus", "grafana") else 0o600, path)
        signing = self.read("secrets", "jwt.key").strip()
        for name in ("janus", "janus-2", "nginx", "coturn", "kamailio", "prometheus", "grafana"):
            for path in (self.volumes / name).iterdir():
                self.assertNotIn(signing, path.read_text(), path)

    def test_a_second_node_is_known_to_all(self):
        self.prepare(**LAB)
        nginx = self.read("nginx", "nginx.conf")
        for port in (8288, 8289, 9188, 9189):
            self.assertIn(f"server 127.0.0.1:{port}", nginx)
        self.assertIn("auth_request /token-check;", nginx)
        self.assertIn("1 sip:127.0.0.12:5060", self.read("kamailio", "dispatcher.list"))
        self.assertIn('host = "127.0.0.2"', self.read("janus-2", "janus.plugin.genesys.jcfg"))
        self.assertIn('"127.0.0.1:9189"', self.read("prometheus", "prometheus.yml"))
        alone = {**LAB, "COMPOSE_PROFILES": "lab"}
        self.prepare(**alone)
        self.assertNotIn("127.0.0.1:8289", self.read("nginx", "nginx.conf"))
        self.assertNotIn("9189", self.read("prometheus", "prometheus.yml"))
        self.assertIn('host = "127.0.0.1"', self.read("janus", "janus.plugin.genesys.jcfg"))

    @unittest.skipUnless(shutil.which("promtool"), "promtool is not installed: scripts/setup test")
    def test_prometheus_takes_its_configuration(self):
        self.prepare(**LAB)
        made = self.volumes / "prometheus" / "prometheus.yml"
        made.write_text(made.read_text().replace("/etc/prometheus", str(ROOT / "conf" / "prometheus")))
        subprocess.run(["promtool", "check", "config", made], check=True, capture_output=True)

    def test_a_real_sip_server_with_a_configuration_of_ones_own(self):
        own = self.own / "gateway" / "janus.plugin.genesys.jcfg"
        own.write_text(self.sample().replace("CHANGE-ME: SIP password", "of-the-dns")
                       .replace('"192.0.2.10"', '"@INSIDE_ADDRESS@"').replace('"sip.example.com"', '"@SIP_SERVER@"'))
        (self.own / "gateway" / "genesys-dns.cfg").write_text("# mine\n")
        self.prepare(**REAL)
        for folder, address in (("janus", "192.0.2.10"), ("janus-2", "192.0.2.11")):
            text = self.read(folder, "janus.plugin.genesys.jcfg")
            self.assertIn(f'local_address = "{address}"', text)
            self.assertIn('host = "192.0.2.20"', text)
            self.assertEqual(self.read(folder, "genesys-dns.cfg"), "# mine\n")
        self.assertIn("2 sip:192.0.2.81:5060 0 10", self.read("kamailio", "dispatcher.list"))
        self.assertIn("2 192.0.2.81 32 0", self.read("kamailio", "address.list"))

    def test_a_certificate_of_ones_own(self):
        (self.own / "tls.crt").write_text("mine")
        self.assertIn("one of them is missing", self.prepare(status=1, **LAB))
        (self.own / "tls.key").write_text("also mine")
        self.prepare(**LAB)
        self.assertEqual((self.read("tls", "tls.crt"), self.read("tls", "tls.key")), ("mine", "also mine"))
        (self.own / "tls.crt").unlink()
        (self.own / "tls.key").unlink()
        self.prepare(**LAB)
        self.assertIn("BEGIN CERTIFICATE", self.read("tls", "tls.crt"))

    def test_the_sample_s_secrets_are_refused(self):
        (self.own / "gateway" / "janus.plugin.genesys.jcfg").write_text(self.sample())
        self.assertRegex(self.prepare(status=1, **REAL), r"jcfg:\d+: the sample's secret still stands there")

    def test_what_makes_no_sense_is_refused_by_name(self):
        for changed, reason in (
                ({"PUBLIC_ADDRESS": ""}, "PUBLIC_ADDRESS: is missing"),
                ({"PUBLIC_ADDRESS": "127.0.0.1"}, "no address that others could reach"),
                ({"PUBLIC_ADDRESS": "gw.example.com"}, "no IPv4 address"),
                ({"PUBLIC_NAME": 'x"; y'}, "no host name"),
                ({"COMPOSE_PROFILES": "lab,third-node"}, "no profile third-node"),
                ({"SIP_SERVER": "192.0.2.81"}, "of no use in the profile lab"),
                ({"COMPOSE_PROFILES": ""}, "SIP_SERVER: is missing"),
                ({"SIGN_IN": "none"}, "SIGN_IN: 'none' is none of"),
                ({"HTTPS_PORT": "0"}, "HTTPS_PORT: '0' is no port"),
                ({"ICE_PORTS": "40000"}, "ICE_PORTS: '40000' is no range"),
                ({"DNS": "7000-;"}, "DNS:")):
            with self.subTest(changed):
                self.assertIn(reason, self.prepare(status=1, **{**LAB, **changed}))
        for changed, reason in (
                ({"GATEWAY_ADDRESSES": "192.0.2.10"}, "one for each of 2"),
                ({"KAMAILIO_ADDRESS": "192.0.2.11"}, "none of the gateways'"),
                ({"SIP_SERVER": "sip.example.com"}, "no IPv4 address"),
                ({}, "janus.plugin.genesys.jcfg is missing")):
            with self.subTest(changed):
                self.assertIn(reason, self.prepare(status=1, **{**REAL, **changed}))

    def test_what_it_shows(self):
        self.prepare(**LAB)
        self.assertEqual(self.prepare("token", "alice", "7001").count("."), 2)
        self.assertIn("BEGIN CERTIFICATE", self.prepare("show", "ca.crt"))
        for words in (("show", "jwt.key"), ("show", "../tls/tls.key"), ("token", "alice"), ("anything",)):
            self.assertIn("one-shot container", self.prepare(*words, status=1))


if __name__ == "__main__":
    unittest.main(verbosity=2)
