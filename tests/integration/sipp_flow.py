"""Scenarios for sipp, written step by step: sipp is SIP Server in a call with an agent. A Flow is written as
an XML file that sipp plays. The SIP is sipp's, the audio RtpParty's; no code is shared with the stand-in."""

import contextlib
from xml.sax.saxutils import quoteattr

UUID = "0BFQ7ABCDEFGH1JKLMN2OPQRST000001"
RTPMAPS = {0: "pcmu/8000", 8: "pcma/8000", 101: "telephone-event/8000"}
AT_CUE = "is at a cue"  # in the log of a flow
LATE = 8000  # ms that the gateway may take where an agent takes part in it


def sdp(party, direction=None, host=None, order=None):
    """A description of an RtpParty, `host` put for its address; `order` of payload types."""
    numbers = order or (party.payload_type, 101)
    names = {**RTPMAPS, party.payload_type: RTPMAPS[party.codec]}
    lines = ["v=0", "o=- 1 [version] IN IP4 127.0.0.1", "s=-", f"c=IN IP4 {host or party.host}", "t=0 0",
             f"m=audio {party.port} RTP/AVP " + " ".join(map(str, numbers)),
             *(f"a=rtpmap:{number} {names[number]}" for number in numbers), "a=fmtp:101 0-15"]
    if party.ptime != 20:
        lines.append(f"a=ptime:{party.ptime}")
    if direction:
        lines.append(f"a={direction}")
    return "\n".join(lines)


BLACK_HOLE = """v=0
o=Genesys 1 [version] IN IP4 127.0.0.1
s=3pcc Make Call
c=IN IP4 0.0.0.0
t=0 0
m=audio 10000 RTP/AVP 101 8 0 4 18 3
a=rtpmap:101 telephone-event/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:0 PCMU/8000"""


class Flow:
    """The steps of one call. CSeq counts for all methods alike, as SIP Server does it."""

    def __init__(self, number="5551234", uuid=UUID):
        self._steps, self._variables = [], []
        self._cseq, self._descriptions = 0, 0
        self._repeating = False
        self._tag = ""
        self.number, self.uuid = number, uuid

    # What sipp sends.

    def send(self, method, body="", content_type="application/sdp", cseq=None, **headers):
        """A request of the dialog (of none yet, before the first answer); its CSeq number."""
        if cseq is None:
            self._cseq += 1
            cseq = "[cseq]" if self._repeating else self._cseq
        at = "[local_ip]:[local_port]"
        # The ACK of a failure is part of its INVITE's transaction, as is a CANCEL.
        own = method == "ACK" and not headers.pop("failed", False)
        branch = f"z9hG4bK[pid]-[call_number]-{cseq}" + ("a" if own else "")
        tag = "" if method == "CANCEL" else self._tag
        self._message([
            f"{method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0",
            f"From: sip:{self.number}@{at};tag=[pid]f[call_number]", f"To: sip:[service]@[remote_ip]{tag}",
            "Call-ID: [call_id]", f"CSeq: {cseq} {method}", f"Via: SIP/2.0/UDP {at};branch={branch}",
            *([f"Contact: <sip:{self.number}@{at}>"] if method not in ("ACK", "BYE", "CANCEL") else []),
            "Max-Forwards: 70",
            *([f"X-Genesys-CallUUID: {self.uuid}"] if method != "CANCEL" else []),
            *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())], body, content_type)
        return cseq

    def answer(self, status, body="", kept=None, begins=False, **headers):
        """To the request that was expected last, or to the one that was expected with keep=`kept`.
        `begins`: the request asks for a dialog."""
        tag = ";tag=[pid]t[call_number]" if begins else ""
        echoed = (["[last_Via:]", "[last_From:]", f"[last_To:]{tag}", "[last_Call-ID:]", "[last_CSeq:]"] if not kept
                  else [f"Via:[${kept}_via]", f"From:[${kept}_from]", f"To:[${kept}_to]{tag}", "Call-ID: [call_id]",
                        f"CSeq:[${kept}_cseq]"])
        self._message([f"SIP/2.0 {status}", *echoed, f"Contact: <sip:{self.number}@[local_ip]:[local_port]>",
                       *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())],
                      body, "application/sdp")

    def _message(self, lines, body, content_type):
        if "[version]" in body:
            self._descriptions += 1
            body = body.replace("[version]", "[cseq]" if self._repeating else str(self._descriptions))
        if body:
            lines = [*lines, f"Content-Type: {content_type}", "Content-Length: [len]", "", body]
        else:
            lines = [*lines, "Content-Length: 0", ""]
        self._steps.append("<send><![CDATA[\n\n" + "\n".join(lines) +
                           ("]]></send>" if body and "v=0" not in body else "\n\n]]></send>"))

    # What sipp waits for.

    def expect(self, what, /, timeout=LATE, cseq=None, keep=None, remember=None, **looks):
        """A response of a status or a request of a method. `looks` are regular expressions of its
        headers by name, and of its body. What is kept is for answer(kept=…); `remember` maps names to
        (header, pattern), or (None, pattern) of the body, for use as [$name]."""
        kind = "response" if isinstance(what, int) else "request"
        if kind == "response" and what > 100:
            self._steps.append('<recv response="100" optional="true"/>')
        checks = []
        if cseq and not self._repeating:
            checks.append(self._ereg(f"{cseq}", "hdr", "CSeq:"))
        for name, pattern in looks.items():
            checks.append(self._ereg(pattern, "body") if name == "body" else
                          self._ereg(pattern, "hdr", name.replace("_", "-") + ":"))
        if keep:
            checks += [self._ereg(".+", "hdr", f"{name}:", f"{keep}_{name.lower()}")
                       for name in ("Via", "From", "To", "CSeq")]
        for name, (header, pattern) in (remember or {}).items():
            checks.append(self._ereg(pattern, "hdr" if header else "body", header and f"{header}:", name))
        if not self._tag and isinstance(what, int) and 100 < what < 300:
            checks.append(self._ereg(";tag=.*", "hdr", "To:", "tag"))
            self._tag = "[$tag]"
        self._steps.append(f'<recv {kind}="{what}" timeout="{timeout}"><action>' + "".join(checks) +
                           "</action></recv>")

    def _ereg(self, pattern, where, header=None, variable=None):
        if variable is None:
            variable = f"v{len(self._variables)}"
        self._variables.append(variable)
        named = f' header="{header}"' if header else ""
        return (f'<ereg regexp={quoteattr(pattern)} search_in="{where}"{named} check_it="true" '
                f'assign_to="{variable}"/>')

    def cue(self):
        """Waits until the test says so, having listened: SippCall.cue()."""
        self.log(AT_CUE)
        self._steps.append('<recv request="PUBLISH"/>')

    def pause(self, seconds):
        self._steps.append(f'<pause milliseconds="{round(seconds * 1000)}"/>')

    def log(self, message):
        """For the test to read: SippCase.logged()."""
        self._steps.append(f'<nop><action><log message="{message}"/></action></nop>')

    # The usual groups.

    def invited(self, body="", answer="", /, headers=None, **looks):
        """A re-INVITE with its 200 and ACK; `answer` goes into the ACK of one without SDP."""
        cseq = self.send("INVITE", body, **(headers or {}))
        self.expect(200, cseq=f"{cseq} INVITE", **looks)
        self.send("ACK", answer, cseq=cseq)
        return cseq

    def call(self, body="", answer="", /, **headers):
        """The first INVITE, until the agent has answered."""
        cseq = self.send("INVITE", body, Supported="uui,100rel,timer" if body else "timer",
                         Session_Expires="1800;refresher=uac", Min_SE=90, **headers)
        self.expect(180, Allow_Events="talk")
        self.expect(200, cseq=f"{cseq} INVITE")
        self.send("ACK", answer, cseq=cseq)
        return cseq

    def asked(self, method, body="", content_type="", status=200, **headers):
        """Another request of the dialog and its answer."""
        cseq = self.send(method, body, content_type, **headers)
        self.expect(status, 2000, cseq=f"{cseq} {method}")

    def reinvited(self, body, /, **looks):
        """A re-INVITE of the gateway, answered."""
        self.expect("INVITE", **looks)
        self.answer("200 OK", body)
        self.expect("ACK")

    def told(self, method, status="200 OK", /, **looks):
        """Another request of the gateway, answered."""
        self.expect(method, **looks)
        self.answer(status)

    def hang_up(self, **headers):
        self.asked("BYE", **headers)

    @contextlib.contextmanager
    def repeat(self, times):
        """The steps inside, so many times; they are requests and ACKs of sipp, each with a description."""
        loop, begun = f"loop{len(self._steps)}", self._cseq
        self._steps.append(f'<label id="{loop}"/>')
        self._repeating = True
        yield
        self._repeating = False
        self._steps.append(
            f'<nop next="{loop}" test="{loop}_more"><action><add assign_to="{loop}_count" value="1"/>'
            f'<test assign_to="{loop}_more" variable="{loop}_count" compare="less_than" value="{times}"/></action></nop>')
        self._cseq += (times - 1) * (self._cseq - begun)
        self._descriptions = max(self._descriptions, self._cseq)

    def write(self, path):
        seen = (f'<Reference variables="{",".join(dict.fromkeys(self._variables))}"/>' if self._variables else "")
        path.write_text('<?xml version="1.0" encoding="UTF-8" ?>\n<scenario name="flow">\n' +
                        "\n".join(self._steps) + f"\n{seen}\n</scenario>\n")
