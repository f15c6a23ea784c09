"""What docker-compose makes of docker/compose.yaml; needs no engine."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docker"
SAMPLE = FOLDER / ".env.sample"
OURS = {"prepare", "gateway", "gateway-2", "guard", "guard-2", "nginx", "coturn", "kamailio", "sip-server"}
SKIPPED = 77


def compose(*words, **environment):
    """docker-compose with the sample's settings and these."""
    base = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    return subprocess.run(["docker-compose", "--env-file", SAMPLE, *words], cwd=FOLDER, capture_output=True,
                          text=True, env={**base, **environment}, timeout=60)


class Compose(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = compose("--profile", "observe", "config", PUBLIC_ADDRESS="192.0.2.9")
        if done.returncode:
            raise AssertionError(done.stderr)
        import yaml  # docker-compose comes with it
        cls.model = yaml.safe_load(done.stdout)
        cls.services = cls.model["services"]

    def test_profiles(self):
        """docker-compose leaves the choice to `up`; here it is only seen who is in which."""
        always = {"prepare", "gateway", "guard", "nginx", "coturn"}
        for profile, more in (("lab", {"sip-server"}), ("kamailio", {"kamailio"}),
                              ("second-node", {"kamailio", "gateway-2", "guard-2"}),
                              ("observe", {"prometheus", "grafana"})):
            with self.subTest(profile):
                self.assertEqual({name for name, service in self.services.items()
                                  if profile in service.get("profiles", [profile])}, always | more)
        self.assertEqual(set(self.services), OURS | {"prometheus", "grafana"})

    def test_every_container_is_hardened(self):
        for name, service in self.services.items():
            with self.subTest(name):
                self.assertIs(service["read_only"], True)
                self.assertEqual(service["cap_drop"], ["ALL"])
                self.assertEqual(service["security_opt"], ["no-new-privileges:true"])
                self.assertNotIn("cap_add", service)
                self.assertNotIn("privileged", service)
                self.assertNotIn(service["user"].split(":")[0], ("0", "root"))
                self.assertIn("max-size", service["logging"]["options"])
                self.assertEqual(service["restart"], "no" if name == "prepare" else "unless-stopped")

    def test_every_image_or_service_has_a_health_check(self):
        dockerfile = (FOLDER / "Dockerfile").read_text()
        stages = dict(re.findall(r"^FROM base AS (\S+)\n(.*?)(?=^FROM |\Z)", dockerfile, re.MULTILINE | re.DOTALL))
        for name, service in self.services.items():
            target = service.get("build", {}).get("target", "")
            with self.subTest(name):
                self.assertTrue("healthcheck" in service or "\nHEALTHCHECK" in stages.get(target, ""))
                if target:
                    self.assertIn("\nUSER 10001:10001\n", stages[target])

    def test_configuration_is_read_only_and_secrets_are_shared_out(self):
        for name, service in self.services.items():
            for volume in service.get("volumes", ()):
                source, target, mode = volume.split(":")
                with self.subTest(name, volume=volume):
                    if name != "prepare":
                        self.assertNotEqual(source, "secrets", "all of the secrets")
                        written = source in ("calls", "calls-2", "figures", "boards")
                        self.assertEqual(mode, "rw" if written else "ro")
                    self.assertNotIn("docker.sock", target)

    def test_nothing_secret_in_environment_or_arguments(self):
        for name, service in self.services.items():
            for variable, value in service.get("environment", {}).items():
                with self.subTest(name, variable=variable):
                    if re.search("secret|password|key|token", variable, re.IGNORECASE):
                        self.assertTrue(str(value).startswith("/etc/janus-genesys/"), "a file's name")

    def test_the_sample_explains_what_is_read(self):
        used = set(re.findall(r"\$\{([A-Z_]+)", (FOLDER / "compose.yaml").read_text()))
        named = re.findall(r"^([A-Z_]+)=", SAMPLE.read_text(), re.MULTILINE)
        self.assertEqual(used, set(named) - {"COMPOSE_PROJECT_NAME"})
        self.assertEqual(len(named), len(set(named)))

    def test_the_sample_alone_does_not_start(self):
        done = compose("config")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("the IPv4 address that browsers reach", done.stderr)


if __name__ == "__main__":
    if not shutil.which("docker-compose"):
        print("SKIPPED: docker-compose is not installed: scripts/setup test")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
