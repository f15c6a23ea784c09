"""Prometheus's own tool on what we ship for it: scrape configuration and alert rules."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from genesys_stack.render import render_tree
from genesys_stack.settings import ROOT

RULES = ROOT / "conf" / "prometheus" / "janus-genesys.rules.yml"


class Prometheus(unittest.TestCase):
    def promtool(self, *words):
        if not shutil.which("promtool"):
            self.skipTest("promtool is not installed: scripts/setup test")
        done = subprocess.run(["promtool", *map(str, words)], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_rules(self):
        self.assertIn("10 rules found", self.promtool("check", "rules", RULES))

    def test_when_the_alerts_fire(self):
        self.assertIn("SUCCESS", self.promtool("test", "rules", pathlib.Path(__file__).with_name("alerts.yml")))

    def test_scrape_configuration(self):
        with tempfile.TemporaryDirectory() as scratch:
            made = pathlib.Path(scratch, "prometheus.yml")
            render_tree({ROOT / "conf" / "prometheus" / "prometheus.yml.in": made},
                        {"RULES_FILE": RULES, "TARGET_LINES": '          - "127.0.0.1:9188"'})
            self.promtool("check", "config", made)

    def test_dashboard(self):
        board = json.loads((ROOT / "conf" / "grafana" / "janus-genesys.json").read_text())
        panels = [panel for panel in board["panels"] if panel["type"] != "row"]
        self.assertGreater(len(panels), 20)
        self.assertEqual(len({panel["id"] for panel in board["panels"]}), len(board["panels"]))
        for panel in panels:
            for target in panel["targets"]:
                with self.subTest(panel["title"]):
                    expression = target["expr"].replace("$__rate_interval", "5m").replace("$instance", ".*")
                    self.check_expression(expression)

    def check_expression(self, expression):
        """promtool knows expressions as parts of rules only."""
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            json.dump({"groups": [{"name": "g", "rules": [{"record": "x", "expr": expression}]}]}, file)
            file.flush()
            self.promtool("check", "rules", file.name)


if __name__ == "__main__":
    unittest.main()
