"""Kamailio between SIP Server and two gateway nodes: one contact for each DN, and two Kamailios that know
the same."""

from kamailio_case import KamailioCase

PASSWORD_DN = "7101"


class Registrations(KamailioCase):
    entries = (f'number = "{PASSWORD_DN}"; password = "sip-secret"',)
    sim_options = ("--dn", f"{PASSWORD_DN}=sip-secret", "--authenticate", "register,invite")

    async def registered(self, dn, node):
        """SIP Server has Kamailio's address, both Kamailios the node's."""
        await self.eventually(lambda: self.holder(dn) == self.contact_at(node, dn), f"{dn} at node {node}")
        await self.eventually(lambda: self.holder(dn, 1) == self.contact_at(node, dn), "the second knows, too")
        self.assertEqual((await self.binding(dn))["contact"], self.contact_of(dn))

    async def test_one_contact_for_each_dn(self):
        first, first_dn = await self.sign_in_at(1, audio=False)
        _, second_dn = await self.sign_in_at(2, audio=False)
        await self.registered(first_dn, 1)
        await self.registered(second_dn, 2)
        granted = await self.plugin_admin(request="show_dn", dn=first_dn)
        self.assertEqual((granted["registration"], granted["expires"]), ("registered", 1800))
        await first.request({"request": "unregister"})

        async def gone():
            return await self.binding(first_dn) is None
        await self.eventually(gone, "the binding removed", 10)
        for index in (0, 1):
            await self.eventually(lambda: self.holder(first_dn, index) is None, "both forget it")

    async def test_digest_end_to_end(self):
        page = await self.sign_in(PASSWORD_DN, node=2)
        await self.registered(PASSWORD_DN, 2)
        registers = self.messages("REGISTER", PASSWORD_DN)
        self.assertNotIn("Authorization", registers[0].values)
        self.assertIn('realm="genesys"', registers[1].values["Authorization"])
        # INVITE is challenged as well, by 407.
        calling, _ = await page.request({"request": "call", "uri": "9004"})
        await page.event("accepted", call_id=calling["call_id"])
        await page.hears(440, -10)
        await page.request({"request": "hangup"})

    async def test_who_leaves_late_takes_nothing_away(self):
        """An agent goes over to another node; the binding stays when the first node lets the DN go."""
        first, dn = await self.sign_in_at(1, audio=False)
        await self.registered(dn, 1)
        page = await self.sign_in(dn, node=2)
        await self.registered(dn, 2)
        await first.request({"request": "unregister"})

        async def off():
            return (await self.plugin_admin(request="show_dn", dn=dn))["registration"] == "off"
        await self.eventually(off, "the first node is through with it", 10)
        await self.registered(dn, 2)
        await self.call_in(page, dn)
