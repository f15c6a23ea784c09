"""The dashboard and the alerts as operators see them: a real Prometheus scrapes the gateway with its calls, and
every panel has something to show."""

import json
import shutil
import socket
import subprocess
import urllib.parse
import urllib.request

from stack_case import ADDRESS, ROOT, StackCase
from genesys_stack.render import render_tree  # found by way of stack_case

PORT = 9090
BOARD = json.loads((ROOT / "conf" / "grafana" / "janus-genesys.json").read_text())
RULES = ROOT / "conf" / "prometheus" / "janus-genesys.rules.yml"


def panels():
    """Title and expression of everything that the dashboard draws."""
    return [(panel["title"], target["expr"].replace("$__rate_interval", "1m").replace("$instance", ".*"))
            for panel in BOARD["panels"] for target in panel.get("targets", ())]


class Dashboard(StackCase):
    dns = "7000-7009"
    entries = ('number = "7103"',)  # the stand-in knows no such DN

    @classmethod
    def make_template(cls, directory):
        cls.sections = f'cdr: {{ file = "{directory / "calls.jsonl"}" }}\n'
        return super().make_template(directory)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        directory = cls.stack.settings.directory / "prometheus"
        directory.mkdir()
        made = directory / "prometheus.yml"
        target = f'          - "127.0.0.1:{cls.stack.settings.ports.inside}"'
        render_tree({ROOT / "conf" / "prometheus" / "prometheus.yml.in": made},
                    {"RULES_FILE": RULES, "TARGET_LINES": target})
        made.write_text(made.read_text().replace("interval: 15s", "interval: 1s"))
        log = (directory / "log").open("wb")
        cls.addClassCleanup(log.close)
        program = subprocess.Popen(
            [shutil.which("prometheus"), f"--config.file={made}", f"--storage.tsdb.path={directory / 'data'}",
             f"--web.listen-address=127.0.0.1:{PORT}"], stdout=log, stderr=log)
        cls.addClassCleanup(program.wait)
        cls.addClassCleanup(program.terminate)

    async def ask(self, path, **parameters):
        """Prometheus's answer; None while it is not there yet."""
        def get():
            query = urllib.parse.urlencode(parameters)
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/api/v1/{path}?{query}", timeout=5) as answer:
                return json.load(answer)["data"]
        try:
            return get()
        except OSError:
            return None

    async def shows(self, expression):
        found = await self.ask("query", query=expression)
        return bool(found) and [one for one in found["result"] if one["value"][1] != "NaN"]

    async def alerts(self):
        """The state of each alert: "inactive", "pending" or "firing"."""
        found = await self.ask("rules") or {"groups": ()}
        return {rule["name"]: rule["state"] for group in found["groups"] for rule in group["rules"]}

    async def some_calls(self, page):
        """One of everything that the figures tell apart."""
        await page.request({"request": "call", "uri": "9010"})  # busy
        await page.event("hangup")
        other = await self.open_page()
        with self.assertRefused(460, "bad_credential", "secret"):
            await other.request({"request": "register", "username": "7009", "secret": "guessed wrong"})
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind((ADDRESS, 0))
            stranger.sendto(b"OPTIONS sip:x SIP/2.0\r\n\r\n", ("127.0.0.1", self.stack.settings.ports.sip))
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call)
        return call

    async def test_every_panel_shows_the_calls(self):
        page = await self.sign_in()

        async def scraped():
            return await self.shows("janus_genesys_info")
        await self.eventually(scraped, "Prometheus has scraped the gateway", 20)
        for _ in range(2):  # a rate is made of two values
            call = await self.some_calls(page)
            await self.judged()
            await self.sim.hang_up(call)
            await page.event("hangup")
        await self.some_calls(page)  # one is in progress

        async def missing():
            return [(title, one) for title, one in panels() if not await self.shows(one)]

        async def complete():
            return not await missing()
        try:
            await self.eventually(complete, "every panel", 15)
        except AssertionError:
            self.assertEqual(await missing(), [])
        calls = await self.ask("query", query='sum(janus_genesys_calls{direction="in",state="established"})')
        self.assertEqual(calls["result"][0]["value"][1], "1")

    async def test_only_the_dn_that_fails_would_alarm(self):
        async def failed():
            return (await self.alerts()).get("DnsFailed") == "pending"  # it fires after five minutes
        await self.eventually(failed, "DN 7103 is noticed", 20)
        others = {name: state for name, state in (await self.alerts()).items() if name != "DnsFailed"}
        self.assertGreaterEqual(len(others), 9)
        self.assertEqual(set(others.values()), {"inactive"}, others)
