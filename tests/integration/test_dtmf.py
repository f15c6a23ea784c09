"""Digits both ways, each exactly once: as RFC 4733 events, and as tones in the audio."""

import asyncio
import os
import re
import subprocess
import tempfile
import wave

from far_end import FarEnd
from stack_case import StackCase

PAIRS = {digit: (low, high) for low, row in zip((697, 770, 852, 941), ("123A", "456B", "789C", "*0#D"))
         for digit, high in zip(row, (1209, 1336, 1477, 1633))}  # ITU-T Q.23, Hz


def sox(*arguments):
    subprocess.run(["sox", "-q", *map(str, arguments)], check=True, timeout=20)


def decoded(wav):
    """The digits that multimon-ng finds in a WAV file."""
    with tempfile.TemporaryDirectory() as folder:
        raw = os.path.join(folder, "audio.raw")
        sox(wav, "-t", "raw", "-r", 22050, "-b", 16, "-e", "signed", "-c", 1, raw)
        said = subprocess.run(["multimon-ng", "-q", "-a", "DTMF", "-t", "raw", raw], check=True,
                              capture_output=True, text=True, timeout=20).stdout
    return "".join(re.findall(r"(?m)^DTMF: (.)$", said))


def keyed(wav, digits, tone=0.08, pause=0.06):
    """Makes a WAV file of a second of silence, these keys, and a long silence."""
    parts = []
    for number, digit in enumerate(digits):
        low, high = PAIRS[digit]
        parts.append(f"{wav}.{number}.wav")
        sox("-r", 8000, "-n", "-b", 16, "-c", 1, parts[-1], "synth", tone, "sine", low,
            "synth", tone, "sine", "mix", high, "gain", -9, "pad", 0, pause)
    sox(*parts, wav, "pad", 1, 30)


class Digits(StackCase):
    async def digits_arrive(self, call, digits):
        await self.sim.until(call, lambda c: len(c["media"]["digits"]) >= len(digits), digits)
        await asyncio.sleep(0.3)  # time for one too many
        self.assertEqual((await self.sim.call(call))["media"]["digits"], digits)

    async def test_page_to_sip(self):
        page = await self.sign_in()
        call, call_id = await self.answered_call(page)
        await self.both_ways(page, call)
        for digit in "1234567890*#ABCD":
            sent, _ = await page.request({"request": "dtmf_info", "digit": digit, "duration": 60})
            self.assertEqual((sent["event"], sent["digit"], sent["call_id"]), ("dtmfsent", digit, call_id))
        await self.digits_arrive(call, "1234567890*#ABCD")
        media = (await self.sim.call(call))["media"]
        self.assertEqual((media["ssrc_changes"], media["lost"], media["unknown_payload"]), (0, 0, 0), media)
        await self.both_ways(page, call)  # the voice goes on after it

    async def test_pressed_faster_than_sent(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        for digit in "7707":  # each answered at once, and 160 ms long on the wire
            await page.request({"request": "dtmf_info", "digit": digit})
        self.assertLess(len((await self.sim.call(call))["media"]["digits"]), 4)
        await self.digits_arrive(call, "7707")

    async def test_length_of_a_digit(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await page.request({"request": "dtmf_info", "digit": "5", "duration": 600})
        await self.digits_arrive(call, "5")
        # 600 ms in steps of 20 ms, or of 50 ms as RFC 4733 has it; the end three times.
        events = (await self.sim.call(call))["media"]["event_packets"]
        self.assertTrue(12 <= events <= 34, events)

    async def test_sip_to_page(self):
        page = await self.sign_in()
        call, call_id = await self.answered_call(page)
        await self.both_ways(page, call)
        await self.sim.post(f"/calls/{call}/digits", {"digits": "0159*#AD55"})
        events = [(await page.event("dtmf"))[0] for _ in range(10)]
        self.assertEqual("".join(event["digit"] for event in events), "0159*#AD55")
        self.assertEqual({event["call_id"] for event in events}, {call_id})
        for event in events:
            self.assertAlmostEqual(event["duration"], 160, delta=25)
        await self.both_ways(page, call)
        self.assertNotIn("dtmf", page.seen())

    async def test_in_an_outgoing_call(self):
        page = await self.sign_in()
        await page.request({"request": "call", "uri": "9004"})
        await page.event("accepted")
        call = await self.sim.call_of(self.dn, "9004")
        await page.request({"request": "dtmf_info", "digit": "9"})
        await self.digits_arrive(call, "9")

    async def test_not_while_ringing(self):
        page = await self.sign_in(audio=False)
        call = await self.sim.ring(self.dn)
        incoming, _ = await page.event("incomingcall")
        with self.assertRefused(447, "wrong_state", "call_id"):
            await page.request({"request": "dtmf_info", "digit": "1", "call_id": incoming["call_id"]})
        await self.sim.hang_up(call)


class InBand(StackCase):
    options = {"dn_defaults": '  digits = "inband"'}

    async def test_page_to_sip(self):
        page = await self.sign_in()
        heard = self.directory / "heard.wav"
        call, _ = await self.answered_call(page, record=str(heard))
        await self.both_ways(page, call)
        self.assertNotIn("telephone-event", self.messages("SIP/2.0 200")[-1].body)
        digits = "1234567890*#ABCD"
        for digit in digits:
            await page.request({"request": "dtmf_info", "digit": digit, "duration": 60})
        await self.eventually(lambda: decoded(heard) == digits, digits, 10)
        await self.sim.hears(call, 700, -13)  # the voice goes on after it
        media = (await self.sim.call(call))["media"]
        self.assertEqual((media["event_packets"], media["lost"], media["timestamp_jumps"]), (0, 0, 0), media)
        await self.sim.hang_up(call)
        await self.sim.state(call, "ended")
        self.assertEqual(decoded(heard), digits)

    async def test_sip_to_page(self):
        page = await self.sign_in()
        digits = "159D#0*2AA7"
        keys = self.directory / "keys.wav"
        keyed(keys, digits)
        call, call_id = await self.answered_call(page, play=f"file:{keys}")
        events = [(await page.event("dtmf"))[0] for _ in digits]
        self.assertEqual("".join(event["digit"] for event in events), digits)
        for event in events:
            self.assertEqual(event["call_id"], call_id)
            self.assertAlmostEqual(event["duration"], 80, delta=15)
        await self.sim.post(f"/calls/{call}/play", {"play": "tone:440:-10"})
        await self.both_ways(page, call)
        self.assertNotIn("dtmf", page.seen())

    async def test_speech_is_no_key(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page, play="speech")
        await self.sim.until(call, lambda c: c["media"]["packets_sent"] > 400, "8 s of speech", 12)
        self.assertNotIn("dtmf", page.seen())


class Fallback(StackCase):
    """digits = "rfc4733", and a far end that knows no telephone-event: tones both ways."""

    async def test_without_telephone_event(self):
        page = await self.sign_in()
        async with FarEnd(self.dn, self.stack.settings.ports.sip) as far:
            line = await far.call(page, far.sdp((0,)))
            self.assertRegex(line, r"RTP/AVP 0$")
            for digit in "58#":
                await page.request({"request": "dtmf_info", "digit": digit, "duration": 100})
            heard = self.directory / "far.wav"

            def digits():
                with wave.open(str(heard), "wb") as file:
                    file.setparams((1, 2, 8000, 0, "NONE", ""))
                    file.writeframes(far.samples(0).astype("<i2").tobytes())
                return decoded(heard) == "58#"
            await self.eventually(digits, "58#")
            keys = self.directory / "keys.wav"
            keyed(keys, "42")
            with wave.open(str(keys)) as file:
                speech = file.readframes(8000 * 2)
            await far.speak(0, speech)
            events = [(await page.event("dtmf"))[0]["digit"] for _ in range(2)]
            self.assertEqual("".join(events), "42")
            await far.hang_up()
