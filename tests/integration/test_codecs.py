"""Codecs of the SIP side beyond G.711, with tones both ways: what a wide band lets through, packet times,
changes in mid-call, and digits on another clock."""

import asyncio
import struct

from stack_case import StackCase
from wide_band_end import Linear, WideBandEnd, g722, opus

HIGH, LOW = 5000, 700  # Hz: above what a narrow band lets through, and inside it
WIDE = {"g722": (g722, 9, "G722/8000"), "l16/16000": (lambda: Linear(16000), 96, "L16/16000"),
        "opus": (opus, 97, "opus/48000")}


class Codecs(StackCase):
    entries = ('number = "7120"; codecs = ["g722", "pcma"]', 'number = "7121"; codecs = ["l16/16000", "pcma"]',
               'number = "7122"; codecs = ["opus", "pcmu"]', 'number = "7123"; codecs = ["l16/8000"]',
               'number = "7124"; codecs = ["opus", "g722", "l16/16000", "pcma"]')
    sim_options = tuple(option for dn in range(7120, 7125) for option in ("--dn", str(dn)))
    dn_of = {"g722": "7120", "l16/16000": "7121", "opus": "7122", "l16/8000": "7123"}

    async def agent(self, dn):
        await self.eventually(lambda: self.binding(dn), f"DN {dn} registered")
        return await self.sign_in(dn)

    def far_end(self, dn, payload_type, voice):
        return WideBandEnd(dn, self.stack.settings.ports.sip, payload_type, voice)

    async def hears(self, far, frequency):
        def tone():
            sound = far.sound()
            return (sound.seconds > 0.3 and abs(sound.frequency - frequency) < 5 and sound.purity > 0.9
                    and abs(sound.level + 13) < 3)
        await self.eventually(tone, f"{frequency} Hz at -13 dBFS at the far end", 12)

    async def test_wide_band_both_ways(self):
        for name, (voice, number, called) in WIDE.items():
            with self.subTest(codec=name):
                page = await self.agent(self.dn_of[name])
                page.audio.frequency = HIGH
                async with self.far_end(self.dn_of[name], number, voice()) as far:
                    line = await far.call(page, far.offer())
                    self.assertRegex(line, rf"RTP/AVP {number} 98$")
                    state, _ = await page.request({"request": "query"})
                    self.assertEqual(state["calls"][0]["sip_codec"], called)
                    await asyncio.gather(far.play_tone(2, HIGH), page.hears(HIGH, -10))
                    await self.hears(far, HIGH)
                    await far.hang_up()

    async def test_narrow_band_l16(self):
        page = await self.agent("7123")
        async with self.far_end("7123", 96, Linear(8000)) as far:
            await far.call(page, far.offer())
            await asyncio.gather(far.play_tone(1.5, 440), page.hears(440, -10))
            await self.hears(far, LOW)
            await far.hang_up()

    async def test_packet_times(self):
        for name, ptime in (("g722", 10), ("g722", 60), ("l16/16000", 40), ("opus", 40), ("opus", 60)):
            with self.subTest(codec=name, ptime=ptime):
                voice, number, _ = WIDE[name]
                page = await self.agent(self.dn_of[name])
                coder = voice(ptime) if name == "opus" else voice()
                async with self.far_end(self.dn_of[name], number, coder) as far:
                    await far.call(page, far.offer(lines=[f"a=ptime:{ptime}"]))
                    await asyncio.gather(far.play_tone(2, 440, ptime=ptime), page.hears(440, -10))
                    await self.hears(far, LOW)
                    stamps = [stamp for kind, _, stamp, *_ in far.received if kind == number]
                    steps = {(b - a) % 2**32 for a, b in zip(stamps[-10:], stamps[-9:])}
                    self.assertEqual(steps, {coder.clock * ptime // 1000})
                    await far.hang_up()

    async def test_our_own_offer(self):
        page = await self.agent("7124")
        await page.request({"request": "call", "uri": "9004"})
        accepted, _ = await page.event("accepted")
        self.assertEqual(accepted["sip_codec"], "PCMA/8000")  # all that the stand-in has of it
        offer = self.messages("INVITE", "7124")[-1].body
        self.assertRegex(offer, r"m=audio \d+ RTP/AVP 111 9 112 8 101 102 103\r\n")
        for line in ("a=rtpmap:111 opus/48000/2", "a=rtpmap:9 G722/8000", "a=rtpmap:112 L16/16000",
                     "a=rtpmap:101 telephone-event/48000", "a=rtpmap:102 telephone-event/8000",
                     "a=rtpmap:103 telephone-event/16000"):
            self.assertIn(line + "\r\n", offer)
        self.assertRegex(offer, r"a=fmtp:111 maxplaybackrate=16000;.*stereo=0;useinbandfec=1")
        await page.request({"request": "hangup"})

    async def test_changes_in_mid_call(self):
        """From wide band to narrow band and back, by re-INVITE of the far end."""
        page = await self.agent("7120")
        async with self.far_end("7120", 9, g722()) as far:
            await far.call(page, far.offer())
            await asyncio.gather(far.play_tone(1.5, 440), page.hears(440, -10))
            far.cseq += 1
            far.send("INVITE", far.sdp((8, 101)))
            await far.answer(200, f"{far.cseq} INVITE")
            far.send("ACK")
            await asyncio.gather(far.play(1.5, payload_type=8, frequency=880), page.hears(880, -10))
            await self.eventually(lambda: abs(far.heard(8).frequency - LOW) < 5, "700 Hz in A-law")
            far.cseq += 1
            far.send("INVITE", far.offer())
            await far.answer(200, f"{far.cseq} INVITE")
            far.send("ACK")
            page.audio.frequency = HIGH
            await asyncio.gather(far.play_tone(1.5, HIGH), page.hears(HIGH, -10))
            await self.hears(far, HIGH)
            self.assertEqual(len({ssrc for *_, ssrc, _ in far.received}), 1)
            await far.hang_up()

    async def test_opus_passes_unread(self):
        """aiortc's Opus is stereo and of full band, ours is neither: who made a packet shows in its first octet."""
        stereo = 4  # RFC 6716 section 3.1
        page = await self.agent("7122")
        async with self.far_end("7122", 97, opus()) as far:
            await far.call(page, far.offer())
            await asyncio.gather(far.play_tone(1.5, HIGH), page.hears(HIGH, -10))
            await self.hears(far, LOW)
            self.assertTrue(all(payload[0] & stereo for payload in far.payloads[-20:]))
            # Another level needs PCM, and none does not.
            await page.request({"request": "volume", "gain_db": -6})
            await self.eventually(lambda: far.sound().seconds > 0.3 and abs(far.sound().level + 19) < 2, "-19 dBFS")
            self.assertFalse(any(payload[0] & stereo for payload in far.payloads[-10:]))
            self.assertGreater(far.sound().purity, 0.9)
            await page.request({"request": "volume", "gain_db": 0})
            await self.eventually(lambda: all(payload[0] & stereo for payload in far.payloads[-20:]), "unread again")
            await self.hears(far, LOW)
            sequences = [sequence for kind, sequence, *_ in far.received if kind == 97]
            self.assertEqual({(b - a) % 65536 for a, b in zip(sequences, sequences[1:])}, {1})
            self.assertEqual(len({ssrc for *_, ssrc, _ in far.received}), 1)
            await far.hang_up()

    async def test_mute_and_gain(self):
        page = await self.agent("7120")
        async with self.far_end("7120", 9, g722()) as far:
            await far.call(page, far.offer())
            await asyncio.gather(far.play_tone(1, 440), page.hears(440, -10))
            changed, _ = await page.request({"request": "volume", "muted": True, "peer_gain_db": -12})
            self.assertEqual((changed["event"], changed["muted"], changed["peer_muted"], changed["gain_db"],
                              changed["peer_gain_db"]), ("volume", True, False, 0, -12))
            await asyncio.gather(far.play_tone(1.5, 440), page.hears(440, -22))
            await self.eventually(lambda: far.sound().seconds > 0.3 and far.sound().level < -50, "a muted agent")
            await page.request({"request": "volume", "muted": False, "peer_muted": True})
            await self.hears(far, LOW)
            await asyncio.gather(far.play_tone(1.5, 440), page.hears_nothing())
            await far.hang_up()

    async def test_browser_is_asked_for_the_band(self):
        for dn, rate in (("7120", 16000), ("7123", 8000), (self.dn, 8000)):
            page = await self.agent(dn)
            answer = page.pc.remoteDescription.sdp
            self.assertIn(f"maxplaybackrate={rate}", answer)
            self.assertIn(f"sprop-maxcapturerate={rate}", answer)

    async def test_digits_beside_opus(self):
        """telephone-event/48000: durations on that clock, both ways (RFC 4733 section 2.1)."""
        page = await self.agent("7122")
        async with self.far_end("7122", 97, opus()) as far:
            line = await far.call(page, far.offer(digits=(98, 48000)))
            self.assertRegex(line, r"RTP/AVP 97 98$")
            await asyncio.gather(far.play_tone(1, 440), page.hears(440, -10))
            start = far.timestamp
            for n in range(1, 8):
                end = n >= 5
                far.packet(98, struct.pack("!BBH", 5, 0x80 * end | 10, 960 * min(n, 5)), 0, marker=n == 1)
                self.assertEqual(far.timestamp, start)
                await asyncio.sleep(0.02)
            far.timestamp += 960 * 7
            digit, _ = await page.event("dtmf")
            self.assertEqual((digit["digit"], digit["duration"]), ("5", 100))
            await page.request({"request": "dtmf_info", "digit": "7", "duration": 100})
            await self.eventually(lambda: len([p for p in far.received if p[0] == 98]) >= 7, "a digit")
            stamps = {stamp for kind, _, stamp, *_ in far.received if kind == 98}
            self.assertEqual(len(stamps), 1)
            await far.hang_up()
