"""What a stack is told before it starts: where it lives, at which address, on which ports."""

import dataclasses
import glob
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3]
SERVICES = ("sim", "janus", "coturn", "nginx")  # in order of start


@dataclasses.dataclass(frozen=True)
class Ports:
    """TCP and UDP port numbers; ranges as "first-last"."""

    https: int = 8443      # nginx, at `address`: the only one beside TURN and ICE that others reach
    turn: int = 3478       # coturn, UDP and TCP, at `address`
    turn_tls: int = 5349   # coturn, TCP, at `address`
    ws: int = 8188         # Janus's WebSocket, loopback
    http: int = 8088       # Janus's HTTP, loopback
    admin: int = 7088      # Janus's admin API, loopback
    sip: int = 5060        # the plugin's SIP socket, loopback
    sim_sip: int = 5080    # stand-in SIP Server, loopback
    sim_http: int = 8085   # its control, loopback
    ice_range: str = "30000-34999"   # Janus, UDP, at `address`
    rtp_range: str = "20000-24999"   # the plugin's RTP towards SIP, UDP, loopback
    sim_rtp_range: str = "25000-29999"  # the stand-in's RTP, UDP, loopback
    turn_range: str = "49160-49359"  # coturn's relayed side, UDP, at `address`


@dataclasses.dataclass(frozen=True)
class Settings:
    """SIP and its RTP stay on loopback: the stand-in SIP Server trusts everybody."""

    directory: pathlib.Path
    address: str                  # IPv4 that browsers reach; Janus gathers no ICE on loopback
    netns: str | None = None      # network namespace to run in; made, and removed again, if new
    only: tuple[str, ...] = SERVICES
    build: pathlib.Path = ROOT / "build" / "dev"
    host: str = ""                # name in the URL and the certificate; default: the address
    dns: str = "7000-7099"        # DNs: numbers and ranges, separated by commas
    sign_in: str = "password"     # or "token": see scripts/token
    peer_connection: str = "agent"  # or "call": what the page brings up, and when
    sip_transport: str = "udp"    # or "tcp"
    register_when: str = "always"  # or "on_sign_in"
    ports: Ports = Ports()
    plugin_template: pathlib.Path = ROOT / "conf" / "janus" / "janus.plugin.genesys.jcfg.in"
    stock_sip: bool = False       # Janus's own SIP plugin in place of ours, to compare with
    sim_arguments: tuple[str, ...] = ()
    event_loops: int = 0          # Janus's threads for browsers' media; 0: one for each core
    janus_environment: tuple[str, ...] = ()  # NAME=VALUE, as a sanitizer's LD_PRELOAD
    die_with_parent: bool = False  # children get SIGTERM should we be killed

    @property
    def origin(self) -> str:
        return f"https://{self.host or self.address}:{self.ports.https}"

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
    def sim(self) -> pathlib.Path:
        return self.build / "tests" / "genesys-sim" / "genesys-sim"
