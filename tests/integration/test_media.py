"""The audio path under what far ends send: codecs, packet times, noise, strangers, jumps."""

import asyncio
import struct
import time

from far_end import HERE, FarEnd, Port
from stack_case import Ports, StackCase


class Media(StackCase):
    entries = ('number = "7104"; codecs = ["pcma"]', 'number = "7105"; codecs = ["pcma", "pcmu"]')
    sim_options = ("--dn", "7104", "--dn", "7105")

    def far_end(self):
        return FarEnd(self.dn, self.stack.settings.ports.sip)

    async def test_far_end_with_pcma_alone(self):
        page = await self.sign_in()
        call = await self.sim.ring(self.dn, codec="PCMA")
        await page.event("incomingcall")
        await page.request({"request": "accept"})
        accepted, _ = await page.event("accepted")
        self.assertEqual(accepted["sip_codec"], "PCMA/8000")
        await self.both_ways(page, call)
        self.assertEqual((await self.sim.call(call))["media"]["codec"], "pcma")

    async def codec_of(self, dn, offered):
        await self.eventually(lambda: self.binding(dn), f"DN {dn} registered")
        page = await self.sign_in(dn)
        call = await self.sim.ring(dn, codec=offered)
        await page.event("incomingcall")
        await page.request({"request": "accept"})
        accepted, _ = await page.event("accepted")
        await self.both_ways(page, call)
        await page.request({"request": "hangup"})
        await page.event("hangup")
        return accepted["sip_codec"]

    async def test_order_of_codecs(self):
        # RFC 3264 section 6.1: the offerer's preference holds, within what the DN may speak.
        self.assertEqual(await self.codec_of(self.dn, "PCMU,PCMA"), "PCMU/8000")
        self.assertEqual(await self.codec_of("7104", "PCMU,PCMA"), "PCMA/8000")
        page = await self.sign_in("7105")
        await page.request({"request": "call", "uri": "9004"})
        accepted, _ = await page.event("accepted")
        self.assertEqual(accepted["sip_codec"], "PCMA/8000")
        offer = self.messages("INVITE", "7105")[-1].body
        self.assertRegex(offer, r"m=audio \d+ RTP/AVP 8 0 101")

    async def test_nothing_in_common(self):
        page = await self.sign_in()
        async with self.far_end() as far:
            far.send("INVITE", far.sdp((3, 18, 101)))
            await far.answer(488)
            far.send("ACK", branch="INVITE1")
        self.assertEqual([event for event in page.seen() if event == "incomingcall"], [])

    async def test_reference_endpoints_offer(self):
        page = await self.sign_in()
        async with self.far_end() as far:
            line = await far.call(page, far.sdp((18, 120, 102, 8, 0, 101)))
            self.assertRegex(line, r"RTP/AVP 8 101$")  # one codec, and the digits
            await asyncio.gather(far.play(1.5, payload_type=8), page.hears(440, -10))
            await self.eventually(lambda: abs(far.heard(8).frequency - 700) < 5, "700 Hz in A-law")
            self.assertAlmostEqual(far.heard(8).level, -13, delta=3)
            await far.hang_up()

    async def test_packet_times(self):
        for ptime in (10, 30, 40, 60):
            with self.subTest(ptime=ptime):
                page = await self.sign_in(next(self.free_dns))
                async with FarEnd(page.signed_in["username"], self.stack.settings.ports.sip) as far:
                    await far.call(page, far.sdp((0, 101), [f"a=ptime:{ptime}"]))
                    await asyncio.gather(far.play(2, ptime=ptime), page.hears(440, -10))
                    await self.eventually(lambda: abs(far.heard().frequency - 700) < 5, "700 Hz")
                    sizes = {size for kind, *_, size in far.received if kind == 0}
                    self.assertTrue(sizes <= {160, 8 * ptime}, sizes)
                    await far.hang_up()

    async def test_comfort_noise_and_strange_payloads(self):
        page = await self.sign_in()
        async with self.far_end() as far:
            await far.call(page)

            def strange(n):
                if n % 10 == 3:
                    far.packet(13, b"\x3c", 0)                 # nobody offered it
                if n % 10 == 5:
                    far.packet(96, b"\x00" * 200, 0)           # nor this
                if n % 10 == 7:
                    far.packet(0, b"", 0)                      # nothing in it
                if n % 10 == 9:
                    far._rtp.transport.sendto(b"\x80\x00", far.remote)  # no RTP at all
            await far.play(1, between=strange)
            await asyncio.gather(far.play(1), page.hears(440, -10))
            # Noise alone for a while, as a phone that is muted sends it, then speech again.
            for _ in range(30):
                far.packet(13, b"\x3c", 800)
                await asyncio.sleep(0.1)
            # Five packets a second come of it, the samples and the DTX after them, and aiortc keeps some back.
            self.assertLess(page.ear.last_sound(0.06).level, -40)
            await asyncio.gather(far.play(1.5, frequency=880), page.hears(880, -10))
            received = (await self.query_session(page))["line"]["calls"][0]["sip_media"]["received"]
            self.assertGreaterEqual(received["comfort_noise"], 10)
            self.assertGreaterEqual(received["ignored"], 5)
            await far.hang_up()

    async def test_strangers_are_not_heard(self):
        page = await self.sign_in()
        async with self.far_end() as far:
            await far.call(page)
            await asyncio.gather(far.play(1), page.hears(440, -10))
            stranger = Port(lambda *_: None)
            await stranger.open()

            def intrude(_):
                tone = far.tone_payload(0, 1500, -6, 160)
                header = struct.pack("!BBHII", 0x80, 0, far.sequence & 0xFFFF, far.timestamp, far.ssrc)
                stranger.transport.sendto(header + tone, far.remote)
            await far.play(1, between=intrude)
            sound = page.ear.last_sound(0.4)
            self.assertTrue(abs(sound.frequency - 440) < 5 and sound.purity > 0.9, sound)
            stranger.transport.close()
            await far.hang_up()

    async def test_jumps(self):
        """A far end that changes SSRC, sequence and timestamp without a word goes on being heard."""
        page = await self.sign_in()
        async with self.far_end() as far:
            await far.call(page)
            await asyncio.gather(far.play(1), page.hears(440, -10))
            far.ssrc, far.sequence, far.timestamp = 0xABCD, 60000, 0xFFFFFF00
            await asyncio.gather(far.play(1, frequency=880), page.hears(880, -10))
            far.timestamp += 8000 * 3600
            await asyncio.gather(far.play(1, frequency=660), page.hears(660, -10))
            far.sequence += 20000
            await asyncio.gather(far.play(1, frequency=550), page.hears(550, -10))
            await asyncio.sleep(1.5)  # silence of the wire ends nothing
            await asyncio.gather(far.play(1, frequency=440), page.hears(440, -10))
            await far.hang_up()

    async def test_our_stream_is_one(self):
        page = await self.sign_in()
        async with self.far_end() as far:
            await far.call(page)
            await far.play(2)
            await far.hang_up()
            voice = [packet for packet in far.received if packet[0] == 0]
            self.assertGreater(len(voice), 90)
            self.assertEqual(len({ssrc for *_, ssrc, _ in voice}), 1)
            for (_, before, then, *_), (_, after, now, *_) in zip(voice, voice[1:]):
                self.assertEqual((after - before) % 65536, 1)
                self.assertEqual((now - then) % 2**32, 160)

    async def test_one_way_audio_is_named(self):
        """A far end that sends nothing: the page and the log say whence, within 3 s of the answer."""
        page = await self.sign_in()
        async with self.far_end() as far:
            await far.call(page)
            answered = time.monotonic()
            missing, _ = await page.event("audio", 6)
            self.assertAlmostEqual(time.monotonic() - answered, 3, delta=0.7)
            wanted = f"nothing received from {HERE}:{far.rtp_port} since the media moved"
            self.assertEqual((missing["side"], missing["received"], missing["reason"]), ("far_end", False, wanted))
            log = self.stack.child("janus").log
            await self.eventually(lambda: wanted in log.read_text(errors="replace"), "the same in the log")
            await asyncio.gather(far.play(1), page.hears(440, -10))
            back, _ = await page.event("audio")
            self.assertEqual((back["side"], back["received"]), ("far_end", True))
            await far.hang_up()

    async def test_quality_and_reports_over_one_port(self):
        """rtcp-mux and XR as offered; MOS, loss and round trip in what the administrator sees."""
        page = await self.sign_in()
        async with self.far_end() as far:
            offer = far.sdp((0, 101), ["a=rtcp-mux", "a=rtcp-xr:rcvr-rtt=all voip-metrics"])
            await far.call(page, offer)
            self.assertRegex(await far.answer(200), r"(?s)a=rtcp-mux\r\n.*a=rtcp-xr:voip-metrics\r\n")

            def lose(n):
                if n % 10 == 9:
                    far.sequence += 1
                    far.timestamp += 160
            await asyncio.gather(far.play(9, between=lose), page.hears(440, -10))
            kinds = {kind for report in far.reports for kind in self.kinds(report)}
            self.assertLessEqual({200, 202, 207}, kinds)
            received = (await self.query_session(page))["line"]["calls"][0]["sip_media"]["received"]
            self.assertGreater(received["lost"], 30)
            self.assertTrue(2 < received["mos"] < 3.8, received)
            self.assertLessEqual(received["mos_worst"], received["mos_mean"])
            await far.hang_up()

    @staticmethod
    def kinds(report):
        """Packet types of a compound RTCP packet (RFC 3550 section 6.1)."""
        while len(report) >= 4:
            yield report[1]
            report = report[4 + 4 * int.from_bytes(report[2:4], "big"):]

    async def test_retransmitted_invite_and_late_ack(self):
        page = await self.sign_in()
        async with self.far_end() as far:
            far.send("INVITE", far.sdp())
            far.send("INVITE", far.sdp())
            await page.event("incomingcall")
            await page.request({"request": "accept"})
            far.connect(await far.answer(200))
            # The ACK is lost: the 200 comes again (RFC 3261 section 13.3.1.4: 0.5 s, 1 s).
            await self.eventually(lambda: [a[0] for a in far.answers].count(200) >= 3, "the 200 thrice")
            far.send("ACK")
            await page.event("accepted")
            await asyncio.gather(far.play(1.5), page.hears(440, -10))
            count = [answer[0] for answer in far.answers].count(200)
            await asyncio.sleep(1)
            self.assertEqual([answer[0] for answer in far.answers].count(200), count)
            self.assertNotIn("incomingcall", page.seen())
            await far.hang_up()
            hung_up, _ = await page.event("hangup")
            self.assertEqual(hung_up["code"], 200)


class Ports4(StackCase):
    """A gateway with RTP ports for four calls."""

    dns = "7000-7009"
    settings = {"ports": Ports(rtp_range="21000-21007")}
    options = {"media": "  port_quarantine_ms = 0"}

    async def test_range_is_kept_and_its_end_is_told(self):
        dns = [self.dn, *(next(self.free_dns) for _ in range(4))]
        pages = [await self.sign_in(dn, audio=False) for dn in dns]
        calls = []
        for dn, page in zip(dns[:4], pages):
            calls.append(await self.sim.ring(dn))
            await page.event("incomingcall")
        last = await self.sim.ring(dns[4])
        ended = await self.sim.state(last, "ended")
        self.assertEqual(ended["ended"]["status"], 503)
        with self.assertRefused(469, "no_media"):
            await pages[4].request({"request": "call", "uri": "9001"}, await pages[4].offer())
        # One goes, one comes.
        await self.sim.hang_up(calls[0])
        await pages[0].event("hangup")
        page = await self.sign_in(dns[0])

        async def rings():
            call = await self.sim.ring(dns[0])
            heard = await self.sim.until(call, lambda one: one["state"] in ("ringing", "ended"), "an answer")
            return heard["state"] == "ringing" and call
        call = await self.eventually(rings, "the sockets of the call before are drained")
        await page.event("incomingcall")
        await page.request({"request": "accept"})
        await page.event("accepted")
        media = await self.both_ways(page, call)
        port = int(media["remote"].rsplit(":", 1)[1])
        self.assertTrue(21000 <= port <= 21006 and port % 2 == 0, media["remote"])
        self.assertEqual(media["source"], f"{HERE}:{port}")  # symmetric RTP (RFC 4961)
