"""SIP Server by a name with SRV records: the better one is used, the other when it fails, and an outage of
DNS stops nothing."""

import pathlib
import shutil
import subprocess

from sip_peer import SipPeer
from stack_case import StackCase

SECOND = 5180  # port of the server of lower priority
RESOLVER = "127.0.0.1"


class Server(SipPeer):
    """Answers OPTIONS, as the gateway asks several servers how they are."""

    def receive_message(self, message):
        if message.method == "OPTIONS" and not message.status:
            return self.answer(message, 200)
        return super().receive_message(message)


class Srv(StackCase):
    only = ("janus",)
    dns = "7000-7009"
    settings = {"register_when": "on_sign_in"}

    @classmethod
    def make_settings(cls, directory):
        settings = super().make_settings(directory)
        folder = pathlib.Path("/etc/netns", settings.netns)  # ip-netns(8) puts it in the place of /etc
        folder.mkdir(parents=True)
        cls.addClassCleanup(shutil.rmtree, folder)
        (folder / "resolv.conf").write_text(f"nameserver {RESOLVER}\noptions timeout:1 attempts:1\n")
        return settings

    @classmethod
    def make_template(cls, directory):
        template = super().make_template(directory)
        text = template.read_text()
        line = '  host = "@SIP_SERVER@"\n  port = @SIP_SERVER_PORT@\n'
        assert line in text
        template.write_text(text.replace(line, '  # instead of @SIP_SERVER@ port @SIP_SERVER_PORT@\n  host = "sip.test"\n'
                                               "  probe_interval_ms = 1000\n"))
        return template

    def name_server(self):
        ports = self.stack.settings.ports
        server = subprocess.Popen(
            ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root",
             f"--listen-address={RESOLVER}", "--bind-interfaces", "--pid-file=",
             f"--srv-host=_sip._udp.sip.test,a.sip.test,{ports.sim_sip},1,0",
             f"--srv-host=_sip._udp.sip.test,b.sip.test,{SECOND},2,0",
             "--address=/a.sip.test/127.0.0.1", "--address=/b.sip.test/127.0.0.1"])
        self.addCleanup(self.end, server)
        return server

    @staticmethod
    def end(process):
        process.terminate()
        process.wait()

    async def server(self, port):
        peer = await Server(port, self.stack.settings.ports.sip).open()
        self.addCleanup(peer.close)
        return peer

    async def test_by_priority_and_through_an_outage_of_dns(self):
        ports = self.stack.settings.ports
        first, second = await self.server(ports.sim_sip), await self.server(SECOND)
        names = self.name_server()

        async def uses(port):
            return (await self.plugin_admin(request="status")).get("server") == f"127.0.0.1:{port}"
        await self.eventually(lambda: uses(ports.sim_sip), "the server of priority 1 in use", 10)
        page = await self.sign_in()
        self.assertGreater(first.registers, 0)
        self.assertEqual(second.registers, 0)
        self.end(names)
        first.close()
        # Nobody can be asked where the second is; it is known.
        await self.eventually(lambda: uses(SECOND), "the server of priority 2 in use", 12)
        await self.eventually(lambda: second.registers > 0, "the DN registered there", 5)
        await page.request({"request": "call", "uri": "5551234"})
        second.answer(await second.receive("INVITE"), 486)
        await page.event("hangup")
