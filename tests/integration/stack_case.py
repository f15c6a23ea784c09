"""unittest cases that run the real Janus with the plugin, and the stand-in SIP Server, in a network
namespace of their own: one stack for each class, torn down whatever happens."""

import asyncio
import contextlib
import ctypes
import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import sys
import tempfile
import time
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from genesys_stack.settings import ROOT, Ports, Settings  # noqa: E402,F401
from genesys_stack.stack import Stack  # noqa: E402

from page import Page  # noqa: E402
from sim_client import SimClient  # noqa: E402

ADDRESS = "10.66.0.1"
AGENT, SECOND_AGENT = 700, 900  # Hz: what pages send, at -13 dBFS
CLONE_NEWNET = 0x40000000  # sched.h
NUMBERS = itertools.count()
LOG_LINES = 60  # of each process, shown with a failure


def enter(namespace):
    """Every socket and process of this program that is made from now on belongs to the namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace.fileno(), CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


class StackCase(unittest.IsolatedAsyncioTestCase):
    dns = "7000-7029"        # each test gets its own: self.dn
    only = ("sim", "janus")
    sim_options = ()
    settings = {}            # further fields of genesys_stack.settings.Settings
    options = {}             # lines put into a section of the plugin's configuration
    entries = ()             # entries put before the others into dns
    stack_class = Stack
    sections = ""            # further sections of the plugin's configuration

    @classmethod
    def setUpClass(cls):
        if os.geteuid():
            raise RuntimeError("integration tests make network namespaces: run them as root")
        directory = pathlib.Path(tempfile.mkdtemp(prefix="genesys-integration."))
        directory.chmod(0o711)  # coturn, who is not root, looks for its database
        cls.addClassCleanup(shutil.rmtree, directory, ignore_errors=True)
        cls.directory = directory
        cls.stack = cls.stack_class(cls.make_settings(directory))
        cls.addClassCleanup(cls.stack.stop)
        cls.stack.start()
        cls.enter_namespace()
        cls.sim = SimClient(f"http://127.0.0.1:{cls.stack.settings.ports.sim_http}", directory / "trace")
        cls.ws = f"ws://127.0.0.1:{cls.stack.settings.ports.ws}"
        cls.free_dns = cls.all_dns()

    @classmethod
    def make_settings(cls, directory):
        trace = ("--trace-file", str(directory / "trace"), *cls.sim_options)
        return Settings(
            directory=directory / "stack", address=ADDRESS, only=cls.only, dns=cls.dns,
            netns=f"genesys-integration-{os.getpid()}-{next(NUMBERS)}", die_with_parent=True,
            build=pathlib.Path(os.environ.get("GENESYS_BUILD", ROOT / "build" / "dev")),
            plugin_template=cls.make_template(directory), sim_arguments=trace, **cls.settings)

    @classmethod
    def make_template(cls, directory):
        """The demo's template with this class's lines at the head of their sections."""
        text = Settings(directory, ADDRESS).plugin_template.read_text()
        additions = {section + ": {": lines for section, lines in cls.options.items()}
        if cls.entries:
            additions["dns: ("] = "".join(f"{{ {entry} }},\n" for entry in cls.entries)
        for head, lines in additions.items():
            if f"\n{head}\n" not in text:
                raise AssertionError(f"the template has no '{head}'")
            text = text.replace(f"\n{head}\n", f"\n{head}\n{lines}\n")
        template = directory / "plugin.jcfg.in"
        template.write_text(text + cls.sections)
        return template

    @classmethod
    def enter_namespace(cls):
        home = open("/proc/self/ns/net", "rb")
        cls.addClassCleanup(home.close)
        cls.addClassCleanup(enter, home)
        with open(f"/run/netns/{cls.stack.settings.netns}", "rb") as namespace:
            enter(namespace)

    @classmethod
    def all_dns(cls):
        low, _, high = cls.dns.partition("-")
        return (str(dn) for dn in range(int(low), int(high or low) + 1))

    def setUp(self):
        self.dn = next(self.free_dns)

    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)  # its reports of slow steps are no news here

    def run(self, result=None):
        bad = len(result.failures) + len(result.errors)
        logs = self.directory / "stack" / "logs"
        begins = {log: log.stat().st_size for kind in ("janus", "kamailio") for log in logs.glob(f"{kind}*.log")}
        super().run(result)
        if len(result.failures) + len(result.errors) > bad:
            for log, begin in begins.items():
                lines = log.read_bytes()[begin:].decode(errors="replace").splitlines()[-LOG_LINES:]
                print(f"--- {log.name} of {self.id()}", *lines, "---", sep="\n", file=sys.stderr)

    # Pages.

    @property
    def password(self):
        return self.stack.settings.secret("agent.password")

    async def open_page(self, **audio):
        """A page that is not signed in yet; it leaves when the test ends."""
        page = Page(self.ws, **audio)
        await page.__aenter__()
        self.addAsyncCleanup(page.leave)
        return page

    async def sign_in(self, dn=None, audio=True, fields=None, **tone):
        """A page signed in to the test's own DN, with its PeerConnection unless audio=False;
        `fields` go into its register."""
        page = await self.open_page(**tone)
        page.signed_in = await page.sign_in(dn or self.dn, self.password, audio, **(fields or {}))
        return page

    async def answered_call(self, page, **options):
        """A call from the stand-in that `page` has answered: its SIP side's id, and ours."""
        call = await self.sim.ring(self.dn, **options)
        incoming, _ = await page.event("incomingcall")
        await page.request({"request": "accept"})
        await page.event("accepted")
        return call, incoming["call_id"]

    async def take_call(self, page):
        """The page answers what rings; the call's id there."""
        incoming, _ = await page.event("incomingcall")
        await page.request({"request": "accept", "call_id": incoming["call_id"]})
        await page.event("accepted", call_id=incoming["call_id"])
        return incoming["call_id"]

    async def both_ways(self, page, call, far=440, near=700):
        """Both hear the other's tone, at the level it was sent with."""
        await page.hears(far, -10)
        return await self.sim.hears(call, near, -13)

    def kill(self, name):
        """The process and whatever it has started, without a word."""
        child = self.stack.child(name)
        os.killpg(child.pid(), signal.SIGKILL)
        if not child.wait_gone(5):
            self.fail(f"{name} outlives SIGKILL")

    async def talk_together(self, first, second):
        """The two agents hear each other."""
        for page, tone in ((first, SECOND_AGENT), (second, AGENT)):
            page.ear.forget()
            await page.hears(tone, -13)

    async def eventually(self, condition, what, seconds=5):
        """The first true value of condition(), which may be a coroutine function."""
        deadline = time.monotonic() + seconds
        while True:
            value = condition()
            if asyncio.iscoroutine(value):
                value = await value
            if value:
                return value
            if time.monotonic() > deadline:
                self.fail(f"not within {seconds} s: {what}")
            await asyncio.sleep(0.03)

    @contextlib.contextmanager
    def assertRefused(self, code, name, field=None):  # noqa: N802: as unittest names its own
        """The plugin answers with this error, which says something."""
        from janus_client import RequestRefused
        with self.assertRaises(RequestRefused) as caught:
            yield caught
        refusal = caught.exception
        self.assertEqual((refusal.code, refusal.name, refusal.field), (code, name, field), refusal)
        self.assertRegex(str(refusal), r"\w+ \w+")

    # What Janus and the wire say.

    def janus_log(self):
        return (self.directory / "stack" / "logs" / "janus.log").read_text(errors="replace")

    async def admin(self, path="", node=1, **body):
        """The admin API of a node's Janus, on loopback."""
        body = {"transaction": "t", "admin_secret": self.stack.settings.secret("admin.secret"), **body}
        url = f"http://127.0.0.1:{self.stack.settings.nodes[node - 1].ports.admin}/admin{path}"
        request = urllib.request.Request(url, json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})

        def ask():
            with urllib.request.urlopen(request, timeout=5) as answer:
                return json.load(answer)
        return await asyncio.to_thread(ask)

    async def query_session(self, page):
        answer = await self.admin(f"/{page.session}/{page.handle}", janus="handle_info")
        return answer["info"]["plugin_specific"]

    async def plugin_admin(self, node=1, **request):
        answer = await self.admin(node=node, janus="message_plugin", plugin="janus.plugin.genesys",
                                  request=request)
        return answer["response"]

    async def judged(self):
        """Waits for the first MOS of the DN's only call, which comes after 5 s."""
        async def has_mos():
            shown, = (await self.plugin_admin(request="show_dn", dn=self.dn))["calls"]
            return "mos" in shown["sip_media"]["received"]
        await self.eventually(has_mos, "a MOS of the call", 15)

    async def binding(self, dn=None):
        """What the stand-in knows of the DN's registration, or None."""
        return (await self.sim.get("/registrations")).get(dn or self.dn)

    def messages(self, start, dn=None, direction="received"):
        """SIP messages of the trace that begin so and concern the DN."""
        named = re.compile(rf"[:\"]{dn or self.dn}[@\"]")
        return [message for message in self.sim.trace() if message.direction == direction
                and message.start.startswith(start) and named.search(message.text)]
