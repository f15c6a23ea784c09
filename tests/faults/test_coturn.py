"""coturn in mid-call: what a new certificate means for who is relayed by TLS, and for who comes."""

import os
import pathlib
import re
import shutil
import signal
import ssl
import sys
import unittest
from unittest import mock

from aioice import TransportPolicy
from aiortc import RTCIceServer, rtcicetransport

from through_nginx import ADDRESS, ThroughNginx
from genesys_stack import files
from stack_case import ROOT

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "security"))
from turn_client import TurnClient  # noqa: E402


def relay_only(servers, every=rtcicetransport.connection_kwargs):
    """What aiortc makes of its servers, with the iceTransportPolicy "relay" that it does not know itself."""
    return {**every(servers), "transport_policy": TransportPolicy.RELAY}


def reload_signal():
    """What `systemctl reload coturn` sends, by its drop-in."""
    unit = (ROOT / "conf" / "systemd" / "coturn.service.d" / "genesys.conf").read_text()
    return signal.Signals["SIG" + re.search(r"^ExecReload=/bin/kill -(\w+) \$MAINPID$", unit, re.MULTILINE)[1]]


class Coturn(ThroughNginx):
    only = ("sim", "janus", "coturn")
    settings = {}

    @property
    def tls(self):
        return ADDRESS, self.stack.settings.ports.turn_tls

    def certificate(self):
        """What coturn shows to who comes now, as PEM."""
        return ssl.get_server_certificate(self.tls)

    def written(self):
        return (self.stack.settings.secrets / "tls.crt").read_text()

    def relay(self, server):
        """A TURN client by TLS that has asked for an allocation: its status, 0 if it has one."""
        client = TurnClient(*self.tls, server["username"], server["credential"],
                            ssl.create_default_context(cafile=str(self.authority)))
        self.addCleanup(client.close)
        return client.allocate()

    @staticmethod
    def candidates(page):
        """Of the gateway, as Janus has trickled them: lines of an SDP."""
        told = (message.get("candidate", {}).get("candidate") for message in page._events)
        return "".join(f"a={one}\r\n" for one in told if one)

    async def relayed_call(self):
        """An agent who reaches the gateway by TURN over TLS alone, in a call."""
        page = await super(ThroughNginx, self).open_page()
        told = await page.sign_in(self.dn, self.password, audio=False)
        server = next(one for one in told["ice_servers"] if "credential" in one)
        await self.eventually(lambda: self.relay(server) == 0, "coturn to know its secret")
        url = next(url for url in server["urls"] if url.startswith("turns:"))
        page.ice_servers = [RTCIceServer(url, server["username"], server["credential"])]
        with mock.patch.object(rtcicetransport, "connection_kwargs", relay_only), \
                mock.patch.dict(os.environ, SSL_CERT_FILE=str(self.authority)):
            offer = await page.offer()
        self.assertNotIn("typ host", offer["sdp"])
        ice = page.pc.getTransceivers()[0].sender.transport.transport._connection
        for one in [one for one in ice._protocols if one.local_candidate.type != "relay"]:
            ice._protocols.remove(one)  # aioice would use them all the same
            self.addAsyncCleanup(one.close)
        _, jsep = await page.request({"request": "update"}, offer)
        # A relay lets nobody in whom its client has not named.
        named = await self.eventually(lambda: self.candidates(page), "the gateway's candidates")
        await page.take_answer({**jsep, "sdp": jsep["sdp"] + named})
        self.assertEqual(ice._nominated[1].local_candidate.type, "relay")
        call, _ = await self.answered_call(page)
        return page, call, await self.both_ways(page, call), server

    def new_certificate(self):
        """As scripts/secrets makes it, where coturn can read it, who is turnserver by now."""
        secrets = self.stack.settings.secrets
        (secrets / "tls.names").unlink()  # so that another is made
        files.make_secrets(self.stack.settings)
        secrets.chmod(0o711)
        for name in ("tls.crt", "tls.key"):
            shutil.chown(secrets / name, "turnserver", "turnserver")

    async def test_a_new_certificate(self):
        """Put in place and reloaded: who comes is shown the new one; the relayed call goes on under the old one, in
        the same coturn."""
        page, call, media, server = await self.relayed_call()
        old, pid = self.certificate(), self.stack.child("coturn").pid()
        self.assertIn(old, self.written())
        self.new_certificate()
        self.assertNotIn(old, self.written())
        self.assertEqual(self.certificate(), old, "a file alone changes nothing")
        os.kill(pid, reload_signal())
        await self.eventually(lambda: self.certificate() in self.written(), "the new certificate")
        await self.unbroken(page, call, media)
        self.assertEqual(self.relay(server), 0)
        self.assertEqual(self.stack.child("coturn").pid(), pid)
        await page.request({"request": "hangup"})
        await self.sim.state(call, "ended")


if __name__ == "__main__":
    unittest.main()
