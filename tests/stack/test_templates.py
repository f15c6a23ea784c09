"""Templates are filled in whole or not at all; secrets are made once and kept from others."""

import pathlib
import stat
import subprocess
import tempfile
import unittest

from genesys_stack.errors import StackError
from genesys_stack.render import render_text, render_tree
from genesys_stack.settings import ROOT


class Rendering(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def template(self, text: str) -> dict[pathlib.Path, pathlib.Path]:
        (self.folder / "t.in").write_text(text)
        return {self.folder / "t.in": self.folder / "t"}

    def test_every_name_is_replaced_and_nothing_else(self):
        text, used = render_text("a@b.c @X@-@Y_2@ @x@", {"X": "1", "Y_2": 2})
        self.assertEqual(text, "a@b.c 1-2 @x@")
        self.assertEqual(used, {"X", "Y_2"})

    def test_a_missing_value_is_named_with_its_line(self):
        with self.assertRaisesRegex(StackError, r"t\.in:2: no value for @GONE@"):
            render_tree(self.template("one\n@GONE@\n"), {})
        self.assertFalse((self.folder / "t").exists())

    def test_a_value_without_a_place_is_an_error(self):
        with self.assertRaisesRegex(StackError, "no template uses @EXTRA@"):
            render_tree(self.template("@X@"), {"X": "1", "EXTRA": "2"})

    def test_a_value_cannot_leave_its_place(self):
        for value in ('a"; evil = "b', "a\nb", "a;b", "a{b", "a\\b"):
            with self.subTest(value), self.assertRaisesRegex(StackError, "@X@"):
                render_text('x = "@X@"', {"X": value})

    def test_the_output_is_for_its_owner_alone(self):
        render_tree(self.template("@X@"), {"X": "secret"})
        self.assertEqual(stat.S_IMODE((self.folder / "t").stat().st_mode), 0o600)


class Secrets(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name, "secrets")

    def make(self, *names: str) -> dict[str, bytes]:
        done = subprocess.run([ROOT / "scripts" / "secrets", self.folder, *names], check=True,
                              capture_output=True)
        self.assertEqual(done.stdout + done.stderr, b"")
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}

    def test_they_are_made_once(self):
        first = self.make("phone.test", "192.0.2.1")
        self.assertEqual(first, self.make("phone.test", "192.0.2.1"))

    def test_another_name_changes_the_certificate_alone(self):
        first, second = self.make("phone.test"), self.make("other.test")
        changed = {name for name in first if first[name] != second[name]}
        self.assertEqual(changed, {"tls.crt", "tls.key", "tls.names"} | changed & {"ca.srl"})

    def test_nobody_else_can_read_them(self):
        self.make("phone.test")
        self.assertEqual(stat.S_IMODE(self.folder.stat().st_mode), 0o700)
        for path in self.folder.iterdir():
            self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path.name)

    def test_each_is_long_and_of_its_own(self):
        made = self.make()
        lengths = {"admin.secret": 32, "turn.secret": 43, "jwt.key": 64, "agent.password": 12}
        self.assertEqual({name: len(made[name]) for name in lengths}, lengths)
        self.assertEqual(len({made[name][:12] for name in lengths}), len(lengths))


class Samples(unittest.TestCase):
    def test_no_template_holds_a_secret(self):
        """Whatever a template calls a secret, password or key is filled in, or a file's name."""
        for path in (ROOT / "conf").rglob("*.in"):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                name, _, value = line.strip().partition("=")
                if line.strip().startswith("#") or not value:
                    continue
                if any(word in name.lower() for word in ("secret", "password", "pwd")) and "use-" not in name:
                    self.assertRegex(value, r"@[A-Z_]+@", f"{path}:{number}")


if __name__ == "__main__":
    unittest.main()
