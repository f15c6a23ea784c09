"""Audio from elsewhere into every port of the gateway while two calls go on: nobody hears it, nobody hears the
other call, and nothing ends."""

import asyncio
import audioop
import math
import socket
import struct

import numpy

from inside_case import AGENT, BUSY, FAR, INJECTED, STRANGER, InsideCase, RtpParty, sdp
from stack_case import ADDRESS, SECOND_AGENT, Ports
from tone import Sound

SECOND_FAR = 520  # Hz
ALL = (AGENT, SECOND_AGENT, FAR, SECOND_FAR, INJECTED)
SIP_RANGE, ICE_RANGE = range(20000, 21000), range(30000, 30400)


def tone_packets(count, ssrc, sequence=0, timestamp=0):
    """G.711 packets of a loud tone."""
    for number in range(count):
        times = (number * 160 + numpy.arange(160)) / 8000
        wave = (16000 * numpy.sin(2 * math.pi * INJECTED * times)).astype("<i2")
        header = struct.pack("!BBHII", 0x80, 0, (sequence + number) & 0xFFFF, (timestamp + 160 * number) & 0xFFFFFFFF, ssrc)
        yield header + audioop.lin2ulaw(wave.tobytes(), 2)


class Injection(InsideCase):
    settings = {**InsideCase.settings, "ports": Ports(rtp_range=f"{SIP_RANGE[0]}-{SIP_RANGE[-1]}",
                                                      ice_range=f"{ICE_RANGE[0]}-{ICE_RANGE[-1]}")}

    async def two_calls(self):
        calls = []
        for frequency, far in ((AGENT, FAR), (SECOND_AGENT, SECOND_FAR)):
            self.dn = next(self.free_dns)
            page = await self.sign_in(frequency=frequency)
            party = await self.call_far(page, far)
            calls.append((page, party, frequency))
        for page, party, frequency in calls:
            await page.hears(party.frequency, -10, BUSY)
            await party.hears(frequency, -13, BUSY)
        return calls

    async def call_far(self, page, far):
        party = await RtpParty(far).open(self)
        await self.answer_call(page, self.peer.dialog(self.dn), sdp(party.port))
        return party

    def sender(self, host):
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(one.close)
        one.bind((host, 0))
        one.setblocking(False)
        return one

    async def heard_meanwhile(self, calls, attack):
        """The attack goes on for a second and a half; what each of the four ears has of it."""
        for page, _, _ in calls:
            page.ear.forget()
        lines = self.janus_log().count("\n")
        await attack
        self.assertLess(self.janus_log().count("\n"), lines + 20, "packets are counted, not logged one by one")
        for page, party, frequency in calls:
            for sound, tone in ((page.ear.last_sound(1), party.frequency), (party.sound(1), frequency)):
                self.assertGreater(sound.seconds, 0.3)
                self.pure(sound, tone)

    def pure(self, sound: Sound, tone):
        """On a busy machine the tone itself comes with gaps, and spreads: less and less away from it."""
        self.assertLess(abs(sound.frequency - tone), 5, sound)
        for other in ALL:
            if other != tone:
                spread = sound.share(other + math.copysign(90, other - tone))
                self.assertLess(sound.share(other), max(0.001, 10 * spread), f"{other} Hz in {sound}")

    async def spray(self, host, target, ports, rounds=5):
        """Some packets into each port, in turns."""
        sender = self.sender(host)
        for packet in tone_packets(rounds, 0xBAD):
            for number, port in enumerate(ports):
                sender.sendto(packet, (target, port))
                if number % 100 == 99:
                    await asyncio.sleep(0.005)
            await asyncio.sleep(0.2)

    async def test_every_port_from_a_stranger(self):
        calls = await self.two_calls()
        await self.heard_meanwhile(calls, self.spray(STRANGER, "127.0.0.1", SIP_RANGE))

    async def test_every_port_from_the_far_ends_host(self):
        """The address is that of the far ends, the port is not."""
        calls = await self.two_calls()
        await self.heard_meanwhile(calls, self.spray("127.0.0.1", "127.0.0.1", SIP_RANGE))

    async def test_every_browser_port(self):
        """RTP without a key into the ports of ICE and SRTP."""
        calls = await self.two_calls()
        await self.heard_meanwhile(calls, self.spray(ADDRESS, ADDRESS, ICE_RANGE))

    async def test_a_stream_of_its_own_into_the_calls_ports(self):
        """50 packets a second for two seconds, and their RTCP with a BYE, where the calls are for sure."""
        calls = await self.two_calls()
        ports = [party.remote[1] for _, party, _ in calls]
        sender = self.sender(STRANGER)

        async def stream():
            for packet in tone_packets(100, 0xBAD):
                for port in ports:
                    sender.sendto(packet, ("127.0.0.1", port))
                    sender.sendto(struct.pack("!BBHI", 0x81, 203, 1, 0xBAD), ("127.0.0.1", port + 1))
                await asyncio.sleep(0.02)
        await self.heard_meanwhile(calls, stream())
        media = (await self.query_session(calls[0][0]))["line"]["calls"][0]["sip_media"]["received"]
        self.assertGreaterEqual(media["ignored"], 100)

    async def test_the_far_end_floods(self):
        """4,000 packets of the call's own stream in some two seconds: the other call has no hole, and its own goes on
        without delay."""
        calls = await self.two_calls()
        party = calls[0][1]
        frequency, party.frequency = party.frequency, None  # its ordinary packets rest

        async def flood():
            for number, packet in enumerate(tone_packets(4000, party._ssrc, party._sequence, party._timestamp)):
                party._transport.sendto(packet, party.remote)
                if number % 20 == 19:
                    await asyncio.sleep(0.01)
        await self.heard_meanwhile(calls[1:], flood())
        received = (await self.query_session(calls[0][0]))["line"]["calls"][0]["sip_media"]["received"]
        self.assertGreater(sum(received[name] for name in ("packets", "late", "ignored")), 3000, received)
        party._sequence = party._sequence + 4000 & 0xFFFF
        party._timestamp = party._timestamp + 4000 * 160 & 0xFFFFFFFF
        party.frequency = frequency
        await self.talks(calls[0][0], party)
        await self.answers()

    async def test_the_far_end_abuses_its_own_port(self):
        """Of the negotiated address, but no audio of the call: oversized, empty, cut, unknown payload types, many
        SSRCs, RTCP that lies about its length. Its own tone is heard all the same, and the other call not at all."""
        calls = await self.two_calls()
        party = calls[0][1]
        target = party.remote
        odd = [b"", b"\x80", b"\x80\x00" * 6, b"\x80\x00" + b"\0" * 9, bytes(1472), b"\xff" * 1472,
               b"\x90\x00\0\1\0\0\0\1\0\0\0\1\xbe\xde\xff\xff", b"\xa0\x00\0\1\0\0\0\1\0\0\0\1" + b"\0" * 20 + b"\xff",
               b"\x8f\x00\0\1\0\0\0\1\0\0\0\1", b"\x81\xc9\xff\xff", b"\x81\xcb\0\1", b"\x9f\xc8" + b"\0" * 1000,
               b"\x80\xcf\0\0" * 300, b"\x16\xfe\xff" + b"\0" * 200, b"\0\1\0\0\x21\x12\xa4\x42" + b"\0" * 12]

        async def abuse():
            for number in range(75):
                for octets in odd:
                    party._transport.sendto(octets, target)  # pylint: disable=protected-access
                party._transport.sendto(struct.pack("!BBHII", 0x80, 96 + number % 32, number, 160 * number, number)
                                        + b"\x55" * 160, target)
                await asyncio.sleep(0.02)
        await self.heard_meanwhile(calls, abuse())
        await self.answers()
