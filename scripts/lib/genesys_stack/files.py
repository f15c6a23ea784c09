"""The files of a stack: its folders, secrets, rendered configuration, and the page nginx serves."""

import glob
import os
import pathlib
import shutil
import subprocess
import tempfile

from .errors import StackError
from .render import render_tree
from .settings import ROOT, Settings

TRANSPORTS = ("libjanus_websockets.so", "libjanus_http.so")


def make_folders(settings: Settings) -> None:
    """0711: nginx's workers pass through to the page, but list nothing."""
    directory = settings.directory
    directory.mkdir(parents=True, exist_ok=True)
    if directory.is_symlink() or directory.stat().st_uid != os.geteuid():
        raise StackError(f"{directory} belongs to somebody else; name another with --dir")
    directory.chmod(0o711)
    for name in ("logs", "run", "janus/plugins", "janus/transports", "janus/empty"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    (directory / "logs").chmod(0o700)


def make_secrets(settings: Settings) -> None:
    names = dict.fromkeys([settings.address, settings.host or settings.address])
    subprocess.run([ROOT / "scripts" / "secrets", settings.secrets, *names], check=True)


def link_plugins(settings: Settings) -> None:
    """Folders with exactly what Janus may load."""
    installed = glob.glob("/usr/lib/*/janus/transports")
    if not installed:
        raise StackError("Debian's janus package is not installed: run scripts/setup run")
    for name in TRANSPORTS:
        link(settings.directory / "janus" / "transports" / name, pathlib.Path(installed[0], name))
    link(settings.directory / "janus" / "plugins" / settings.plugin.name, settings.plugin)


def link(name: pathlib.Path, target: pathlib.Path) -> None:
    name.unlink(missing_ok=True)
    name.symlink_to(target.resolve())


def page_directory(settings: Settings) -> tuple[pathlib.Path, bool]:
    """Where nginx finds the page, and whether that is a copy that must be removed afterwards. As root,
    nginx's workers are www-data: a project folder below /root they cannot reach, and get a copy."""
    page = ROOT / "html"
    if os.geteuid() or all(part.stat().st_mode & 0o001 for part in (page, *page.parents)):
        return page, False
    copy = pathlib.Path(tempfile.mkdtemp(prefix="janus-genesys-page."))
    copy.chmod(0o755)
    for name in ("demo", "lib"):
        shutil.copytree(page / name, copy / name)
    return copy, True


def render_configuration(settings: Settings, page: pathlib.Path) -> None:
    conf, directory = ROOT / "conf", settings.directory
    groups = []
    if "janus" in settings.only:
        groups.append((janus_values(settings), {
            **{conf / "janus" / f"{name}.in": directory / "janus" / name for name in
               ("janus.jcfg", "janus.transport.websockets.jcfg", "janus.transport.http.jcfg")},
            settings.plugin_template: directory / "janus" / f"{settings.plugin_name}.jcfg"}))
    if "nginx" in settings.only:
        groups.append((nginx_values(settings, page),
                       {conf / "nginx" / "nginx.conf.in": directory / "nginx" / "nginx.conf"}))
    if "coturn" in settings.only:
        groups.append((coturn_values(settings), {
            conf / "coturn" / "turnserver.conf.in": directory / "coturn" / "turnserver.conf"}))
    for values, files in groups:
        render_tree(files, values)


def janus_values(settings: Settings) -> dict[str, str]:
    janus, ports = settings.directory / "janus", settings.ports
    return {
        "CONFIG_DIR": janus, "PLUGIN_DIR": janus / "plugins", "TRANSPORT_DIR": janus / "transports",
        "EMPTY_DIR": janus / "empty", "ADMIN_SECRET": settings.secret("admin.secret"),
        "EVENT_LOOPS": settings.event_loops or os.cpu_count() or 1, "ICE_PORT_RANGE": ports.ice_range,
        "MEDIA_ADDRESS": settings.address, "WS_PORT": ports.ws, "HTTP_PORT": ports.http,
        "ADMIN_PORT": ports.admin, **plugin_values(settings)}


def plugin_values(settings: Settings) -> dict[str, str]:
    ports = settings.ports
    if settings.stock_sip:
        return {"RTP_PORT_RANGE": ports.rtp_range}
    entries = (f'  {{ {"range" if "-" in dn else "number"} = "{dn}"; }}' for dn in settings.dns.split(","))
    return {
        "SIM_SIP_PORT": ports.sim_sip, "SIP_PORT": ports.sip, "SIP_TRANSPORT": settings.sip_transport,
        "SIGN_IN_LINES": sign_in_lines(settings), "TURN_PORT": ports.turn,
        "TURN_SECRET_FILE": settings.secrets / "turn.secret", "RTP_PORT_RANGE": ports.rtp_range,
        "REGISTER_WHEN": settings.register_when, "DN_LINES": ",\n".join(entries),
        "AGENT_PASSWORD": settings.secret("agent.password")}


def sign_in_lines(settings: Settings) -> str:
    if settings.sign_in == "password":
        return '  mode = "password"'
    return (f'  mode = "token"\n  algorithm = "HS256"\n  audience = "janus-genesys"\n'
            f'  key_file = "{settings.secrets / "jwt.key"}"')


def nginx_values(settings: Settings, page: pathlib.Path) -> dict[str, str]:
    ports = settings.ports
    origins = dict.fromkeys([settings.origin, f"https://{settings.address}:{ports.https}"])
    return {
        "RUN_DIR": settings.directory / "run", "LOG_DIR": settings.directory / "logs",
        "NGINX_USER_LINE": "" if os.geteuid() else "user www-data;",
        "MIME_TYPES": "/etc/nginx/mime.types", "PAGE_DIR": page,
        "ORIGIN_LINES": "\n".join(f'    "{origin}" 1;' for origin in origins),
        "WEBSOCKET_ORIGINS": " ".join(origin.replace("https:", "wss:") for origin in origins),
        "MEDIA_ADDRESS": settings.address, "HTTPS_PORT": ports.https, "WS_PORT": ports.ws,
        "SOCKETS_PER_ADDRESS": 200, "SIGN_IN": settings.sign_in,
        "PEER_CONNECTION": settings.peer_connection,
        "TLS_CERTIFICATE": settings.secrets / "tls.crt", "TLS_KEY": settings.secrets / "tls.key"}


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


__all__ = ["link_plugins", "make_folders", "make_secrets", "page_directory",
           "render_configuration"]
