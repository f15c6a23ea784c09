"""docker/.env, as compose hands it to the container `prepare`: read, and refused where it makes no sense."""

import ipaddress
import pathlib
import re
from collections.abc import Mapping

from genesys_stack.errors import StackError
from genesys_stack.settings import Ports, Settings

DIRECTORY = pathlib.Path("/etc/janus-genesys")  # the volumes, at the same place in every container
PROFILES = {"lab", "kamailio", "second-node", "observe"}
CHOICES = {"SIGN_IN": ("token", "password"), "PEER_CONNECTION": ("agent", "call"), "SIP_TRANSPORT": ("udp", "tcp")}
RANGES = {"ICE_PORTS": "ice_range", "RTP_PORTS": "rtp_range", "TURN_PORTS": "turn_range"}


def settings_of(environment: Mapping[str, str], directory: pathlib.Path = DIRECTORY) -> Settings:
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    profiles = set(filter(None, given.get("COMPOSE_PROFILES", "").split(",")))
    if unknown := profiles - PROFILES:
        raise StackError(f"COMPOSE_PROFILES: no profile {', '.join(sorted(unknown))}; "
                         f"there are {', '.join(sorted(PROFILES))}")
    nodes = 2 if "second-node" in profiles else 1
    kamailios = 1 if profiles & {"kamailio", "second-node"} else 0
    where = lab(given) if "lab" in profiles else real(given, nodes, kamailios)
    return Settings(directory=directory, address=address("PUBLIC_ADDRESS", given), host=name_of(given),
                    node_count=nodes, kamailio_count=kamailios, ports=ports(given), dns=dns(given),
                    sign_in=choice("SIGN_IN", given), peer_connection=choice("PEER_CONNECTION", given),
                    sip_transport=choice("SIP_TRANSPORT", given), register_when="on_sign_in", **where)


def lab(given: Mapping[str, str]) -> dict:
    """With the stand-in all of SIP stays on loopback, where Settings has it by default."""
    for name in ("SIP_SERVER", "GATEWAY_ADDRESSES", "KAMAILIO_ADDRESS"):
        if name in given:
            raise StackError(f"{name}: of no use in the profile lab, which has a SIP Server of its own")
    return {}


def real(given: Mapping[str, str], nodes: int, kamailios: int) -> dict:
    host, _, port = required("SIP_SERVER", given).partition(":")
    gateways = tuple(address("GATEWAY_ADDRESSES", {"GATEWAY_ADDRESSES": one})
                     for one in required("GATEWAY_ADDRESSES", given).split(","))
    if len(gateways) != nodes or len(set(gateways)) != nodes:
        raise StackError(f"GATEWAY_ADDRESSES: one for each of {nodes} gateways, each another")
    kamailio = (address("KAMAILIO_ADDRESS", given),) if kamailios else ()
    if kamailio and kamailio[0] in gateways:
        raise StackError("KAMAILIO_ADDRESS: must be none of the gateways', since both have port 5060 there")
    return {"sip_server": (address("SIP_SERVER", {"SIP_SERVER": host}), number("SIP_SERVER", port or "5060")),
            "node_addresses": gateways, "kamailio_addresses": kamailio}


def required(name: str, given: Mapping[str, str]) -> str:
    if name not in given:
        raise StackError(f"{name}: is missing in .env")
    return given[name]


def address(name: str, given: Mapping[str, str]) -> str:
    value = required(name, given)
    try:
        found = ipaddress.IPv4Address(value)
    except ValueError:
        raise StackError(f"{name}: '{value}' is no IPv4 address") from None
    if found.is_loopback or found.is_unspecified or found.is_multicast:
        raise StackError(f"{name}: {value} is no address that others could reach")
    return value


def name_of(given: Mapping[str, str]) -> str:
    name = given.get("PUBLIC_NAME", "")
    if name and not re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", name):
        raise StackError(f"PUBLIC_NAME: '{name}' is no host name in small letters")
    return name


def choice(name: str, given: Mapping[str, str]) -> str:
    value = given.get(name, CHOICES[name][0])
    if value not in CHOICES[name]:
        raise StackError(f"{name}: '{value}' is none of {', '.join(CHOICES[name])}")
    return value


def number(name: str, value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        raise StackError(f"{name}: '{value}' is no port")
    return int(value)


def dns(given: Mapping[str, str]) -> str:
    value = given.get("DNS", Settings(DIRECTORY, "").dns)
    if not re.fullmatch(r"\w+(-\w+)?(,\w+(-\w+)?)*", value):
        raise StackError(f"DNS: '{value}' is no list of numbers and ranges, as 7000-7099,7200")
    return value


def ports(given: Mapping[str, str]) -> Ports:
    asked = {field: port_range(name, given[name]) for name, field in RANGES.items() if name in given}
    if "HTTPS_PORT" in given:
        asked["https"] = number("HTTPS_PORT", given["HTTPS_PORT"])
    return Ports(**asked)


def port_range(name: str, value: str) -> str:
    least, separator, most = value.partition("-")
    if not separator or number(name, least) >= number(name, most):
        raise StackError(f"{name}: '{value}' is no range of ports, as 30000-34999")
    return value
