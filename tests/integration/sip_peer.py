"""SIP Server as a few lines of text over UDP: for flows with several dialogs that neither the stand-in nor
one sipp scenario plays. Knows no transactions: loopback loses nothing."""

import asyncio
import itertools
import secrets

SDP = ("v=0\r\no=- 1 {version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
       "m=audio {port} RTP/AVP 0 101\r\na=rtpmap:0 pcmu/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
       "a={direction}\r\n")


def sdp(port, direction="sendrecv", version=1):
    return SDP.format(port=port, direction=direction, version=version)


class Message:
    """One SIP message: its start line, its headers in their order, its body; message[name] is the first value of
    a header, and "" without any."""

    def __init__(self, text):
        head, _, self.body = text.partition("\r\n\r\n")
        self.start, *lines = head.split("\r\n")
        self.headers = [(name.strip().lower(), value.strip())
                        for name, _, value in (line.partition(":") for line in lines)]
        self.status = int(self.start.split()[1]) if self.start.startswith("SIP/2.0") else 0
        words = (self["CSeq"] if self.status else self.start).split()
        self.method = words[-1] if self.status and words else words[0] if words else ""

    def __getitem__(self, name):
        return next(iter(self.every(name)), "")

    def every(self, name):
        return [value for header, value in self.headers if header == name.lower()]

    @property
    def call_id(self):
        return self["Call-ID"]

    def tag(self, name):
        return self[name].partition("tag=")[2].partition(";")[0]


class Dialog:
    """One dialog with the gateway. `ours` and `theirs` are From/To values with their tags."""

    def __init__(self, peer, call_id, ours, theirs, target):
        self.peer, self.call_id, self.ours, self.theirs, self.target = peer, call_id, ours, theirs, target
        self.cseq = 0
        self.route = []  # values of Route, in order

    def send(self, method, body="", content_type="application/sdp", cseq=None, **headers):
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        lines = [f"{method} {self.target} SIP/2.0", f"From: {self.ours}", f"To: {self.theirs}",
                 f"Call-ID: {self.call_id}", f"CSeq: {cseq} {method}",
                 f"Via: SIP/2.0/{self.peer.protocol} {self.peer.address};branch=z9hG4bK{next(self.peer.numbers)}",
                 f"Contact: {self.peer.contact}", "Max-Forwards: 70",
                 *(f"Route: {value}" for value in self.route),
                 *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
        self.peer.transmit(lines, body, content_type)
        return cseq

    async def receive(self, what, **options):
        return await self.peer.receive(what, call_id=self.call_id, **options)

    async def invited(self, body="", **headers):
        """Sends an INVITE of this dialog, takes the 200, and acknowledges it; the 200."""
        cseq = self.send("INVITE", body, **headers)
        answer = await self.receive(200, method="INVITE")
        self.theirs = answer["To"]
        self.send("ACK", cseq=cseq)
        return answer


class SipPeer(asyncio.DatagramProtocol):
    protocol = "UDP"  # in Via

    def __init__(self, port, gateway_port, host="127.0.0.1"):
        self.host = host
        self.address = f"{host}:{port}"
        self.contact = f"<sip:peer@{self.address}>"
        self.gateway = ("127.0.0.1", gateway_port)
        self.port = port
        self.numbers = (f"{secrets.token_hex(4)}{number}" for number in itertools.count(1))
        self.waiting = []
        self.registers = 0
        self.last_register = None
        self.changed = asyncio.Event()

    async def open(self):
        self.transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: self, local_addr=(self.host, self.port))
        return self

    def close(self):
        self.transport.close()

    def datagram_received(self, data, _):
        self.receive_message(Message(data.decode(errors="replace")))

    def write(self, data):
        self.transport.sendto(data, self.gateway)

    def receive_message(self, message):
        if message.method == "REGISTER" and not message.status:
            self.registers += 1
            self.last_register = message
            return self.answer(message, 200, Contact=message["Contact"] or "<sip:none@none>", Expires="1800")
        self.waiting.append(message)
        self.changed.set()

    def transmit(self, lines, body="", content_type="application/sdp"):
        if body:
            lines = [*lines, f"Content-Type: {content_type}"]
        self.write(("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body])).encode())

    def answer(self, request, status, body="", to=None, **headers):
        to = to or request["To"]
        if "tag=" not in to:
            to += f";tag=peer{next(self.numbers)}"
        self.transmit([f"SIP/2.0 {status} Phrase", *(f"Via: {via}" for via in request.every("Via")),
                       *(f"Record-Route: {route}" for route in request.every("Record-Route")),
                       f"From: {request['From']}", f"To: {to}",
                       f"Call-ID: {request.call_id}", f"CSeq: {request['CSeq']}",
                       *([] if "Contact" in headers else [f"Contact: {self.contact}"]),
                       *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())], body)
        return to

    async def receive(self, what, call_id=None, method=None, seconds=8):
        """The next request of a method, or response of a status ("final": of any from 200); others stay."""
        def fits(message):
            return ((message.status == what if isinstance(what, int) else
                     message.status >= 200 if what == "final" else
                     not message.status and message.method == what)
                    and call_id in (None, message.call_id) and method in (None, message.method))
        try:
            async with asyncio.timeout(seconds):
                while True:
                    for message in self.waiting:
                        if fits(message):
                            self.waiting.remove(message)
                            return message
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            heads = [message.start + " " + message["CSeq"] for message in self.waiting]
            raise AssertionError(f"no {what} {method or ''} within {seconds} s, but {heads}") from None

    def dialog(self, dn, number="5551234"):
        """A dialog of ours to come, for an INVITE to a DN."""
        name = next(self.numbers)
        return Dialog(self, f"call{name}@peer", f"sip:{number}@{self.address};tag=ours{name}",
                      f"sip:{dn}@127.0.0.1", f"sip:{dn}@127.0.0.1:{self.gateway[1]}")

    def accepted(self, invite, body, **headers):
        """Answers an INVITE of the gateway with 200; the dialog."""
        return self.dialog_of(invite, self.answer(invite, 200, body, **headers))

    def progressing(self, invite, body, **headers):
        """Answers an INVITE of the gateway with 183; the early dialog."""
        return self.dialog_of(invite, self.answer(invite, 183, body, **headers))

    def dialog_of(self, invite, to):
        contact = invite["Contact"].partition("<")[2].partition(">")[0]
        dialog = Dialog(self, invite.call_id, to, invite["From"], contact)
        dialog.route = invite.every("Record-Route")
        return dialog
