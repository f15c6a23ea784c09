"""What the tests share in which the stand-in connects several phones and parties."""

from stack_case import AGENT, SECOND_AGENT, StackCase

CUSTOMER, MUSIC, COLLEAGUE = 440, 520, 880  # Hz: callers and parties of the stand-in


class SwitchboardCase(StackCase):
    sim_options = ("--media-server", "127.0.0.2", "--music", f"tone:{MUSIC}:-10")

    async def two_agents(self):
        """Two pages, each at its own DN."""
        first = await self.sign_in()
        self.second_dn = next(self.free_dns)
        second = await self.sign_in(self.second_dn, frequency=SECOND_AGENT)
        return first, second

    async def changed(self, page, **wanted):
        """The next call_changed whose call looks so."""
        while True:
            event, _ = await page.event("call_changed")
            if all(event["call"][name] == value for name, value in wanted.items()):
                return event["call"]

    async def noted(self, call, text):
        """The call's note of that text, once it is the last of its kind."""
        await self.sim.until(call, lambda c: any(text in note["text"] for note in c["notes"]), text)

    async def party_hears(self, call, frequency, party=None):
        """A party of the call (the one that the phone is connected with, if none is named) hears a
        tone, in packets that come after this was asked."""
        def media(c):
            return c["parties"].get(party) if party else c["media"]
        before = media(await self.sim.until(call, media, f"party {party}"))["packets_received"]

        def tone(c):
            heard = media(c)
            return (heard["packets_received"] >= before + 25 and heard["frequency_hz"]
                    and abs(heard["frequency_hz"] - frequency) < 5 and abs(heard["level_dbfs"] + 13) < 3)
        await self.sim.until(call, tone, f"{party or 'the other party'} hears {frequency} Hz")

    async def party_hears_nothing(self, call, party=None):
        def silent(c):
            return (c["parties"].get(party) if party else c["media"])["level_dbfs"] < -45
        await self.sim.until(call, silent, f"{party or 'the other party'} hears nothing")

    async def talk(self, page, call, far, near=AGENT):
        """The page and the party that it is connected with in `call` hear each other."""
        page.ear.forget()
        await page.hears(far, -10)
        await self.party_hears(call, near)

    async def hears_nothing(self, page):
        page.ear.forget()
        await page.hears_nothing()
