"""janus-genesys-dialplan on configuration files of the test's own."""

import os
import pathlib
import subprocess
import tempfile
import unittest

TOOL = os.environ["DIALPLAN_TOOL"]

CONFIG = """\
sip_server = { host = "192.0.2.1"; local_address = "192.0.2.10"; };
sign_in = { algorithm = "HS256"; key_file = "jwt.key"; audience = "a"; };
dns = ( { range = "7000-7009"; }, { number = "7009"; roles = ["supervisor"]; } );
dial_plan = {
  trunks = ( { name = "carrier"; addresses = ["192.0.2.31"]; } );
  outgoing = (
    { name = "plus"; patterns = ["+."]; action = "go_on"; strip = 1; prefix = "00"; },
    { name = "abroad"; patterns = ["00."]; action = "allow"; roles = ["supervisor"]; },
    { name = "no abroad"; patterns = ["00."]; action = "deny"; },
    { name = "outside"; patterns = ["0Z."]; action = "allow"; strip = 1; prefix = "9"; }
  );
  incoming = (
    { name = "desk"; patterns = ["4930"]; ring = ["7001", "7002"]; },
    { name = "closed"; patterns = ["7000"]; trunks = ["carrier"]; reject = 603; }
  );
};
"""


class DialplanTool(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="genesys-dialplan.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        key = self.folder / "jwt.key"
        key.write_text("0123456789abcdef0123456789abcdef")
        key.chmod(0o600)
        self.write(CONFIG)

    def write(self, text):
        (self.folder / "plugin.jcfg").write_text(text)

    def run_tool(self, *arguments):
        return subprocess.run([TOOL, *arguments], capture_output=True, text=True, timeout=20)

    def explain(self, number, *arguments):
        """Exit status, and the last line of the explanation."""
        done = self.run_tool("--config", str(self.folder / "plugin.jcfg"), "--explain", number, *arguments)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout.splitlines()[-1]

    def test_what_agents_dial(self):
        self.assertEqual(self.explain("05551234"), (0, "result: 95551234 is called"))
        self.assertEqual(self.explain("sip:05551234@elsewhere"), (0, "result: 95551234 is called"))
        self.assertEqual(self.explain("+33123"), (1, "result: denied"))
        self.assertEqual(self.explain("+33123", "--role", "agent"), (1, "result: denied"))
        self.assertEqual(self.explain("+33123", "--role", "agent", "--role", "supervisor", "--from", "7001"),
                         (0, "result: 0033123 is called"))
        self.assertEqual(self.explain("+33123", "--from", "7009"), (0, "result: 0033123 is called"))

    def test_each_step_is_told(self):
        done = self.run_tool("--config", str(self.folder / "plugin.jcfg"), "--explain", "+33123")
        self.assertEqual(done.stdout.splitlines(), [
            "+33123 is dialled by an agent without a role",
            "  rule 'plus' (line 7), \"+.\" is for +33123: strip 1, prefix \"00\" -> 0033123, go on",
            "  rule 'abroad' (line 8), \"00.\" is for 0033123: passed over, it is for the role(s) supervisor",
            "  rule 'no abroad' (line 9), \"00.\" is for 0033123: deny",
            "result: denied"])

    def test_who_rings(self):
        self.assertEqual(self.explain("4930", "--incoming"), (0, "result: DNs 7001, 7002 ring together"))
        self.assertEqual(self.explain("7000", "--incoming"), (0, "result: DN 7000 rings"))
        self.assertEqual(self.explain("7000", "--incoming", "--from", "192.0.2.31"),
                         (1, "result: rejected with 603"))
        self.assertEqual(self.explain("8000", "--incoming"), (1, "result: rejected with 404"))

    def test_a_wrong_plan_is_refused_at_its_line(self):
        self.write(CONFIG.replace('["0Z."]', '["0033."]'))
        done = self.run_tool("--config", str(self.folder / "plugin.jcfg"), "--explain", "1")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("plugin.jcfg:10: dial_plan.outgoing[3]: rule 'outside': \"0033.\" is never reached",
                      done.stderr)

    def test_wrong_arguments(self):
        config = ("--config", str(self.folder / "plugin.jcfg"))
        for arguments, reason in (((), "--config is missing"), (config, "--explain is missing"),
                                  ((*config, "--explain"), "--explain: unknown, or no value"),
                                  ((*config, "--explain", "1", "--rolle", "x"), "--rolle: unknown"),
                                  ((*config, "--explain", "1", "2"), "2: is no option"),
                                  ((*config, "--explain", "a;b"), "a;b cannot be dialled"),
                                  ((*config, "--explain", "1", "--from", "8"), "DN 8 is not in dns"),
                                  ((*config, "--explain", "1", "--incoming", "--role", "x"), "--role: a call"),
                                  (("--config", "/nonexistent", "--explain", "1"), "/nonexistent: cannot be read")):
            with self.subTest(arguments):
                done = self.run_tool(*arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
                self.assertIn(reason, done.stderr)
        self.assertEqual(self.run_tool("--help").returncode, 0)
