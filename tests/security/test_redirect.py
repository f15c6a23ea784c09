"""An answer that sends the gateway elsewhere: it goes nowhere but to the servers of its configuration, whoever
asks it to."""

from inside_case import STRANGER, InsideCase


class Redirect(InsideCase):
    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.elsewhere = await self.peer_at(STRANGER)

    def redirect(self, request, status):
        self.peer.answer(request, status, Contact=f"<sip:900@{self.elsewhere.address}>")

    async def nobody_came(self, asked):
        """Neither there nor here again."""
        await self.answers()
        self.assertEqual([one.start for one in self.elsewhere.waiting], [])
        self.assertEqual([one.start for one in self.peer.waiting if one.method == asked.method], [])

    async def call_redirected(self, page, status, rings):
        await page.request({"request": "call", "uri": "5551234"})
        invite = await self.peer.receive("INVITE")
        if rings:
            self.peer.answer(invite, 180)
            await page.event("ringing")
        self.redirect(invite, status)
        ended, _ = await page.event("hangup")
        self.assertEqual(ended["code"], status)
        await self.nobody_came(invite)

    async def test_a_call(self):
        page = await self.sign_in()
        for status in (300, 301, 302, 305, 380):
            with self.subTest(status):
                await self.call_redirected(page, status, rings=False)

    async def test_a_call_that_rings(self):
        page = await self.sign_in()
        for status in (302, 305):
            with self.subTest(status):
                await self.call_redirected(page, status, rings=True)

    async def test_a_message(self):
        page = await self.sign_in()
        for status in (302, 305):
            with self.subTest(status):
                await page.request({"request": "message", "content": "x", "uri": "7002"})
                message = await self.peer.receive("MESSAGE")
                self.redirect(message, status)
                delivery, _ = await page.event("messagedelivery")
                self.assertEqual(delivery["code"], status)
                await self.nobody_came(message)

    async def test_a_registration(self):
        """It has failed, and the page is told with what; a REGISTER has credentials to lose."""
        took = self.peer.receive_message
        for status in (302, 305):
            with self.subTest(status):
                self.peer.receive_message = lambda message, status=status: (
                    self.redirect(message, status) if message.method == "REGISTER" else took(message))
                page = await self.open_page()
                await page.request({"request": "register", "username": next(self.free_dns), "secret": self.password})
                failed, _ = await page.event("registration_failed")
                self.assertEqual(failed["code"], status)
                self.assertEqual(self.elsewhere.registers, 0)
                self.peer.receive_message = took
                await page.event("registered", timeout=15)
