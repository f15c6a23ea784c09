"""The peer of sip_peer over TCP or TLS: it listens as SIP Server does, and opens connections of its own to
the gateway's Contact. Certificates are made by openssl for the test."""

import asyncio
import contextlib
import ssl
import subprocess

from sip_peer import Message, SipPeer


class Authority:
    """A CA in a folder, with the certificates that it signs."""

    def __init__(self, folder, name="Test CA"):
        self.folder = folder
        folder.mkdir()
        self.openssl("req", "-x509", *self.new_key("ca"), "-days", "2", "-subj", f"/CN={name}",
                     "-addext", "basicConstraints=critical,CA:TRUE", "-out", "ca.crt")

    @classmethod
    def of_stack(cls, folder):
        """The one that scripts/secrets has made there."""
        authority = cls.__new__(cls)
        authority.folder = folder
        return authority

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    @staticmethod
    def new_key(name):
        return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{name}.key")

    def sign(self, name, host, days="2"):
        """NAME.crt and NAME.key, for `host`."""
        self.openssl("req", *self.new_key(name), "-subj", f"/CN={name}", "-out", f"{name}.csr")
        (self.folder / f"{name}.ext").write_text(f"subjectAltName=DNS:{host}\n")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial",
                     "-days", days, "-extfile", f"{name}.ext", "-out", f"{name}.crt")
        return self.folder / f"{name}.crt", self.folder / f"{name}.key"

    @property
    def certificate(self):
        return self.folder / "ca.crt"


def server_context(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


class StreamPeer(SipPeer):
    def __init__(self, port, gateway_port, context=None):
        super().__init__(port, gateway_port)
        self.context = context
        self.protocol = "TLS" if context else "TCP"
        self.contact = f"<sip:peer@{self.address};transport={self.protocol.lower()}>"
        self.connections = []    # writers of connections that the gateway opened
        self.connection = None  # the writer of ours
        self.out = None         # where transmit() writes
        self.tasks = set()

    async def open(self):
        self.server = await asyncio.start_server(self.accept, "127.0.0.1", self.port, ssl=self.context)
        return self

    async def connect(self, context=None, name=None):
        """A connection of ours to the gateway, which our requests go by from now on; `name` of its certificate."""
        reader, self.connection = await asyncio.open_connection(*self.gateway, ssl=context, server_hostname=name)
        self.out = self.connection
        self.keep(asyncio.ensure_future(self.read(reader, self.connection)))

    def keep(self, task):
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def accept(self, reader, writer):
        self.connections.append(writer)
        await self.read(reader, writer)

    async def read(self, reader, writer):
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lstrip(b"\r\n")
                if not head:
                    continue  # a keepalive
                message = Message(head.decode(errors="replace"))
                message.body = (await reader.readexactly(int(message["Content-Length"] or 0))).decode()
                message.writer = writer
                self.receive_message(message)
        writer.close()

    def answer(self, request, status, body="", **headers):
        ours, self.out = self.out, request.writer
        try:
            return super().answer(request, status, body, **headers)
        finally:
            self.out = ours

    def write(self, data):
        self.out.write(data)

    def close(self):
        for task in self.tasks:
            task.cancel()
        for writer in (*self.connections, *([self.connection] if self.connection else [])):
            if not writer.transport.is_closing():
                writer.transport.abort()
        self.server.close()

    async def leave(self):
        """close(), and nothing of it is left open when this returns."""
        self.close()
        for writer in (*self.connections, *([self.connection] if self.connection else [])):
            with contextlib.suppress(OSError, ssl.SSLError):
                await writer.wait_closed()
