"""Where the secrets of a stack do not stand: arguments, environments, logs, what nginx serves."""

import contextlib
import pathlib
import subprocess
import unittest

from outside_case import OutsideCase
from signed_token import signed  # in the folder of stack_case

PAGE = pathlib.Path(__file__).resolve().parents[2] / "html"
SECRETS = ("admin.secret", "turn.secret", "jwt.key", "agent.password")
KEYS = ("tls.key", "ca.key")


class Secrets(OutsideCase):
    only = ("sim", "janus", "guard", "coturn", "nginx")
    settings = {**OutsideCase.settings, "sign_in": "token"}

    def secrets(self):
        """{name: octets that nobody else may see}; of a key a line of its base64."""
        folder = self.stack.settings.secrets
        texts = {name: (folder / name).read_text().strip() for name in SECRETS}
        keys = {name: (folder / name).read_text().splitlines()[1] for name in KEYS}
        return {name: text.encode() for name, text in {**texts, **keys}.items()}

    def told(self, places):
        """Which secrets stand where: `places` is {name: octets}."""
        return [(name, place) for name, secret in self.secrets().items() for place, octets in places.items()
                if secret in octets]

    def processes(self):
        """Arguments and environments of every process in the namespace."""
        pids = subprocess.run(["ip", "netns", "pids", self.stack.settings.netns], text=True, capture_output=True,
                              check=True).stdout.split()
        found = {}
        for process in (pathlib.Path("/proc", pid) for pid in pids):
            with contextlib.suppress(FileNotFoundError):  # gone already
                name = (process / "comm").read_text().strip()
                found |= {f"{kind} of {name} {process.name}": (process / kind).read_bytes()
                          for kind in ("cmdline", "environ")}
        for name in ("janus", "janus-genesys-g", "turnserver", "nginx"):
            self.assertRegex("\n".join(found), f"(?m)^cmdline of {name} ")
        return found

    def logs(self):
        found = {path.name: path.read_bytes() for path in (self.stack.settings.directory / "logs").iterdir()}
        self.assertGreaterEqual(set(found), {"janus.log", "nginx.log", "coturn.log", "guard.log", "nginx-access.log"})
        return found

    def served(self):
        """All that nginx gives to anybody."""
        files = [f"/{path.relative_to(PAGE)}" for folder in ("demo", "lib") for path in (PAGE / folder).rglob("*.*")]
        found = {}
        for path in ("/", "/config.json", *files):
            status, head, rest = self.ask(path, {"Connection": "close"})
            found[path] = head.encode() + rest
            self.assertIn(status, (200, 301, 302), path)
        self.assertGreater(len(found), 10)
        return found

    async def test_secrets_stand_nowhere_else(self):
        token = signed(self.stack.settings.secret("jwt.key"), dn=self.dn)
        page = await self.open_page()
        page.signed_in = await page.sign_in(self.dn, None, token=token)
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)
        await self.plugin_admin(request="status")
        credential = next(server["credential"] for server in page.signed_in["ice_servers"] if "credential" in server)
        for where, places in (("processes", self.processes()), ("logs", self.logs()), ("nginx", self.served())):
            with self.subTest(where):
                self.assertEqual(self.told(places), [])
                for own in (token, token.rsplit(".", 1)[1], credential):  # the agent's
                    self.assertEqual([place for place, octets in places.items() if own.encode() in octets], [])

    def test_who_may_read_the_files_that_they_stand_in(self):
        files = {path: path.read_bytes() for path in self.stack.settings.directory.rglob("*") if path.is_file()}
        holding = {path for path, octets in files.items() if any(one in octets for one in self.secrets().values())}
        self.assertGreater(len(holding), len(SECRETS) + len(KEYS), "Janus's and coturn's configuration, too")
        for path in holding:
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)
        self.assertEqual(self.stack.settings.secrets.stat().st_mode & 0o077, 0)


if __name__ == "__main__":
    unittest.main()
