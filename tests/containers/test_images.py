"""The images of docker/Dockerfile, built and run by docker/compose.yaml with two gateways: healthy, without
privileges, telling no secrets, and with a call through them that both ends hear."""

import asyncio
import contextlib
import json
import os
import pathlib
import shutil
import ssl
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts" / "lib"), str(ROOT / "tests" / "integration")]
import engine  # noqa: E402
from genesys_stack import netns  # noqa: E402
from page import Page  # noqa: E402
from sim_client import SimClient  # noqa: E402
from stack_case import AGENT, enter  # noqa: E402

ADDRESS, HOST, HTTPS = "10.66.0.1", "phone.test", 8443
SERVICES = ("sip-server", "kamailio", "gateway", "guard", "gateway-2", "guard-2", "nginx", "coturn")
SKIPPED = 77
SECRETS = ("admin.secret", "turn.secret", "jwt.key", "agent.password")


class Images(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        begun = time.monotonic()
        engine.make_base()
        engine.build_images(os.environ.get("GENESYS_IMAGE_PRESET", "release"))
        print(f"images built in {time.monotonic() - begun:.0f} s", flush=True)
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="genesys-containers."))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        (cls.folder / "config").mkdir()
        cls.folder.chmod(0o755)
        namespace = f"genesys-containers-{os.getpid()}"
        netns.create(namespace, ADDRESS)
        cls.addClassCleanup(netns.delete, namespace)
        cls.engine = engine.Engine(namespace, cls.folder, {
            "COMPOSE_PROFILES": "lab,second-node", "PUBLIC_ADDRESS": ADDRESS, "PUBLIC_NAME": HOST,
            "OWN_FILES": str(cls.folder / "config")})
        cls.addClassCleanup(cls.engine.stop)
        cls.engine.start()
        cls.engine.compose("up", "--detach")
        cls.wait_until_healthy()
        print(f"healthy after {time.monotonic() - begun:.0f} s", flush=True)
        cls.authority = cls.folder / "ca.crt"
        cls.authority.write_text(cls.prepare("show", "ca.crt"))
        cls.token = cls.prepare("token", "alice", "7000-7099")
        home = open("/proc/self/ns/net", "rb")
        cls.addClassCleanup(home.close)
        cls.addClassCleanup(enter, home)
        with open(f"/run/netns/{namespace}", "rb") as inside:
            enter(inside)
        cls.sim = SimClient("http://127.0.0.1:8085", None)

    @classmethod
    def wait_until_healthy(cls, seconds=240):
        deadline = time.monotonic() + seconds
        while True:
            states = cls.engine.states(SERVICES)
            if set(states.values()) == {"running healthy"}:
                return
            if time.monotonic() > deadline:
                bad = [name for name, state in states.items() if state != "running healthy"]
                raise AssertionError(f"{states}\n" + "\n".join(
                    f"--- {name}\n{cls.engine.logs(name)[-2000:]}" for name in bad))
            time.sleep(0.5)

    @classmethod
    def prepare(cls, *words):
        return cls.engine.compose("run", "--rm", "-T", "prepare", *words).strip()

    def processes(self, service):
        """/proc/PID of all that run in the container."""
        first = self.engine.inspect(service, "{{.State.Pid}}")
        own = os.stat(f"/proc/{first}/ns/pid").st_ino
        found = []
        for path in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if os.stat(path / "ns/pid").st_ino == own:
                    found.append(path)
            except OSError:
                continue
        return found

    def test_no_process_has_a_privilege(self):
        for service in SERVICES:
            read = 0
            for process in self.processes(service):
                try:
                    status = (process / "status").read_text()
                except (ProcessLookupError, FileNotFoundError):
                    continue  # a health check that has ended
                read += 1
                fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
                with self.subTest(service, process=fields["Name"]):
                    self.assertEqual(set(fields["Uid"].split()), {"10001"})
                    self.assertEqual({int(fields[kind], 16) for kind in ("CapEff", "CapPrm", "CapBnd", "CapAmb")}, {0})
                    self.assertEqual(fields["NoNewPrivs"], "1")
            self.assertGreater(read, 0, service)

    def test_nothing_can_be_written_but_what_is_for_it(self):
        """By root, too, whom no file's mode keeps out. The tmpfs shows that the question is a good one."""
        question = ("for place in / /etc /usr/local/bin /var/lib /etc/janus-genesys/* /run/janus-genesys; do "
                    "touch $place/written 2>/dev/null && echo $place; done; true")
        for service in SERVICES:
            with self.subTest(service):
                self.assertEqual(self.engine.podman("exec", "--user", "0", self.engine.container(service), "sh", "-c",
                                                    question).split(), ["/run/janus-genesys"])

    def test_nothing_tells_a_secret(self):
        secrets = {}
        for name in SECRETS:
            path = pathlib.Path(self.engine.podman("volume", "inspect", "--format", "{{.Mountpoint}}",
                                                   f"{self.engine.project}_secrets").strip(), name)
            secrets[name] = path.read_text().strip()
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
            self.assertEqual(path.stat().st_uid, 10001)
        said = {f"inspect {name}": self.engine.podman("inspect", self.engine.container(name))
                for name in ("prepare", *SERVICES)}
        said.update({f"log of {name}": self.engine.logs(name) for name in ("prepare", *SERVICES)})
        for target in engine.TARGETS:
            image = f"{engine.IMAGES}/{target}:latest"
            said[f"history of {target}"] = self.engine.podman("history", "--no-trunc", "--format", "json", image)
            said[f"image {target}"] = self.engine.podman("inspect", image)
        for service in SERVICES:
            read = 0
            for process in self.processes(service):
                with contextlib.suppress(ProcessLookupError, FileNotFoundError):  # a health check that has ended
                    said[f"arguments in {service}, {process.name}"] = (
                        (process / "cmdline").read_text() + (process / "environ").read_text())
                    read += 1
            self.assertGreater(read, 0, service)
        for where, text in said.items():
            for name, secret in secrets.items():
                self.assertNotIn(secret, text, f"{name}: {where}")

    def test_a_container_sees_no_secret_of_another(self):
        for service, seen in (("gateway", {"admin.secret", "turn.secret", "jwt.key"}), ("nginx", {"tls.crt", "tls.key"}),
                              ("coturn", {"tls.crt", "tls.key"})):
            listed = self.engine.podman("exec", self.engine.container(service), "ls", "/etc/janus-genesys/secrets")
            self.assertEqual(set(listed.split()), seen, service)

    def test_genesysctl_in_the_container(self):
        answer = json.loads(self.engine.podman("exec", self.engine.container("gateway"), "genesysctl", "--json", "status"))
        self.assertEqual(answer["dns"], 100)

    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)  # its reports of slow steps are no news here

    async def signed_in(self, dn):
        page = Page(f"wss://{ADDRESS}:{HTTPS}/janus-ws?dn={dn}", AGENT)
        page.protocols = ["janus-protocol", f"bearer.{self.token}"]
        page.connecting = {"ssl": ssl.create_default_context(cafile=str(self.authority)), "server_hostname": HOST,
                           "origin": f"https://{HOST}:{HTTPS}"}
        await page.__aenter__()
        self.addAsyncCleanup(page.leave)
        await page.sign_in(dn, None, token=self.token)
        return page

    async def test_a_call_at_each_gateway_that_both_ends_hear(self):
        """DNs are spread by nginx; the first two that come to different nodes have a call each."""
        reached = {}
        for dn in map(str, range(7001, 7012)):
            page = await self.signed_in(dn)
            node = page._socket.response_headers["Set-Cookie"].split(";")[0].rpartition("~")[2]
            if node in reached:
                await page.leave()
                continue
            reached[node] = dn
            call = await self.sim.ring(dn)
            incoming, _ = await page.event("incomingcall")
            await page.request({"request": "accept", "call_id": incoming["call_id"]})
            await page.event("accepted", call_id=incoming["call_id"])
            sound = await page.hears(440, -10, seconds=20)
            media = await self.sim.hears(call, AGENT, -13, seconds=20)
            print(f"DN {dn} at gateway {node}: the agent hears {sound.frequency:.0f} Hz at {sound.level:.1f} dBFS, "
                  f"the caller {media['frequency_hz']:.0f} Hz at {media['level_dbfs']:.1f} dBFS", flush=True)
            await self.sim.hang_up(call)
            if len(reached) == 2:
                return
        self.fail(f"all DNs came to gateway {reached}")


if __name__ == "__main__":
    if reason := engine.what_is_missing():
        print(f"SKIPPED: {reason}")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
