"""From two gateway nodes to three, by the commands of docs/operations.md, while calls go on."""

import re
import subprocess

from kamailio_case import KamailioCase
from stack_case import ROOT, SECOND_AGENT


class Scale(KamailioCase):
    settings = {**KamailioCase.settings, "node_count": 3}

    def run_guide(self, index):
        """The commands of the section for that Kamailio, with this stack's addresses and paths."""
        guide = (ROOT / "docs" / "operations.md").read_text()
        section = guide.partition("### From two nodes to three\n")[2].partition("\n### ")[0]
        commands = section.partition("```\n")[2].partition("```")[0]
        one = self.kamailio(index)
        for written, here in (("192.0.2.12", self.node(3).inside), ("/etc/kamailio", str(one.directory)),
                              ("ask_kamailio", f"kamcmd -s unix:{one.control}")):
            self.assertIn(written, commands)
            commands = commands.replace(written, here)
        return subprocess.run(["bash", "-euo", "pipefail", "-c", commands], capture_output=True, text=True,
                              check=True, timeout=20).stdout

    def take_out(self, index):
        """As if the third node had never been."""
        for name in ("address.list", "dispatcher.list"):
            path = self.kamailio(index).directory / name
            lines = path.read_text().splitlines(keepends=True)
            path.write_text("".join(line for line in lines if self.node(3).inside not in line))
        self.kamcmd("permissions.addressReload", index=index)
        self.kamcmd("dispatcher.reload", index=index)

    async def test_a_third_node(self):
        for index in (0, 1):
            self.take_out(index)
            self.assertIsNone(self.node_state(3, index))
        first, dn = await self.sign_in_at(1)
        call = await self.call_in(first, dn)
        # Kamailio does not know the node: a stranger, which gets no answer.
        page, new_dn = await self.open_page(3, frequency=SECOND_AGENT), next(self.free_dns)
        await page.request({"request": "register", "username": new_dn, "secret": self.password})
        failed, _ = await page.event("registration_failed")
        self.assertIn("no answer", failed["reason"])
        for index in (0, 1):
            self.assertTrue(re.search(r"FLAGS: A", self.run_guide(index)))
        await page.event("registered")
        _, jsep = await page.request({"request": "update"}, await page.offer())
        await page.take_answer(jsep)
        await self.call_in(page, new_dn, SECOND_AGENT)
        self.assertEqual(self.holder(new_dn), self.contact_at(3, new_dn))
        first.ear.forget()
        media = await self.both_ways(first, call)
        self.assertLess(media["longest_gap_ms"], 300, media)
