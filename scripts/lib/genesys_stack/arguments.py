"""Command line of a stack, the same for scripts/stack, scripts/demo and the benches."""

import argparse
import dataclasses
import json
import pathlib
import subprocess

from .errors import StackError
from .settings import MOST_KAMAILIOS, MOST_NODES, ROOT, SERVICES, Ports, Settings


def add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dir", required=True, type=pathlib.Path, help="folder of this stack")
    parser.add_argument("--netns", help="network namespace to run in")
    parser.add_argument("--address", help="IPv4 that browsers reach "
                        "(default: the host's first; 10.66.0.1 with --netns)")
    parser.add_argument("--host", default="", help="name in the URL and the certificate")
    parser.add_argument("--only", default=",".join(SERVICES), help="of %(default)s")
    parser.add_argument("--nodes", type=int, default=1, choices=range(1, MOST_NODES + 1),
                        help="gateways (default %(default)s); with several use --register-when on_sign_in")
    parser.add_argument("--kamailios", type=int, default=0, choices=range(MOST_KAMAILIOS + 1),
                        help="between SIP Server and the gateways (default: none)")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "dev",
                        help="build tree (default: build/dev)")
    parser.add_argument("--dns", default="7000-7099", help="DNs (default %(default)s)")
    parser.add_argument("--register-when", default="always", choices=("always", "on_sign_in"))
    parser.add_argument("--sign-in", default="password", choices=("password", "token"))
    parser.add_argument("--peer-connection", default="agent", choices=("agent", "call"))
    parser.add_argument("--sip-transport", default="udp", choices=("udp", "tcp"))
    parser.add_argument("--port", action="append", default=[], metavar="NAME=PORT",
                        help="one of " + ", ".join(port.name for port in dataclasses.fields(Ports)))
    parser.add_argument("--plugin-config", type=pathlib.Path, metavar="TEMPLATE",
                        help="instead of conf/janus/janus.plugin.genesys.jcfg.in")
    parser.add_argument("--sim-arg", action="append", default=[], metavar="ARG",
                        help="one more argument of genesys-sim")
    parser.add_argument("--janus-env", action="append", default=[], metavar="NAME=VALUE",
                        help="one more environment variable of Janus")


def settings(asked: argparse.Namespace) -> Settings:
    only = tuple(asked.only.split(","))
    if wrong := set(only) - set(SERVICES):
        raise StackError(f"--only: no service {', '.join(sorted(wrong))}; there are {', '.join(SERVICES)}")
    address = asked.address or ("10.66.0.1" if asked.netns else host_address())
    if address is None:
        raise StackError("this host has no IPv4 address beside loopback: give --netns, or --address")
    given = {"plugin_template": asked.plugin_config.resolve()} if asked.plugin_config else {}
    return Settings(directory=asked.dir.resolve(), address=address, netns=asked.netns, only=only,
                    node_count=asked.nodes, kamailio_count=asked.kamailios,
                    build=asked.build.resolve(), host=asked.host, dns=asked.dns,
                    register_when=asked.register_when, sign_in=asked.sign_in,
                    peer_connection=asked.peer_connection,
                    sip_transport=asked.sip_transport, ports=ports(asked.port),
                    sim_arguments=tuple(asked.sim_arg), janus_environment=tuple(asked.janus_env),
                    **given)


def ports(given: list[str]) -> Ports:
    kinds = {field.name: field.type for field in dataclasses.fields(Ports)}
    changed: dict[str, int | str] = {}
    for one in given:
        name, _, value = one.partition("=")
        if name not in kinds:
            raise StackError(f"--port {one}: no port '{name}'")
        try:
            changed[name] = kinds[name](value)
        except ValueError:
            raise StackError(f"--port {one}: '{value}' is not a number") from None
    return Ports(**changed)


def bare_settings(directory: pathlib.Path) -> Settings:
    """Of a stack that somebody else started: enough to find its processes."""
    return Settings(directory=directory.resolve(), address="")


def host_address() -> str | None:
    """The host's first IPv4 beside loopback."""
    listed = json.loads(subprocess.run(["ip", "-json", "-4", "address", "show", "scope", "global", "up"],
                                       capture_output=True, text=True, check=True).stdout or "[]")
    found = (entry["local"] for interface in listed for entry in interface.get("addr_info", [])
             if "local" in entry)
    return next(found, None)
