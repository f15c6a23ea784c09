"""A configured peer goes mad: it brings INVITEs by the thousand. The call in progress keeps its audio, other
peers get in, and so does the next call of the same peer."""

import asyncio
import collections
import time

from inside_case import FAR, InsideCase, sdp

OTHER_PEER = "127.0.0.2"
RATE = 20          # of new calls a second that the gateway takes of a peer
FLOOD, SECONDS = 2000, 4


class Flood(InsideCase):
    options = {"sip_server": f'  invites_per_s = {RATE}\n  trusted_peers = ["{OTHER_PEER}"]'}

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.mad = await self.peer_at(OTHER_PEER)

    async def flood(self, dn):
        """FLOOD INVITEs, evenly, repeated until answered; every final answer is acknowledged. How often each
        status came."""
        found, open_calls, self.retry_after = collections.Counter(), {}, set()

        def took(message):
            if message.status < 200 or message.method != "INVITE":
                return
            if open_calls.pop(message.call_id, None):
                found[message.status] += 1
                self.retry_after.add((message.status, message["Retry-After"]))
            self.mad.transmit([f"ACK sip:{dn}@127.0.0.1 SIP/2.0", f"CSeq: {message['CSeq'].split()[0]} ACK",
                               *(f"{name}: {message[name]}" for name in ("Via", "From", "To", "Call-ID"))])
        self.mad.receive_message = took
        begun = time.monotonic()
        for number in range(FLOOD):
            dialog = self.mad.dialog(dn)
            self.mad.write = lambda octets, name=dialog.call_id: open_calls.__setitem__(name, octets)
            dialog.send("INVITE", sdp(26000))
            del self.mad.write
            self.mad.write(open_calls[dialog.call_id])
            if number % 20 == 19:
                await asyncio.sleep(max(0, begun + SECONDS * number / FLOOD - time.monotonic()))
        while open_calls and time.monotonic() < begun + 30:
            await asyncio.sleep(0.5)
            for octets in list(open_calls.values())[:100]:
                self.mad.write(octets)
        self.lasted = time.monotonic() - begun
        self.assertEqual(len(open_calls), 0, "INVITEs without an answer")
        return found

    async def test_a_call_in_progress(self):
        page = await self.sign_in()
        dialog, party = await self.call_with_audio(page)
        nobody = next(self.free_dns)  # nobody is signed in to it: 480
        before = (await self.plugin_admin(request="status"))["refused_flood"]
        flood = asyncio.ensure_future(self.flood(nobody))
        latencies = []
        while not flood.done():
            begun = time.monotonic()
            await self.answers()  # SIP Server's OPTIONS, meanwhile
            latencies.append(time.monotonic() - begun)
            sound = page.ear.last_sound()
            self.assertTrue(sound.seconds < 0.3 or abs(sound.frequency - FAR) < 5 and sound.purity > 0.9, sound)
            await asyncio.sleep(0.1)
        found = await flood
        await self.talks(page, party)
        self.assertEqual(self.retry_after, {(480, ""), (503, "5")})
        self.assertGreaterEqual(found[480], RATE)
        self.assertLessEqual(found[480], RATE * (self.lasted + 2))
        after = (await self.plugin_admin(request="status"))["refused_flood"]
        self.assertEqual(after - before, found[503])
        self.assertLess(sorted(latencies)[len(latencies) // 2], 0.5)
        print(f"\n{FLOOD} INVITEs in {self.lasted:.1f} s: {found[480]} taken, {found[503]} refused; OPTIONS of SIP "
              f"Server answered after {1000 * sorted(latencies)[len(latencies) // 2]:.0f} ms (median)")
        # Another peer's new call comes in at once; and the call can still be ended.
        other = await self.sign_in(next(self.free_dns))
        new = self.peer.dialog(other.signed_in["username"])
        new.send("INVITE", sdp(26000))
        await other.event("incomingcall")
        dialog.send("BYE")
        await dialog.receive(200, method="BYE")

    async def test_then_the_same_peer_again(self):
        """A second later it may bring calls once more."""
        page = await self.sign_in()
        await self.flood(next(self.free_dns))
        del self.mad.receive_message

        async def rings():
            dialog = self.mad.dialog(self.dn)
            dialog.send("INVITE", sdp(26000))
            await self.eventually(lambda: any(one.call_id == dialog.call_id and one.status >= 180
                                              for one in self.mad.waiting), "an answer")
            return any(one.call_id == dialog.call_id and one.status == 180 for one in self.mad.waiting)
        await self.eventually(rings, "a call of the peer that went mad", 5)
        await page.event("incomingcall")
