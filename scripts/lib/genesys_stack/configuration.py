"""The rendered configuration of a stack: which template becomes which file, with which values."""

import os
import pathlib
import re

from .render import render_tree
from .settings import LOOPBACK, ROOT, Kamailio, Node, Settings

CONF = ROOT / "conf"


def render_configuration(settings: Settings, page: pathlib.Path | None) -> None:
    directory = settings.directory
    for one in settings.kamailios:
        render_tree({CONF / "kamailio" / f"{name}.in": one.directory / name for name in
                     ("kamailio.cfg", "dispatcher.list", "address.list")}, kamailio_values(settings, one))
        if settings.towards_server == "tls":
            render_tree({CONF / "kamailio" / "tls.cfg.in": one.directory / "tls.cfg"}, kamailio_tls_values(settings))
    for node in settings.nodes if "janus" in settings.only else ():
        render_tree({
            **{CONF / "janus" / f"{name}.in": node.directory / name for name in
               ("janus.jcfg", "janus.transport.websockets.jcfg", "janus.transport.http.jcfg")},
            settings.plugin_template: node.directory / f"{settings.plugin_name}.jcfg"},
            janus_values(settings, node))
    if "nginx" in settings.only:
        render_tree({CONF / "nginx" / "nginx.conf.in": directory / "nginx" / "nginx.conf"},
                    nginx_values(settings, page))
    if "coturn" in settings.only:
        render_tree({CONF / "coturn" / "turnserver.conf.in": directory / "coturn" / "turnserver.conf"},
                    coturn_values(settings))


def kamailio_values(settings: Settings, one: Kamailio) -> dict[str, str]:
    ports = settings.ports
    other = next((two for two in settings.kamailios if two != one), None)
    peers = [(1, node.inside, 0, node.name) for node in settings.nodes]
    peers.append((2, settings.server[0], 0, "sip-server"))
    peers += [(2, address, 0, "further") for address in settings.kamailio_peers]
    if other:
        peers.append((3, other.address, 0, other.name))
    return {
        "SIP_ADDRESS": one.address, "SIP_PORT": ports.kamailio, "RUN_DIR": one.directory,
        "SIP_TLS_PORT": ports.kamailio_tls, "TLS_CONFIG": one.directory / "tls.cfg",
        "TCP_WORKERS": 4, "FLOOD_REQUESTS": settings.kamailio_flood,
        "DISPATCHER_LIST": one.directory / "dispatcher.list", "ADDRESS_LIST": one.directory / "address.list",
        "DEFINE_LINES": "\n".join([
            *([f"#!define SERVER_BY_{settings.towards_server.upper()}"] if settings.towards_server != "udp" else []),
            *(["#!define PAIR", f'#!define OWN_DMQ "sip:{one.address}:{ports.dmq}"',
               f'#!define OTHER_DMQ "sip:{other.address}:{ports.dmq}"',
               f"#!define DMQ_SOCKET udp:{one.address}:{ports.dmq}"] if other else [])]),
        "NODE_LINES": "\n".join(f"1 sip:{node.inside}:{ports.sip}{parameter(settings.sip_transport)} 0 10"
                                for node in settings.nodes),
        "SERVER_LINES": "2 sip:%s:%d%s 0 10" % (*settings.server, parameter(settings.towards_server)),
        "PEER_LINES": "\n".join(f"{group} {address} 32 {port} {tag}" for group, address, port, tag in peers)}


def kamailio_tls_values(settings: Settings) -> dict[str, str]:
    return {"TLS_CERTIFICATE": settings.secrets / "tls.crt", "TLS_KEY": settings.secrets / "tls.key",
            "TLS_CA_FILE": settings.secrets / "ca.crt", "TLS_SERVER_SHOWS": "no"}


def parameter(transport: str) -> str:
    """Of a SIP URI."""
    return "" if transport == "udp" else f";transport={transport}"


def janus_values(settings: Settings, node: Node) -> dict[str, str]:
    ports, directory = node.ports, node.directory
    return {
        "CONFIG_DIR": directory, "PLUGIN_DIR": directory / "plugins",
        "TRANSPORT_DIR": directory / "transports", "EMPTY_DIR": directory / "empty",
        "ADMIN_SECRET": settings.secret("admin.secret"),
        "EVENT_LOOPS": settings.event_loops or os.cpu_count() or 1, "ICE_PORT_RANGE": ports.ice_range,
        "MEDIA_ADDRESS": settings.address, "WS_PORT": ports.ws, "HTTP_PORT": ports.http,
        "ADMIN_PORT": ports.admin, **plugin_values(settings, node)}


def plugin_values(settings: Settings, node: Node) -> dict[str, str]:
    ports = node.ports
    if settings.stock_sip:
        return {"RTP_PORT_RANGE": ports.rtp_range}
    entries = (f'  {{ {"range" if "-" in dn else "number"} = "{dn}"; }}' for dn in settings.dns.split(","))
    first, *backups = [(one.address, ports.kamailio) for one in settings.kamailios] or [settings.server]
    return {
        "SIP_SERVER": first[0], "SIP_SERVER_PORT": first[1],
        "SIP_SERVER_LINES": sip_server_lines(settings, backups), "INSIDE_ADDRESS": node.inside,
        "SIP_PORT": ports.sip, "SIP_TRANSPORT": settings.sip_transport, "INSIDE_PORT": ports.inside,
        "SIGN_IN_LINES": sign_in_lines(settings), "TURN_PORT": ports.turn, "TURN_TLS_PORT": ports.turn_tls,
        "TURN_SECRET_FILE": settings.secrets / "turn.secret", "RTP_PORT_RANGE": ports.rtp_range,
        "REGISTER_WHEN": settings.register_when, "DN_LINES": ",\n".join(entries),
        "AGENT_PASSWORD": settings.secret("agent.password")}


def sip_server_lines(settings: Settings, backups: list[tuple[str, int]]) -> str:
    """With Kamailio in between the DNs are still SIP Server's."""
    if not settings.kamailios:
        return ""
    listed = ", ".join(f'"{address}:{port}"' for address, port in backups)
    return f'  domain = "{settings.server[0]}"' + (f"\n  backups = [{listed}]" if listed else "")


def sign_in_lines(settings: Settings) -> str:
    if settings.sign_in == "password":
        return '  mode = "password"'
    return (f'  mode = "token"\n  algorithm = "HS256"\n  audience = "janus-genesys"\n'
            f'  key_file = "{settings.secrets / "jwt.key"}"')


def nginx_values(settings: Settings, page: pathlib.Path) -> dict[str, str]:
    ports = settings.ports
    origins = dict.fromkeys([settings.origin, settings.origin_of(settings.address)])
    return {
        "RUN_DIR": settings.directory / "run", "LOG_DIR": settings.directory / "logs",
        "NGINX_USER_LINE": "" if os.geteuid() else "user www-data;",
        "MIME_TYPES": "/etc/nginx/mime.types", "PAGE_DIR": page,
        "ORIGIN_LINES": "\n".join(f'    "{origin}" 1;' for origin in origins),
        "WEBSOCKET_ORIGINS": " ".join(origin.replace("https:", "wss:") for origin in origins),
        "MEDIA_ADDRESS": settings.address, "HTTPS_PORT": ports.https,
        "SOCKETS_PER_ADDRESS": settings.sockets_per_address, "OPENS_PER_SECOND": 20,
        "SIGN_IN": settings.sign_in, **gateway_lines(settings),
        "PEER_CONNECTION": settings.peer_connection,
        "TLS_CERTIFICATE": settings.secrets / "tls.crt", "TLS_KEY": settings.secrets / "tls.key"}


def gateway_lines(settings: Settings) -> dict[str, str]:
    """Where nginx passes WebSockets on to; with several gateways also how a page gets back to its own, and away
    from one that is being emptied."""
    gateways = [(node.number, f"{LOOPBACK}:{node.ports.guard}") for node in settings.nodes]
    several = gateways if len(gateways) > 1 else []
    servers = {number: f"    server {one} max_fails=0;" for number, one in gateways}
    return {
        "CHECKER_LINES": "\n".join(f"    server {LOOPBACK}:{node.ports.inside} max_fails=0;"
                                   for node in settings.nodes),
        "TOKEN_CHECK_LINES": "      auth_request /token-check;" if settings.sign_in == "token" else "",
        "GATEWAY_LINES": "\n".join(servers.values()),
        "NUMBER_LINES": "\n".join(f'    "~{re.escape(one)}$" {number};' for number, one in several),
        "RETURN_LINES": "\n".join(line for number, one in several for line in (
            rf'    "~^(\S+)~{number} \1 $" {one};', rf'    "~^(\S+)~{number} \1 \d+$" without_{number};')),
        "OTHERS_LINES": "\n".join(others(number, servers) for number, _ in several)}


def others(number: int, servers: dict[int, str]) -> str:
    """The upstream of all gateways but one."""
    rest = [line for other, line in servers.items() if other != number]
    return "\n".join([f"  upstream without_{number} {{", f"    zone without_{number} 64k;",
                      "    hash $route consistent;", *rest, "  }"])


def coturn_values(settings: Settings) -> dict[str, str]:
    ports = settings.ports
    least, most = ports.turn_range.split("-")
    return {
        "TURN_ADDRESS": settings.address, "TURN_PORT": ports.turn, "TURN_TLS_PORT": ports.turn_tls,
        "TURN_MIN_PORT": least, "TURN_MAX_PORT": most, "TURN_REALM": "janus-genesys",
        "TURN_SECRET": settings.secret("turn.secret"), "MEDIA_ADDRESS": settings.address,
        "TURN_USER_QUOTA": 12, "TURN_TOTAL_QUOTA": 1200,
        "TURN_USER_LINES": "" if os.geteuid() else "proc-user=turnserver\nproc-group=turnserver",
        "TLS_CERTIFICATE": settings.secrets / "tls.crt", "TLS_KEY": settings.secrets / "tls.key",
        "RUN_DIR": settings.directory / "run"}
