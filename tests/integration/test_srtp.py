"""SRTP on the SIP side against far ends with an SRTP implementation of their own (srtp.py)."""

import asyncio
import struct

from far_end import HERE, FarEnd, Port
from srtp import SUITES, Forged, Srtp
from test_transfer import PeerCase

SHA1_80 = "AES_CM_128_HMAC_SHA1_80"
RTCP_BYE, RTCP_SENDER_REPORT = 203, 200


class SecureFarEnd(FarEnd):
    """A far end that encrypts. `ours` is its own key, `theirs` the gateway's once that has answered."""

    def __init__(self, dn, sip_port, suite=SHA1_80, protocol="RTP/SAVP"):
        super().__init__(dn, sip_port)
        self.protocol, self.ours, self.theirs = protocol, Srtp(suite), None
        self.forged, self.reports = 0, []
        self._rtcp = Port(self._take_rtcp)

    async def __aenter__(self):
        await super().__aenter__()
        self.rtcp_port = await self._rtcp.open()
        return self

    async def __aexit__(self, *args):
        self._rtcp.transport.close()
        await super().__aexit__(*args)

    def sdp(self, payload_types=(0, 8, 101), lines=()):
        lines = (f"a=rtcp:{self.rtcp_port}", self.ours.line(), *lines)
        return super().sdp(payload_types, lines).replace("RTP/AVP", self.protocol)

    def connect(self, answer):
        line = super().connect(answer)
        keys = [text.partition(" ")[2] for text in answer.splitlines() if text.startswith("a=crypto:")]
        assert len(keys) == 1, answer
        if self.theirs is None or self.theirs.line() != Srtp.of_line(keys[0]).line():
            self.theirs = Srtp.of_line(keys[0])
        return line

    def rekey(self):
        self.ours = Srtp(self.ours.suite)

    async def reinvite(self, body=None):
        """A re-INVITE with our SDP; the text of the 200."""
        self.cseq += 1
        self.send("INVITE", self.sdp() if body is None else body)
        answer = await self.answer(200, f"{self.cseq} INVITE")
        self.send("ACK", cseq=self.cseq)
        return answer

    def sendto(self, packet, address):
        self._rtp.transport.sendto(self.ours.protect(packet), address)

    def packet(self, *args, transport=None, **options):
        super().packet(*args, transport=transport or self, **options)

    def _take_rtp(self, data, source):
        if self.theirs is None:
            return  # ahead of the 200 that has the key
        try:
            super()._take_rtp(self.theirs.unprotect(data), source)
        except Forged:
            self.forged += 1

    def _take_rtcp(self, data, _):
        self.reports.append(self.theirs.unprotect_rtcp(data))

    async def both_ways(self, page, frequency, seconds=2.5):
        """Our tone is heard by the page, and the page's 700 Hz here."""
        playing = asyncio.ensure_future(self.play(seconds, frequency=frequency))
        await page.hears(frequency, -10)
        await playing
        sound = self.heard()
        assert abs(sound.frequency - 700) < 5 and sound.purity > 0.9, sound


class SrtpCase(PeerCase):
    def far_end(self, suite=SHA1_80, protocol="RTP/SAVP"):
        return SecureFarEnd(self.dn, self.stack.settings.ports.sip, suite, protocol)

    async def received(self, dn=None):
        calls = (await self.plugin_admin(request="list_calls"))["calls"]
        return next(call["sip_media"]["received"] for call in calls if call["dn"] == (dn or self.dn))

    def assert_no_key_in_log(self):
        self.assertNotIn("inline:", self.janus_log())


class Optional(SrtpCase):
    options = {"dn_defaults": '  srtp = "optional";'}

    async def test_every_suite_both_ways(self):
        page = await self.sign_in()
        for frequency, suite in enumerate(SUITES, 5):
            with self.subTest(suite):
                async with self.far_end(suite) as far:
                    line = await far.call(page)
                    self.assertIn("RTP/SAVP", line)
                    self.assertEqual(far.theirs.suite, suite)
                    await far.both_ways(page, 100 * frequency - 40)
                    answer, _ = await page.request({"request": "query"})
                    self.assertEqual(answer["calls"][0]["srtp"], suite)
                    self.assertEqual((await self.received())["srtp_failed"], 0)
                    await far.hang_up()
                    await page.event("hangup")
                    # The RTCP BYE, encrypted as the audio was.
                    await self.eventually(lambda: far.reports, "a report")
                    kinds = self.kinds(far.reports[-1])
                    self.assertEqual((kinds[0], kinds[-1]), (RTCP_SENDER_REPORT, RTCP_BYE))
                    self.assertEqual(far.forged, 0)
        self.assertIn("their keys travel in SIP without TLS", self.janus_log())
        self.assert_no_key_in_log()

    @staticmethod
    def kinds(compound):
        kinds = []
        while len(compound) >= 4:
            _, kind, words = struct.unpack("!BBH", compound[:4])
            kinds.append(kind)
            compound = compound[4 * (words + 1):]
        return kinds

    async def test_what_the_caller_asks_for(self):
        page = await self.sign_in()
        for far, asked in ((self.far_end(protocol="RTP/AVP"), "sdes_optional"), (self.far_end(), "sdes_mandatory"),
                           (FarEnd(self.dn, self.stack.settings.ports.sip), None)):
            with self.subTest(asked):
                async with far:
                    far.send("INVITE", far.sdp())
                    incoming, _ = await page.event("incomingcall")
                    self.assertEqual(incoming.get("srtp"), asked)
                    await page.request({"request": "accept"})
                    line = far.connect(await far.answer(200))
                    self.assertIn("RTP/SAVP" if asked == "sdes_mandatory" else "RTP/AVP", line)
                    far.send("ACK")
                    accepted, _ = await page.event("accepted")
                    self.assertEqual(accepted.get("srtp"), SHA1_80 if asked else None)
                    await far.hang_up()
                    await page.event("hangup")

    async def test_a_page_that_insists(self):
        page = await self.sign_in()
        async with FarEnd(self.dn, self.stack.settings.ports.sip) as far:
            far.send("INVITE", far.sdp())
            await page.event("incomingcall")
            with self.assertRefused(444, "invalid_field", "srtp"):
                await page.request({"request": "accept", "srtp": "sdes_mandatory"})
            await page.request({"request": "decline"})
            await far.answer(486)
            far.send("ACK", branch="INVITE1")

    async def test_clear_packets_and_strangers_keys_are_not_heard(self):
        page = await self.sign_in()
        async with self.far_end() as far:
            await far.call(page)
            await far.play(0.3)
            heard = (await self.received())["packets"]
            for _ in range(10):
                far.packet(0, bytes(160), transport=far._rtp.transport)  # not encrypted
            own, far.ours = far.ours, Srtp(SHA1_80)
            await far.play(0.2)
            far.ours = own
            await self.eventually(lambda: self.failed(20), "20 packets that are not authentic")
            self.assertEqual((await self.received())["packets"], heard)
            await far.both_ways(page, 440)
            await far.hang_up()

    async def failed(self, count):
        return (await self.received())["srtp_failed"] == count

    async def test_a_far_end_that_changes_its_key(self):
        page = await self.sign_in()
        async with self.far_end() as far:
            await far.call(page)
            await far.both_ways(page, 440)
            first = far.theirs
            far.connect(await far.reinvite())  # a refresh
            self.assertIs(far.theirs, first)
            far.rekey()
            far.connect(await far.reinvite())
            self.assertIsNot(far.theirs, first)
            self.assertNotEqual(far.theirs.material, first.material)
            await far.both_ways(page, 540)
            await far.hang_up()

    async def test_music_and_back(self):
        """The media move to another host with another key, SSRC and suite; meanwhile the first far end
        goes on under its own key, and its sequence numbers wrap twice before it is back."""
        page = await self.sign_in()
        async with self.far_end() as anna, self.far_end("AEAD_AES_128_GCM") as music:
            await anna.call(page)
            await anna.both_ways(page, 440)
            hole = anna.sdp((101, 8, 0)).replace(f"c=IN IP4 {HERE}", "c=IN IP4 0.0.0.0")
            hole = "\r\n".join(line for line in hole.replace("RTP/SAVP", "RTP/AVP").splitlines()
                               if "crypto" not in line) + "\r\n"
            self.assertNotIn("a=crypto", await anna.reinvite(hole))
            music.ssrc, music.remote = 0x5678, anna.remote
            music.connect(await anna.reinvite(music.sdp()))
            await music.both_ways(page, 620)
            anna.ours.roll_overs[anna.ssrc] += 2
            anna.connect(await anna.reinvite())
            await anna.both_ways(page, 440, 3)
            self.assertLess((await self.received())["srtp_failed"], 40)
            await anna.hang_up()

    async def test_the_gateways_own_hold(self):
        page = await self.sign_in()
        async with self.far_end() as far:
            await far.call(page)
            await page.request({"request": "hold"})
            hold = await far.answer(0, "INVITE")
            self.assertIn(far.theirs.line().partition(" ")[2], hold)
            self.assertIn("a=sendonly", hold)


class Mandatory(SrtpCase):
    options = {"dn_defaults": '  srtp = "mandatory"; srtp_suites = ["AEAD_AES_256_GCM"];'}

    async def test_only_what_is_encrypted_with_the_suite(self):
        page = await self.sign_in()
        for far in (FarEnd(self.dn, self.stack.settings.ports.sip), self.far_end(SHA1_80)):
            async with far:
                far.send("INVITE", far.sdp())
                await far.answer(488)
                far.send("ACK", branch="INVITE1")
        self.assertEqual([event for event in page.seen() if event == "incomingcall"], [])
        self.assertRegex(self.janus_log(), "488: .*SRTP is mandatory")
        with self.assertRefused(444, "invalid_field", "srtp"):
            await page.request({"request": "call", "uri": "9004", "srtp": "sdes_optional"})
        async with self.far_end("AEAD_AES_256_GCM") as far:
            await far.call(page)
            await far.both_ways(page, 440)
            await far.hang_up()


class Outgoing(PeerCase):
    options = {"dn_defaults": '  srtp = "optional";'}

    async def call(self, page, far, **fields):
        """The page calls; the INVITE, with `far` knowing where and how to send."""
        await page.request({"request": "call", "uri": "5551234", **fields})
        invite = await self.peer.receive("INVITE")
        FarEnd.connect(far, invite.body)
        return invite, [line.partition(":")[2] for line in invite.body.splitlines() if line.startswith("a=crypto:")]

    async def test_optional_and_answered_with_the_last_suite(self):
        page = await self.sign_in()
        async with SecureFarEnd(self.dn, 1, "AES_CM_128_HMAC_SHA1_32", "RTP/AVP") as far:
            invite, lines = await self.call(page, far)
            self.assertRegex(invite.body, r"m=audio \d+ RTP/AVP ")
            self.assertEqual([line.split()[1] for line in lines],
                             [SHA1_80, "AEAD_AES_256_GCM", "AEAD_AES_128_GCM", "AES_CM_128_HMAC_SHA1_32"])
            far.theirs = Srtp.of_line(lines[3].partition(" ")[2])
            dialog = self.peer.accepted(invite, far.sdp().replace("a=crypto:1 ", "a=crypto:4 "))
            await dialog.receive("ACK")
            accepted, _ = await page.event("accepted")
            self.assertEqual(accepted["srtp"], "AES_CM_128_HMAC_SHA1_32")
            await far.both_ways(page, 440)
            dialog.send("BYE")
            await dialog.receive(200, method="BYE")

    async def test_mandatory_by_the_page_and_answered_in_the_clear(self):
        page = await self.sign_in()
        async with SecureFarEnd(self.dn, 1) as far:
            invite, lines = await self.call(page, far, srtp="sdes_mandatory", srtp_profile="AEAD_AES_128_GCM")
            self.assertRegex(invite.body, r"m=audio \d+ RTP/SAVP ")
            self.assertEqual([line.split()[1] for line in lines], ["AEAD_AES_128_GCM"])
            dialog = self.peer.accepted(invite, FarEnd.sdp(far))
            await dialog.receive("ACK")
            self.peer.answer(await dialog.receive("BYE"), 200)
            hung_up, _ = await page.event("hangup")
            self.assertEqual(hung_up["code"], 488)
