"""The messages of RFC 4475, each written anew as a plain message with the RFC's twist, so that it concerns a
DN of ours and its answer comes back to whoever sent it. Section numbers are the RFC's."""

import dataclasses
import itertools

SDP = ("v=0\r\no=mhandley 29739 7272939 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
       "m=audio 26100 RTP/AVP 0 12\r\na=rtpmap:31 LPC\r\n")
MULTIPART = ("--7a9cbec02ceef655\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n\r\nHello\r\n"
             "--7a9cbec02ceef655\r\nContent-Type: application/octet-stream\r\n\r\n0\x82\x01R\x06\t*\x86H\x86\r\n"
             "--7a9cbec02ceef655--\r\n")
BIG = 36893488147419103232  # 2**65
LONG = "x" * 500
NO_ANSWER = ()


@dataclasses.dataclass(frozen=True)
class Message:
    """`change` replaces whole lines by header name, or leaves them out (None). `answers`: the final statuses
    that are right here, None among them if it may be dropped as well; NO_ANSWER: it must be."""

    section: str
    name: str
    answers: tuple
    method: str = "INVITE"
    start: str = "{method} sip:{dn}@{gateway} SIP/2.0"
    change: dict = dataclasses.field(default_factory=dict)
    more: tuple = ()
    body: str = ""
    length: str = ""      # in place of the true one
    tail: bytes = b""     # behind the message, in the same datagram


class Tormentor:
    """Writes them down. 480 is how the gateway refuses an INVITE that it has understood, as long as nobody is
    signed in."""

    def __init__(self, dn, here, gateway_port):
        self.values = {"dn": dn, "here": here, "gateway": f"127.0.0.1:{gateway_port}"}
        self.numbers = itertools.count(1)

    def octets(self, message):
        number = next(self.numbers)
        values = {**self.values, "method": message.method, "call": self.call_id(message), "n": number}
        body = message.body.encode("latin1")
        headers = {
            "Via": "Via: SIP/2.0/UDP {here};branch=z9hG4bKtorture{n}",
            "From": "From: <sip:torment@{here}>;tag=t{n}",
            "To": "To: <sip:{dn}@{gateway}>",
            "Call-ID": "Call-ID: {call}",
            "CSeq": "CSeq: 1 {method}",
            "Contact": "Contact: <sip:torment@{here}>",
            "Max-Forwards": "Max-Forwards: 70",
            "Content-Type": "Content-Type: application/sdp" if body else None,
            "Content-Length": "Content-Length: " + (message.length or str(len(body)))}
        headers.update(message.change)
        lines = [message.start, *(line for line in headers.values() if line is not None), *message.more, "", ""]
        # Latin-1: a character is an octet, so that any octet can be written down here.
        text = "\r\n".join(line.format_map(values) for line in lines)
        return text.encode("latin1") + body + message.tail

    def call_id(self, message):
        return f"{message.name}-{self.values['dn']}@torture"


RESPONSE = "SIP/2.0 {code} {phrase}"
STRAY = {"Via": "Via: SIP/2.0/UDP {here};branch=z9hG4bKnobody{n}"}


def response(section, name, code, phrase="OK", **changes):
    """A response to a request that the gateway has not sent: nothing can come back."""
    return Message(section, name, NO_ANSWER, start=f"SIP/2.0 {code} {phrase}", **{"change": STRAY, **changes})


VALID = (
    Message("3.1.1.1", "wsinv", (481,), change={
        "To": "TO :\r\n sip:{dn}@{gateway} ;   tag    = 1918181833n",
        "From": 'from   : "J \\\\\\""       <sip:j@{here}>\r\n  ;\r\n  tag = 98asjd{n}',
        "Max-Forwards": "MaX-fOrWaRdS: 0068", "CSeq": "cseq: 0009\r\n  INVITE",
        "Via": "Via  : SIP  /   2.0\r\n /UDP\r\n    {here};branch=z9hG4bKws{n}",
        "Contact": 'm:"Quoted \\"\\"" <sip:j@{here}> ; newparam =\r\n      newvalue ;\r\n  secondparam ; q = 0.33'},
        more=("s :", "NewFangledHeader:   newfangled value\r\n continued newfangled value",
              "UnknownHeaderWithUnusualValue: ;;,,;;,;",
              "v:  SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n"
              " SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239"), body=SDP),
    Message("3.1.1.2", "intmeth", (405, 481, 501, None), method="!interesting-Method0123456789_*+`.%indeed'~", start=(
        "{method} sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"
        "@{gateway} SIP/2.0"), change={"From": 'From: "BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f" <sip:1_unusual.URI@{here}>;tag=x',
                                       "Call-ID": "Call-ID: {call}-word%ZK-!.*_+'@word`~)(><:\\/\"][?{{}}"},
        more=("extensionHeader-!.%*+_`'~:\xef\xbb\xbf\xe5\xa4\xa7\xe5\x81\x9c\xe9\x9b\xbb",)),
    Message("3.1.1.3", "esc01", (404, 480), start="{method} sip:sips%3Auser%40example.com@{gateway} SIP/2.0"),
    Message("3.1.1.4", "escnull", (404, 405, 501), method="REGISTER", change={
        "From": "From: sip:null-%00-null@{here};tag=8{n}", "To": "To: sip:null-%00-null@{gateway}",
        "Contact": "Contact: <sip:%00@{here}>"}, more=("Contact: <sip:%00%00@{here}>",)),
    Message("3.1.1.5", "esc02", (405, 481, 501), method="RE%47IST%45R", change={
        "From": 'From: "%Z%45" <sip:resource@{here}>;tag=f{n}'}),
    Message("3.1.1.6", "lwsdisp", (200,), method="OPTIONS", change={"From": "From: caller<sip:caller@{here}>;tag=323"}),
    Message("3.1.1.7", "longreq", (480,), change={
        "From": f'From: "{LONG}" <sip:caller@{{here}}>;tag=12982424;{LONG}=x',
        "Contact": f"Contact: <sip:amanoftoolongname{LONG}@{{here}};p={LONG}>"}, more=(
        *(f"Unknown-Long-Name{number}{LONG}: {LONG}" for number in range(4)),
        *(f"Via: SIP/2.0/UDP sip{number}.example.com;received=1.1.1.{number};branch=z9hG4bK{LONG}"
          for number in range(1, 10))), body=SDP),
    Message("3.1.1.8", "dblreq", (404, 405, 501), method="REGISTER", tail=(
        b"\r\n\r\nINVITE sip:joe@example.com SIP/2.0\r\nt: sip:joe@example.com\r\nCall-ID: dblreq.inside\r\n\r\n")),
    Message("3.1.1.9", "semiuri", (200,), method="OPTIONS", start="{method} sip:user;par=u%40example.net@{gateway} SIP/2.0"),
    Message("3.1.1.10", "transports", (200,), method="OPTIONS", more=tuple(
        f"Via: SIP/2.0/{protocol} t{number}.example.com;branch=z9hG4bKt{number}"
        for number, protocol in enumerate(("UDP", "TCP", "TLS", "SCTP", "UNKNOWN")))),
    Message("3.1.1.11", "mpart01", (404, 405, 415), method="MESSAGE", body=MULTIPART, change={
        "Content-Type": "Content-Type: multipart/mixed;boundary=7a9cbec02ceef655"}),
    response("3.1.1.12", "unreason", 200, "= 2**3 * 5**2 \xd0\xbd\xd0\xbe \xd1\x81\xd1\x82\xd0\xbe"),
    response("3.1.1.13", "noreason", 100, ""),
)
INVALID = (
    Message("3.1.2.1", "badinv01", (400, None), change={"Via": "Via: SIP/2.0/UDP {here};branch=z9hG4bKbad{n};;,;,,"},
            more=('Contact: "" <> ;,,,;',)),
    Message("3.1.2.2", "clerr", (400,), body=SDP, length="9999"),
    Message("3.1.2.3", "ncl", (400,), body=SDP, length="-999"),
    Message("3.1.2.4", "scalar02", (400, 404, 405, 501), method="REGISTER", change={
        "CSeq": f"CSeq: {BIG} REGISTER", "Max-Forwards": "Max-Forwards: 300",
        "Contact": f"Contact: <sip:user@{{here}}>;expires={BIG}"}, more=(f"Expires: {BIG}",)),
    response("3.1.2.5", "scalarlg", 503, "Service Unavailable", change={**STRAY, "CSeq": f"CSeq: {BIG} OPTIONS"},
             more=(f"Warning: 1812 overture \"In Progress\"", f"Retry-After: {BIG}")),
    Message("3.1.2.6", "quotbal", (400, 480), change={"From": 'From: "Mr. J. User <sip:j.user@{here}>;tag=93334'}),
    Message("3.1.2.7", "ltgtruri", (400,), start="{method} <sip:{dn}@{gateway}> SIP/2.0"),
    Message("3.1.2.8", "lwsruri", (400, None), start="{method} sip:{dn}@{gateway}; lr SIP/2.0"),
    Message("3.1.2.9", "lwsstart", (400, 480), start="{method}  sip:{dn}@{gateway}  SIP/2.0"),
    Message("3.1.2.10", "trws", (400, 200), method="OPTIONS", start="{method} sip:{dn}@{gateway} SIP/2.0  "),
    Message("3.1.2.11", "escruri", (400, 480), start="{method} sip:{dn}@{gateway}?Route=%3Csip:sip.example.com%3E SIP/2.0"),
    Message("3.1.2.12", "baddate", (400, 480), more=("Date: Fri, 01 Jan 2010 16:00:00 EST",)),
    Message("3.1.2.13", "regbadct", (400, 404, 405, 501), method="REGISTER", change={
        "Contact": "Contact: sip:user@{here}?Route=%3Csip:sip.example.com%3E"}),
    Message("3.1.2.14", "badaspec", (400, 200), method="OPTIONS", change={
        "To": 'To: "Watson, Thomas" < sip:{dn}@{gateway} >'}),
    Message("3.1.2.15", "baddn", (400, 200), method="OPTIONS", change={"From": "From: Bell, Alexander <sip:a@{here}>;tag=43"}),
    Message("3.1.2.16", "badvers", (505, 400), method="OPTIONS", start="{method} sip:{dn}@{gateway} SIP/7.0",
            change={"Via": "Via: SIP/7.0/UDP {here};branch=z9hG4bKvers{n}"}),
    Message("3.1.2.17", "mismatch01", (400,), method="OPTIONS", change={"CSeq": "CSeq: 8 INVITE"}),
    Message("3.1.2.18", "mismatch02", (400, 501), method="NEWMETHOD", change={"CSeq": "CSeq: 8 INVITE"}),
    response("3.1.2.19", "bigcode", 4294967301, "better not break the receiver"),
)
TRANSACTION = (
    Message("3.2.1", "badbranch", (200, 400), method="OPTIONS", change={"Via": "Via: SIP/2.0/UDP {here};branch=z9hG4bK"}),
)
APPLICATION = (
    Message("3.3.1", "insuf", (400,), change={"From": None, "To": None, "Call-ID": None}),
    Message("3.3.2", "unkscm", (200, 404, 416), method="OPTIONS", start="{method} nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0"),
    Message("3.3.3", "novelsc", (200, 404, 416), method="OPTIONS", start="{method} soap.beep://192.0.2.103:3002 SIP/2.0"),
    Message("3.3.4", "unksm2", (404, 405, 501), method="REGISTER", change={
        "To": "To: isbn:2983792873", "From": "From: <http://www.example.com>;tag=3234233",
        "Contact": "Contact: <name:John_Smith>"}),
    Message("3.3.5", "bext01", (420,), more=("Require: nothingSupportsThis, nothingSupportsThisEither",
                                              "Proxy-Require: noProxiesSupportThis, norDoAnyProxiesSupportThis")),
    Message("3.3.6", "invut", (415, 480), body="<audio>\r\n <pcmu port=\"443\"/>\r\n</audio>\r\n", change={
        "Content-Type": "Content-Type: application/unknownformat"}),
    Message("3.3.7", "regaut01", (404, 405, 501), method="REGISTER", more=("Authorization: NoOneKnowsThisScheme opaque-data=here",)),
    Message("3.3.8", "multi01", (400, 480), more=(
        "CSeq: 5 INVITE", "Call-ID: {call}-second", "Max-Forwards: 5", "From: <sip:two@{here}>;tag=2nd",
        "To: <sip:other@{gateway}>", "Content-Type: text/plain"), body=SDP),
    Message("3.3.9", "mcl01", (200, 400), method="OPTIONS", more=("Content-Length: 5",)),
    response("3.3.10", "bcast", 200, change={"Via": "Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bKbcast"}),
    Message("3.3.11", "zeromf", (200, 483), method="OPTIONS", change={"Max-Forwards": "Max-Forwards: 0"}),
    Message("3.3.12", "cparam01", (404, 405, 501), method="REGISTER", change={"Contact": "Contact: sip:+19725552222@{here};unknownparam"}),
    Message("3.3.13", "cparam02", (404, 405, 501), method="REGISTER", change={"Contact": "Contact: <sip:+19725552222@{here};unknownparam>"}),
    Message("3.3.14", "regescrt", (404, 405, 501), method="REGISTER", change={
        "Contact": "Contact: <sip:user@{here}?Route=%3Csip:sip.example.com%3E>"}),
    Message("3.3.15", "sdp01", (406, 480), more=("Accept: text/nobodyKnowsThis",)),
)
COMPATIBILITY = (
    Message("3.4.1", "inv2543", (480,), change={
        "Via": "Via: SIP/2.0/UDP {here}", "From": "From: sip:sip-caller@{here}", "Max-Forwards": None}, body=SDP),
)
MESSAGES = VALID + INVALID + TRANSACTION + APPLICATION + COMPATIBILITY
