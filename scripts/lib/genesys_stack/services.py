"""The processes: what each is started with, which ports it needs, how it shows to be ready."""

import dataclasses
import pathlib
from collections.abc import Callable

from . import probe
from .settings import LOOPBACK, Kamailio, Node, Settings


@dataclasses.dataclass(frozen=True)
class Service:
    name: str
    command: list[str]
    ports: list[tuple[str, str, int]]  # ("tcp" or "udp", address, port): must be free before
    ready: Callable[[], bool]          # called inside the namespace
    seconds: float = 10.0              # to become ready, on a loaded machine
    environment: dict[str, str] = dataclasses.field(default_factory=dict)


def sim(settings: Settings) -> Service:
    ports = settings.ports
    recordings = settings.directory / "recordings"
    recordings.mkdir(exist_ok=True)
    command = [str(settings.sim), "--listen", f"{LOOPBACK}:{ports.sim_sip}",
               "--transport", "both", "--http", f"{LOOPBACK}:{ports.sim_http}",
               "--media-address", LOOPBACK, "--rtp-ports", ports.sim_rtp_range,
               *(word for dn in settings.dns.split(",") for word in ("--dn", dn)),
               "--record-dir", str(recordings), *settings.sim_arguments]
    return Service("sim", command,
                   [("udp", LOOPBACK, ports.sim_sip), ("tcp", LOOPBACK, ports.sim_sip),
                    ("tcp", LOOPBACK, ports.sim_http)],
                   lambda: probe.http_answers(f"http://{LOOPBACK}:{ports.sim_http}/status"))


def kamailio(settings: Settings, one: Kamailio) -> Service:
    ports = settings.ports
    more = [("udp", one.address, ports.dmq)] if settings.kamailio_count > 1 else []
    more += [("tcp", one.address, ports.kamailio_tls)] if settings.towards_server == "tls" else []
    # -m and -M: MiB of memory that its processes share, and of each of them.
    return Service(one.name, ["kamailio", "-f", str(one.directory / "kamailio.cfg"), "-DD", "-E",
                              "-m", "64", "-M", "8", "-P", str(one.directory / "pid"),
                              "-w", str(one.directory)],
                   [("udp", one.address, ports.kamailio), ("tcp", one.address, ports.kamailio), *more],
                   lambda: probe.sip_answers(one.address, ports.kamailio, settings.nodes[0].inside))


def as_user(name: str) -> list[str]:
    """The start of a command that runs as conf/systemd has it run."""
    return ["setpriv", "--reuid", name, "--regid", name, "--clear-groups", "--no-new-privs",
            "--bounding-set=-all", "--inh-caps=-all"] if name else []


def janus(settings: Settings, node: Node) -> Service:
    ports = node.ports
    return Service(node.name, [*as_user(settings.janus_user), "janus", "-F", str(node.directory)],
                   [("tcp", LOOPBACK, ports.ws), ("tcp", LOOPBACK, ports.http),
                    ("tcp", LOOPBACK, ports.admin), ("tcp", LOOPBACK, ports.inside),
                    ("udp", node.inside, ports.sip)],
                   lambda: probe.janus_has_plugin(ports.http, settings.plugin_name)
                   and probe.tcp_answers(LOOPBACK, ports.ws),
                   environment=dict(one.split("=", 1) for one in settings.janus_environment))


def guard(settings: Settings, node: Node) -> Service:
    ports = node.ports
    return Service(node.guard, [str(settings.guard), "--listen", f"{LOOPBACK}:{ports.guard}",
                                "--janus", f"{LOOPBACK}:{ports.ws}"],
                   [("tcp", LOOPBACK, ports.guard)], lambda: probe.tcp_answers(LOOPBACK, ports.guard))


def coturn(settings: Settings) -> Service:
    ports = settings.ports
    return Service("coturn", ["turnserver", "-c", str(settings.directory / "coturn" / "turnserver.conf")],
                   [("udp", settings.address, ports.turn), ("tcp", settings.address, ports.turn),
                    ("tcp", settings.address, ports.turn_tls)],
                   lambda: probe.stun_answers(settings.address, ports.turn))


def nginx(settings: Settings) -> Service:
    return Service("nginx", ["nginx", "-e", "stderr", "-p", str(settings.directory / "run"),
                             "-c", str(settings.directory / "nginx" / "nginx.conf")],
                   [("tcp", settings.address, settings.ports.https)],
                   lambda: probe.https_answers(settings.address, settings.ports.https,
                                               settings.host or settings.address,
                                               settings.secrets / "ca.crt"))


def service(settings: Settings, name: str) -> Service:
    """The process that Settings.services names so."""
    single = {"sim": sim, "coturn": coturn, "nginx": nginx}
    if name in single:
        return single[name](settings)
    several = {**{node.name: (janus, node) for node in settings.nodes},
               **{node.guard: (guard, node) for node in settings.nodes},
               **{one.name: (kamailio, one) for one in settings.kamailios}}
    make, which = several[name]
    return make(settings, which)


def needed_files(settings: Settings) -> list[pathlib.Path]:
    """Built by us: the error for a missing one is clearer here than from the process."""
    return [path for name, path in (("sim", settings.sim), ("janus", settings.plugin), ("guard", settings.guard))
            if name in settings.only]


__all__ = ["Service", "needed_files", "service"]
