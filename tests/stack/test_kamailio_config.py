"""Kamailio takes what its template becomes, in every form; and so do the lists that belong to it."""

import dataclasses
import itertools
import pathlib
import subprocess
import tempfile
import unittest

from genesys_stack import configuration
from genesys_stack.settings import ROOT, Settings


class Configuration(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.settings = Settings(directory=pathlib.Path(scratch.name), address="", only=(), node_count=2,
                                 kamailio_count=1)

    def check(self, **changed) -> pathlib.Path:
        settings = dataclasses.replace(self.settings, **changed)
        configuration.render_configuration(settings, None)
        for one in settings.kamailios:
            done = subprocess.run(["kamailio", "-c", "-f", one.directory / "kamailio.cfg"],
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
        return settings.kamailios[0].directory

    def test_every_form_is_valid(self):
        for count, transport, server in itertools.product((1, 2), ("udp", "tcp"), ("", "tls")):
            with self.subTest(kamailios=count, transport=transport, server=server):
                self.check(kamailio_count=count, sip_transport=transport, server_transport=server)

    def test_a_fault_is_found(self):
        """That is, the check above means something."""
        folder = self.check()
        config = folder / "kamailio.cfg"
        config.write_text(config.read_text().replace("t_relay()", "t_relai()"))
        done = subprocess.run(["kamailio", "-c", "-f", config], capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)

    def test_every_node_is_a_destination_and_a_peer(self):
        folder = self.check()
        for node in self.settings.nodes:
            self.assertIn(f"\n1 sip:{node.inside}:5060 ", (folder / "dispatcher.list").read_text())
            self.assertIn(f"\n1 {node.inside} 32 ", (folder / "address.list").read_text())

    def test_the_guide_gives_every_value(self):
        """What operations.md has to be typed names each value of the templates."""
        guide = (ROOT / "docs" / "operations.md").read_text()
        values = {**configuration.kamailio_values(self.settings, self.settings.kamailios[0]),
                  **configuration.kamailio_tls_values(self.settings)}
        for name, value in values.items():
            self.assertIn(f"{name}=", guide, value)


if __name__ == "__main__":
    unittest.main()
