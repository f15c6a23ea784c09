"""SRTP against baresip, a SIP phone not of our making whose SRTP is its own: it calls the page."""

import contextlib
import itertools
import pathlib
import subprocess
import wave

import numpy

from test_transfer import PeerCase
from tone import Sound

MODULES = "/usr/lib/baresip/modules"
SAMPLE_RATE = 8000  # Hz
SECONDS = 60        # of the phone's tone

CONFIG = """sip_listen 127.0.0.1:{port}
module_path {modules}
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module srtp.so
module_app account.so
module_app menu.so
audio_source aufile,{directory}/tone.wav
audio_player aubridge,phone
net_interface 127.0.0.1
audio_channels 1
snd_path {directory}
"""


class Phone:
    """baresip with a folder of its own; it dials when it is started, and is stopped by its process id."""

    def __init__(self, directory, port, encryption):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir()
        (self.directory / "config").write_text(CONFIG.format(port=port, directory=directory, modules=MODULES))
        (self.directory / "accounts").write_text(
            f"<sip:phone@127.0.0.1:{port}>;regint=0;mediaenc={encryption};audio_codecs=PCMU/8000/1\n")
        self._log = self.directory / "log"

    def write_tone(self, frequency, level=-10):
        amplitude = 32768 * numpy.sqrt(2) * 10 ** (level / 20)
        samples = amplitude * numpy.sin(2 * numpy.pi * frequency / SAMPLE_RATE * numpy.arange(SECONDS * SAMPLE_RATE))
        with wave.open(str(self.directory / "tone.wav"), "wb") as tone:
            tone.setnchannels(1)
            tone.setsampwidth(2)
            tone.setframerate(SAMPLE_RATE)
            tone.writeframes(samples.astype("<i2").tobytes())

    def dial(self, uri):
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(["baresip", "-f", self.directory, "-t", str(SECONDS), "-e", f"/dial {uri}"],
                                             stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT)

    def stop(self):
        self._process.stdin.close()
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        if self._process.poll() is None:
            self._process.kill()

    def log(self):
        return self._log.read_text(errors="replace")

    def heard(self, seconds=0.4):
        """The last of what the phone has decoded."""
        for dump in self.directory.glob("dump-*-dec.wav"):
            # The header's length is right at the end of the call only: all that stands behind it counts.
            octets = dump.read_bytes()[44:]
            samples = numpy.frombuffer(octets[:len(octets) // 2 * 2], "<i2")
            return Sound(samples[-round(seconds * SAMPLE_RATE):], SAMPLE_RATE)
        return Sound(numpy.zeros(0), SAMPLE_RATE)


class SrtpPhone(PeerCase):
    options = {"dn_defaults": '  srtp = "optional";'}
    ports = itertools.count(25060, 2)

    async def talk(self, encryption, asked, frequency):
        page = await self.sign_in()
        phone = Phone(self.directory / encryption, next(self.ports), encryption)
        phone.write_tone(frequency)
        phone.dial(f"sip:{self.dn}@127.0.0.1:{self.stack.settings.ports.sip}")
        self.addCleanup(phone.stop)
        incoming, _ = await page.event("incomingcall")
        self.assertEqual(incoming["srtp"], asked, phone.log())
        await page.request({"request": "accept"})
        accepted, _ = await page.event("accepted")
        enabled = f"SRTP is Enabled (cryptosuite={accepted['srtp']})"
        await self.eventually(lambda: enabled in phone.log(), "SRTP at the phone")
        await page.hears(frequency, -10)
        sound = await self.eventually(lambda: self.tone(phone, 700), "the page's tone at the phone")
        self.assertAlmostEqual(sound.level, -13, delta=3)
        calls = (await self.plugin_admin(request="list_calls"))["calls"]
        # Its first RTCP packet, an APP "PING" that opens a NAT, is not encrypted.
        self.assertLessEqual(calls[0]["sip_media"]["received"]["srtp_failed"], 1)
        await page.request({"request": "hangup"})
        await page.event("hangup")
        self.assertNotIn("failed to decrypt", phone.log())
        return accepted["srtp"]

    @staticmethod
    def tone(phone, frequency):
        sound = phone.heard()
        return sound if sound.seconds > 0.3 and abs(sound.frequency - frequency) < 5 and sound.purity > 0.9 else None

    async def test_optional(self):
        await self.talk("srtp", "sdes_optional", 440)

    async def test_mandatory(self):
        await self.talk("srtp-mand", "sdes_mandatory", 540)

    async def test_mandatory_with_feedback(self):
        await self.talk("srtp-mandf", "sdes_mandatory", 640)
