"""One client asks for more than is good for the others: Janus handles, sign-ins to one DN and to many, and a token
that is used again by whoever has got hold of it."""

import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from stack_case import ROOT, StackCase  # noqa: E402

HANDLES = 1000
MEGABYTE = 1 << 20


class Handles(StackCase):
    settings = {"sign_in": "token"}
    options = {"sign_in": "  max_handles_per_subject = 3"}

    def token(self, subject, *dns, lifetime=3600):
        command = [ROOT / "scripts" / "token", "--key", self.stack.settings.secrets / "jwt.key",
                   "--lifetime", str(lifetime), subject, *dns]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    async def register(self, page, token, dn=None):
        return (await page.request({"request": "register", "username": dn or self.dn, "token": token}))[0]

    async def takes_a_call(self, dn):
        """Another agent signs in and is called."""
        page = await self.open_page(frequency=900)
        await self.register(page, self.token(f"agent-{dn}", dn), dn)
        _, jsep = await page.request({"request": "update"}, await page.offer())
        await page.take_answer(jsep)
        self.dn = dn
        call, _ = await self.answered_call(page)
        await self.both_ways(page, call, near=900)

    def resident(self):
        status = pathlib.Path(f"/proc/{self.stack.child('janus').pid()}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS"))

    async def test_handles_without_end(self):
        """Attached and never signed in; what one costs."""
        page = await self.open_page()
        before = self.resident()
        for number in range(HANDLES):
            await page._socket.send(json.dumps({"janus": "attach", "plugin": "janus.plugin.genesys",
                                                "session_id": page.session, "transaction": f"a{number}"}))
        await self.eventually(lambda: sum(message["janus"] == "success" for message in page._events) == HANDLES,
                              f"{HANDLES} handles", 20)
        grown = self.resident() - before
        print(f"\n{HANDLES} handles: {grown / HANDLES / 1024:.1f} KiB each")
        self.assertLess(grown, 64 * MEGABYTE)
        await self.takes_a_call(next(self.free_dns))

    async def test_one_token_for_many_handles(self):
        """So many DNs at once, whichever sockets they come by; the one more is told, and others sign in."""
        dns = [next(self.free_dns) for _ in range(5)]
        token = self.token("mallory", *dns)
        pages = [await self.open_page() for _ in dns]
        for page, dn in zip(pages[:3], dns):
            await self.register(page, token, dn)
        for page, dn in zip(pages[3:], dns[3:]):
            with self.assertRefused(465, "too_many_handles"):
                await self.register(page, token, dn)
        await self.takes_a_call(next(self.free_dns))
        await pages[0].request({"request": "unregister"})
        await self.register(pages[3], token, dns[3])

    async def test_a_dn_has_one_page(self):
        """However often a subject signs in to its DN: the last page has it, and each before was told."""
        token = self.token("carol", self.dn)
        pages = []
        for _ in range(20):
            pages.append(await self.open_page())
            await self.register(pages[-1], token)
        for page in pages[:-1]:
            await page.event("taken_over")
        shown = await self.plugin_admin(request="show_dn", dn=self.dn)
        self.assertEqual((shown["subject"], shown["page"]), ("carol", True))
        self.assertNotIn("taken_over", pages[-1].seen())

    async def test_a_stolen_token(self):
        """Whoever has it is its subject: the owner is told at once and can take the DN back; after its end it is
        good for nothing, and neither is it for another DN."""
        owner, thief = await self.open_page(), await self.open_page()
        token = self.token("dora", self.dn, lifetime=3)
        await self.register(owner, token)
        await self.register(thief, token)
        await owner.event("taken_over")
        with self.assertRefused(462, "dn_not_allowed", "username"):
            await self.register(await self.open_page(), token, next(self.free_dns))
        fresh = self.token("dora", self.dn)
        await self.register(owner, fresh)
        await thief.event("taken_over")

        async def over():
            from janus_client import RequestRefused
            try:
                await self.register(thief, token)
            except RequestRefused as refusal:
                return refusal.code == 461
            return False
        await self.eventually(over, "the old token's end", 6)
        with self.assertRefused(461, "token_expired", "token"):
            await self.register(await self.open_page(), token)

    async def test_signed_for_another_dn(self):
        """The token names the DN: no request of the page can be about another one."""
        page = await self.open_page()
        await self.register(page, self.token("eve", self.dn))
        other = next(self.free_dns)
        victim = await self.open_page()
        await self.register(victim, self.token("victim", other), other)
        call = await self.sim.ring(other)
        incoming, _ = await victim.event("incomingcall")
        for request in ("accept", "decline", "hangup", "hold", "transfer", "progress"):
            with self.assertRefused(454, "no_such_call", "call_id"):
                await page.request({"request": request, "call_id": incoming["call_id"],
                                    **({"uri": "9001"} if request == "transfer" else {})})
        self.assertEqual((await self.sim.call(call))["state"], "ringing")
        await self.sim.hang_up(call)
