"""Several gateways behind one nginx: which of them an agent's page comes to, also when one is away."""

import re
import subprocess
import unittest

import websockets

from through_nginx import ThroughNginx


class Gateways(ThroughNginx):
    settings = {**ThroughNginx.settings, "node_count": 2, "register_when": "on_sign_in"}
    more = ""
    spread_once = {}

    @property
    def guards(self):
        return [node.ports.guard for node in self.stack.settings.nodes]

    def held(self):
        """How many WebSockets nginx holds to each guard."""
        listed = subprocess.run(["ss", "-Hnt", "state", "established"], text=True, capture_output=True,
                                check=True).stdout
        peers = re.findall(r"\s127\.0\.0\.1:(\d+)\s*$", listed, re.MULTILINE)
        return {port: peers.count(str(port)) for port in self.guards}

    @property
    def url(self):
        return super().url + self.more

    async def came_to(self, dn, cookie=None, more=""):
        """(port of the guard that a page of that DN came to, the cookie that it was given); `more` of the query."""
        self.dn, self.more = dn, more
        before = self.held()
        page = await self.open_page_with(cookie)
        found = await self.eventually(
            lambda: [port for port, count in self.held().items() if count > before[port]], "its WebSocket")
        given = page._socket.response_headers.get("Set-Cookie", "")
        await page.leave()
        await self.eventually(lambda: self.held() == before, "its end")
        return found[0], given.split(";")[0]

    async def open_page_with(self, cookie):
        page = self.make_page()
        if cookie:
            page.connecting["extra_headers"] = {"Cookie": cookie}
        await page.__aenter__()
        self.addAsyncCleanup(page.leave)
        return page

    async def spread(self):
        """{DN: the guard that it comes to}; always the same, so asked for once but by the test of just that."""
        if not self.spread_once:
            self.spread_once.update(await self.spread_now())
        return self.spread_once

    async def spread_now(self):
        return {dn: (await self.came_to(str(dn)))[0] for dn in range(7000, 7020)}

    async def test_a_dn_always_comes_to_the_same_gateway(self):
        first = await self.spread_now()
        self.assertEqual(set(first.values()), set(self.guards), "both have some")
        self.assertEqual(await self.spread_now(), first)

    async def test_the_cookie_says_which_one_and_is_for_pages_of_this_place_alone(self):
        self.dn = "7001"
        page = await self.open_page_with(None)
        cookie = page._socket.response_headers["Set-Cookie"]
        self.assertRegex(cookie, r"^gateway=7001~[12]; Path=/janus-ws; Secure; HttpOnly; SameSite=Strict$")

    async def test_a_gateway_that_dies_and_returns(self):
        """Its DNs come to the other one within one attempt. Once it is back, a DN that had moved stays, by
        its cookie; another of its DNs, and a page with somebody else's cookie, come to it again."""
        first, second = self.guards
        dns = [dn for dn, port in (await self.spread()).items() if port == second]
        ours = dns[0]
        self.stack.child("guard-2").stop()
        port, cookie = await self.came_to(ours)
        self.assertEqual((port, cookie), (first, f"gateway={ours}~1"))
        self.stack.start_again("guard-2")

        async def is_back():
            return (await self.came_to(dns[1]))[0] == second
        await self.eventually(is_back, "nginx to try it again", 15)
        self.assertEqual((await self.came_to(ours, cookie))[0], first)
        self.assertEqual((await self.came_to(ours))[0], second)
        self.assertEqual((await self.came_to(dns[1], cookie))[0], second)

    async def test_a_gateway_that_was_away_takes_all_that_come(self):
        """nginx remembers no failure: no request has ended well since, for the pages keep their WebSockets."""
        _, second = self.guards
        dns = [dn for dn, port in (await self.spread()).items() if port == second]
        self.stack.child("guard-2").stop()
        self.dn = str(dns[0])
        await (await self.open_page_with(None)).leave()
        self.stack.start_again("guard-2")
        before = self.held()[second]
        for dn in dns:
            self.dn = str(dn)
            await self.open_page_with(None)
        await self.eventually(lambda: self.held()[second] == before + len(dns), "all of them are there")

    async def test_a_page_that_leaves_goes_to_another_gateway(self):
        """As many times as it says that it has left one; afterwards its cookie names the new one."""
        spread = await self.spread()
        for port in self.guards:
            dn = next(one for one, its in spread.items() if its == port)
            other = self.guards[1 - self.guards.index(port)]
            number = self.guards.index(port) + 1
            for leave in ("&leave=1", "&leave=2"):
                came, cookie = await self.came_to(str(dn), f"gateway={dn}~{number}", leave)
                self.assertEqual((came, cookie), (other, f"gateway={dn}~{3 - number}"), dn)
        again = await self.came_to(str(dn), f"gateway={dn}~{number}", "&leave=x")
        self.assertEqual(again[0], port, "what is no number means nothing")

    async def test_a_page_in_its_call_waits_for_its_own_gateway(self):
        first, second = self.guards
        dn = next(dn for dn, port in (await self.spread()).items() if port == second)
        self.stack.child("guard-2").stop()
        with self.assertRaises(websockets.InvalidStatusCode) as refused:
            await self.came_to(str(dn), f"gateway={dn}~2", "&stay=1")
        self.assertEqual(refused.exception.status_code, 503)
        self.assertEqual((await self.came_to(str(dn), f"gateway={dn}~2"))[0], first)
        self.stack.start_again("guard-2")
        self.assertEqual((await self.came_to(str(dn), f"gateway={dn}~2", "&stay=1"))[0], second)

    async def test_the_gateway_of_the_cookie_is_gone(self):
        first, second = self.guards
        dns = [dn for dn, port in (await self.spread()).items() if port == second]
        cookie = (await self.came_to(dns[0]))[1]
        self.stack.child("guard-2").stop()
        self.assertEqual((await self.came_to(dns[0], cookie))[0], first)
        self.stack.start_again("guard-2")

    async def test_a_cookie_of_nowhere(self):
        for cookie in ("gateway=7001~9", "gateway=7001~", "gateway=~1", "gateway=7001~1 127.0.0.1:7088",
                       "gateway=127.0.0.1:7088"):
            with self.subTest(cookie=cookie):
                self.assertEqual((await self.came_to("7001", cookie))[0], (await self.came_to("7001"))[0])


if __name__ == "__main__":
    unittest.main()
