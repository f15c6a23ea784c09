"""nginx, or the guard behind it, reloads or dies in mid-call: the call goes on, the pages come back."""

import os
import signal
import ssl
import unittest

from through_nginx import ADDRESS, ThroughNginx, children
from genesys_stack import files
from genesys_stack.probe import port_is_free

BACK = 3  # s, from the moment that it can be reached again


class Nginx(ThroughNginx):
    async def in_call(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        return page, call, await self.both_ways(page, call), await self.open_session()

    async def claimed(self, page):
        """The page on a new WebSocket, with the session and the PeerConnection that it had."""
        again = await self.open_page()
        await again.claim(page)
        return again

    async def dies(self, name):
        page, call, media, session = await self.in_call()
        self.kill(name)
        await self.eventually(lambda: session.when("reconnecting"), "the page has noticed")
        await self.unbroken(page, call, media)
        ready = self.restart(name)
        back = await self.eventually(lambda: session.when("reclaimed"), "the page is back", BACK + 1)
        self.assertLess(back - ready, BACK)
        self.assertEqual(len(session.ids()), 1, session.told)
        again = await self.claimed(page)
        await self.unbroken(page, call, media)
        await again.request({"request": "hangup"})
        ended = await self.sim.state(call, "ended")
        self.assertEqual(ended["ended"]["by"], "phone")

    async def test_nginx_killed(self):
        await self.dies("nginx")

    async def test_guard_killed(self):
        await self.dies("guard")

    async def test_the_master_alone_killed(self):
        """Its workers go on with what they have, and a new nginx takes their place once they are gone."""
        page, call, media, session = await self.in_call()
        master = self.stack.child("nginx").pid()
        workers = children(master)
        os.kill(master, signal.SIGKILL)
        self.stack.child("nginx").process.wait()
        await page.request({"request": "query"})
        self.assertEqual(session.events(), ["connected"])
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        await self.eventually(lambda: port_is_free("tcp", ADDRESS, self.stack.settings.ports.https), "the port")
        self.restart("nginx")
        await self.eventually(lambda: session.when("reclaimed"), "the page is back", 10)
        await self.unbroken(page, call, media)

    async def test_reload(self):
        """Old workers keep their WebSockets, new ones take what comes."""
        page, call, media, session = await self.in_call()
        master = self.stack.child("nginx").pid()
        old = set(children(master))
        os.kill(master, signal.SIGHUP)
        await self.eventually(lambda: set(children(master)) - old, "new workers")
        another = await self.open_session()
        result, _ = await page.request({"request": "query"})
        self.assertEqual(result["event"], "registered")
        await self.unbroken(page, call, media)
        self.assertEqual((session.events(), another.events()), (["connected"], ["connected"]))
        self.assertTrue(old & set(children(master)), "who else has the WebSockets?")

    async def test_a_new_certificate(self):
        """Put in place and reloaded: who comes is shown the new one; the call, and the WebSockets that stand under
        the old one, go on."""
        page, call, media, session = await self.in_call()
        old = self.certificate()
        (self.stack.settings.secrets / "tls.names").unlink()  # so that scripts/secrets makes another
        files.make_secrets(self.stack.settings)
        self.assertEqual(self.certificate(), old, "a file alone changes nothing")
        os.kill(self.stack.child("nginx").pid(), signal.SIGHUP)
        await self.eventually(lambda: self.certificate() != old, "the new certificate")
        await self.open_session()
        result, _ = await page.request({"request": "query"})
        self.assertEqual(result["event"], "registered")
        await self.unbroken(page, call, media)
        self.assertEqual(session.events(), ["connected"])

    def certificate(self):
        """What nginx shows now, as PEM."""
        return ssl.get_server_certificate((ADDRESS, self.stack.settings.ports.https))


if __name__ == "__main__":
    unittest.main()
