"""Behind a NAT the gateway names the outside addresses: one for SIP, one for media."""

from sip_peer import sdp
from test_transfer import PeerCase

SIP, MEDIA = "198.51.100.7", "198.51.100.8"


class Advertised(PeerCase):
    options = {"sip_server": f'  advertised_address = "{SIP}"\n', "media": f'  advertised_address = "{MEDIA}"\n'}

    @property
    def contact(self):
        return f"<sip:{self.dn}@{SIP}:{self.stack.settings.ports.sip}>"

    def via(self):
        port = self.stack.settings.ports.sip
        return f"SIP/2.0/UDP {SIP}" + (f":{port}" if port != 5060 else "")

    async def test_every_message_names_the_outside_addresses(self):
        page = await self.sign_in()
        register = self.peer.last_register
        self.assertIn(self.contact, register["Contact"])
        self.assertTrue(register["Via"].startswith(self.via()), register["Via"])
        # A call in ...
        dialog = self.peer.dialog(self.dn)
        cseq = dialog.send("INVITE", sdp(26000))
        incoming, _ = await page.event("incomingcall")
        self.assertIn(self.contact, (await dialog.receive(180))["Contact"])
        await page.request({"request": "accept"})
        answer = await dialog.receive(200, method="INVITE")
        self.assertIn(self.contact, answer["Contact"])
        self.assertIn(f"c=IN IP4 {MEDIA}\r\n", answer.body)
        self.assertNotIn("127.0.0.1", answer.body)
        dialog.theirs = answer["To"]
        dialog.send("ACK", cseq=cseq)
        await page.event("accepted", call_id=incoming["call_id"])
        await page.request({"request": "hangup"})
        bye = await dialog.receive("BYE")
        self.assertTrue(bye["Via"].startswith(self.via()), bye["Via"])
        self.peer.answer(bye, 200)
        await page.event("hangup")
        # ... and a call out.
        await page.request({"request": "call", "uri": "5551234"})
        invite = await self.peer.receive("INVITE")
        self.assertIn(self.contact, invite["Contact"])
        self.assertTrue(invite["Via"].startswith(self.via()), invite["Via"])
        self.assertIn(f"c=IN IP4 {MEDIA}\r\n", invite.body)
        self.peer.answer(invite, 486)
        await page.event("hangup")

    async def test_the_answer_to_options_too(self):
        dialog = self.peer.dialog(self.dn)
        dialog.send("OPTIONS")
        answer = await dialog.receive(200, method="OPTIONS")
        self.assertNotIn("127.0.0.1:%d" % self.stack.settings.ports.sip, answer["Contact"])
