"""What Janus's event handlers are told, by Debian's sample handler and an HTTP server of the test's own."""

import asyncio
import glob
import json

from stack_case import Stack, StackCase
from test_dialplan import PLAN


class StackWithEvents(Stack):
    """Janus with its sample event handler, which posts what it is told to our port 9099."""

    def start_one(self, service):
        if service.name == "janus":
            self.configure(self.settings.directory / "janus")
        super().start_one(service)

    @staticmethod
    def configure(janus):
        handlers = janus / "events"
        handlers.mkdir()
        handler = glob.glob("/usr/lib/*/janus/events/libjanus_sampleevh.so")[0]
        (handlers / "libjanus_sampleevh.so").symlink_to(handler)
        text = (janus / "janus.jcfg").read_text()
        head, _, tail = text.partition("events_folder = ")
        tail = tail.partition("\n")[2].replace("broadcast = false", "broadcast = true")
        (janus / "janus.jcfg").write_text(f'{head}events_folder = "{handlers}"\n{tail}')
        (janus / "janus.eventhandler.sampleevh.jcfg").write_text(
            'general: { enabled = true; events = "plugins"; grouping = false; json = "compact"; '
            'backend = "http://127.0.0.1:9099/" }\n')


class EventHandlers(StackCase):
    """Janus's event handlers are told of what an agent may not do."""

    stack_class = StackWithEvents
    sections = PLAN

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.told = []
        server = await asyncio.start_server(self.take, "127.0.0.1", 9099)
        self.addCleanup(server.close)

    async def take(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length:")[2].partition("\r\n")[0])
        self.told.append(json.loads(await reader.readexactly(length)))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    async def test_a_denied_call_is_told(self):
        page = await self.sign_in()
        with self.assertRefused(470, "destination_denied", "uri"):
            await page.request({"request": "call", "uri": "0190123"})
        told = await self.eventually(self.of_the_plugin, "the event")
        self.assertEqual(told["event"]["data"], {
            "event": "destination_denied", "code": 470, "dn": self.dn, "subject": f"dn:{self.dn}",
            "number": "0190123", "reason": "0190123 may not be called: rule 'premium'"})
        self.assertEqual((told["session_id"], told["handle_id"]), (page.session, page.handle))

    def of_the_plugin(self):
        return next((told for told in self.told if told["event"]["plugin"] == "janus.plugin.genesys"), None)
