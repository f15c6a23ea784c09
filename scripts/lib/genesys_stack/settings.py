"""What a stack is told before it starts: where it lives, at which address, on which ports."""

import dataclasses
import glob
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3]
SERVICES = ("sim", "janus", "guard", "coturn", "nginx")  # of every stack
START_ORDER = ("sim", "kamailio", "janus", "guard", "coturn", "nginx")
LOOPBACK = "127.0.0.1"
MOST_NODES = 4      # their ICE ports follow each other up to 49999
MOST_KAMAILIOS = 2  # one, or a pair that shares what it knows


@dataclasses.dataclass(frozen=True)
class Ports:
    """TCP and UDP port numbers; ranges as "first-last"."""

    https: int = 8443      # nginx, at `address`: the only one beside TURN and ICE that others reach
    turn: int = 3478       # coturn, UDP and TCP, at `address`
    turn_tls: int = 5349   # coturn, TCP, at `address`
    ws: int = 8188         # Janus's WebSocket, loopback; further nodes have the next ones
    guard: int = 8288      # janus-genesys-guard before it, loopback; likewise
    http: int = 8088       # Janus's HTTP, loopback; likewise
    admin: int = 7088      # Janus's admin API, loopback; likewise
    inside: int = 9188     # HTTP of the plugin, loopback; likewise
    sip: int = 5060        # SIP socket of each node's plugin, at its inside address
    kamailio: int = 5060   # SIP socket of each Kamailio, at its address
    kamailio_tls: int = 5061  # likewise, where SIP Server is to come by TLS
    dmq: int = 5062        # where two Kamailios tell each other what they know
    sim_sip: int = 5080    # stand-in SIP Server, loopback
    sim_http: int = 8085   # its control, loopback
    ice_range: str = "30000-34999"   # Janus, UDP, at `address`; further nodes have the next ones
    rtp_range: str = "20000-24999"   # the plugin's RTP towards SIP, UDP, at its inside address
    sim_rtp_range: str = "25000-29999"  # the stand-in's RTP, UDP, loopback
    turn_range: str = "49160-49359"  # coturn's relayed side, UDP, at `address`


    def of_node(self, number: int) -> "Ports":
        """Those of the gateway node 1, 2, …: what would collide lies behind the former node's."""
        after = number - 1
        return dataclasses.replace(self, ws=self.ws + after, guard=self.guard + after, http=self.http + after,
                                   admin=self.admin + after, inside=self.inside + after,
                                   ice_range=following(self.ice_range, after))


def following(ports: str, times: int) -> str:
    """The range of the same length that begins so many times behind."""
    first, last = map(int, ports.split("-"))
    step = times * (last - first + 1)
    return f"{first + step}-{last + step}"


@dataclasses.dataclass(frozen=True)
class Node:
    """One gateway: a Janus with the plugin."""

    number: int              # 1, 2, …
    directory: pathlib.Path  # of its configuration
    inside: str              # address of its SIP and RTP
    ports: Ports

    @property
    def name(self) -> str:
        """Of its process: janus, janus-2, …"""
        return numbered("janus", self.number)

    @property
    def guard(self) -> str:
        """Of the process before its WebSocket: guard, guard-2, …"""
        return numbered("guard", self.number)


@dataclasses.dataclass(frozen=True)
class Kamailio:
    """One of those between SIP Server and the nodes."""

    number: int              # 1 or 2
    directory: pathlib.Path  # of its configuration
    address: str             # of its SIP socket and of its control socket's file

    @property
    def name(self) -> str:
        return numbered("kamailio", self.number)

    @property
    def control(self) -> pathlib.Path:
        """Unix socket that kamcmd talks to."""
        return self.directory / "control"


def numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"


def start_order(name: str) -> tuple[int, str]:
    """Sort key of the names of processes."""
    return START_ORDER.index(name.partition("-")[0]), name


@dataclasses.dataclass(frozen=True)
class Settings:
    """SIP and its RTP stay on loopback: the stand-in SIP Server trusts everybody. It is at 127.0.0.1,
    and so is a gateway that is alone with it. With Kamailio, and where there are several gateways, each
    has an address of its own in 127.0.0.0/8, since it is by addresses that SIP peers are told apart."""

    directory: pathlib.Path
    address: str                  # IPv4 that browsers reach; Janus gathers no ICE on loopback
    netns: str | None = None      # network namespace to run in; made, and removed again, if new
    only: tuple[str, ...] = SERVICES
    node_count: int = 1           # gateways, each a Janus with the plugin, all with the same DNs
    kamailio_count: int = 0       # between SIP Server and the gateways: none, one or a pair
    node_addresses: tuple[str, ...] = ()      # of each gateway's SIP and RTP; default: in 127.0.0.0/8
    kamailio_addresses: tuple[str, ...] = ()  # of each Kamailio's SIP; likewise
    sip_server: tuple[str, int] | None = None  # address and port; default: the stand-in
    kamailio_flood: int = 2000    # new requests in 2 s from one address that Kamailio takes
    kamailio_peers: tuple[str, ...] = ()  # addresses that it takes for SIP Server's, besides the stand-in
    build: pathlib.Path = ROOT / "build" / "dev"
    host: str = ""                # name in the URL and the certificate; default: the address
    dns: str = "7000-7099"        # DNs: numbers and ranges, separated by commas
    sign_in: str = "password"     # or "token": see scripts/token
    peer_connection: str = "agent"  # or "call": what the page brings up, and when
    sockets_per_address: int = 200  # WebSockets that nginx lets one client address hold
    sip_transport: str = "udp"    # or "tcp"
    server_transport: str = ""    # between Kamailio and SIP Server, or "tls"; default: as sip_transport
    register_when: str = "always"  # or "on_sign_in"
    ports: Ports = Ports()
    plugin_template: pathlib.Path = ROOT / "conf" / "janus" / "janus.plugin.genesys.jcfg.in"
    stock_sip: bool = False       # Janus's own SIP plugin in place of ours, to compare with
    sim_arguments: tuple[str, ...] = ()
    event_loops: int = 0          # Janus's threads for browsers' media; 0: one for each core
    janus_environment: tuple[str, ...] = ()  # NAME=VALUE, as a sanitizer's LD_PRELOAD
    die_with_parent: bool = False  # children get SIGTERM should we be killed
    janus_user: str = ""          # whom Janus runs as, without any capability; default: as we do

    @property
    def nodes(self) -> tuple[Node, ...]:
        alone = self.node_count == 1 and not self.kamailio_count
        addresses = self.node_addresses or ([LOOPBACK] if alone else
                                            [f"127.0.0.{11 + index}" for index in range(self.node_count)])
        return tuple(Node(number, self.directory / numbered("janus", number), addresses[number - 1],
                          self.ports.of_node(number)) for number in range(1, self.node_count + 1))

    @property
    def kamailios(self) -> tuple[Kamailio, ...]:
        addresses = self.kamailio_addresses or [f"127.0.0.{2 + index}" for index in range(self.kamailio_count)]
        return tuple(Kamailio(number, self.directory / numbered("kamailio", number), addresses[number - 1])
                     for number in range(1, self.kamailio_count + 1))

    @property
    def server(self) -> tuple[str, int]:
        """Address and port of SIP Server, whoever stands before it."""
        return self.sip_server or (LOOPBACK, self.ports.sim_sip)

    @property
    def towards_server(self) -> str:
        """By which transport SIP comes and goes at SIP Server's."""
        return self.server_transport or self.sip_transport

    @property
    def services(self) -> list[str]:
        """Names of the processes, in order of start."""
        named = {name for name in self.only if name not in ("janus", "guard")}
        named |= {node.name for node in self.nodes if "janus" in self.only}
        named |= {node.guard for node in self.nodes if "guard" in self.only}
        return sorted(named | {one.name for one in self.kamailios}, key=start_order)

    @property
    def origin(self) -> str:
        return self.origin_of(self.host or self.address)

    def origin_of(self, host: str) -> str:
        """As a browser names it: without the port that https has anyway."""
        return f"https://{host}" + ("" if self.ports.https == 443 else f":{self.ports.https}")

    @property
    def secrets(self) -> pathlib.Path:
        return self.directory / "secrets"

    def secret(self, name: str) -> str:
        return (self.secrets / name).read_text().strip()

    @property
    def plugin_name(self) -> str:
        return "janus.plugin.sip" if self.stock_sip else "janus.plugin.genesys"

    @property
    def plugin(self) -> pathlib.Path:
        if self.stock_sip:
            return pathlib.Path(*glob.glob("/usr/lib/*/janus/plugins/libjanus_sip.so"))
        return self.build / "janus-plugins" / "plugin" / "libjanus_genesys.so"

    @property
    def guard(self) -> pathlib.Path:
        return self.build / "janus-plugins" / "socket_guard" / "janus-genesys-guard"

    @property
    def sim(self) -> pathlib.Path:
        return self.build / "tests" / "genesys-sim" / "genesys-sim"
