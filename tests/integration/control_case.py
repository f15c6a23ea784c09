"""A stack that is administered as an operator does it: by genesysctl."""

import asyncio
import json
import sys

from stack_case import ROOT, StackCase

CTL = ROOT / "scripts" / "genesysctl"


class ControlCase(StackCase):
    async def ctl(self, *words, status=0):
        """What genesysctl prints on standard output, and on standard error."""
        settings = self.stack.settings
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-B", str(CTL), "--url", f"http://127.0.0.1:{settings.ports.admin}/admin",
            "--secret-file", str(settings.secrets / "admin.secret"), *words,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
        out, err = await asyncio.wait_for(process.communicate(), 30)
        self.assertEqual(process.returncode, status, f"genesysctl {' '.join(words)}: {out} {err}")
        return out.decode(), err.decode()

    async def ctl_json(self, *words, status=0):
        return json.loads((await self.ctl("--json", *words, status=status))[0])

    async def all_in_service(self):
        """Every DN of the stack that registers by itself has done so."""
        async def settled():
            dns = (await self.plugin_admin(request="list_dns"))["dns"]
            return all(dn["registration"] in ("registered", "failed", "static") for dn in dns)
        await self.eventually(settled, "every DN settled", 10)
