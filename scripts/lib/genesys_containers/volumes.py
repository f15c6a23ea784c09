"""Fills the volumes of the containers: to each what it needs, and nothing of another's secrets."""

import os
import pathlib
import secrets
import shutil
import subprocess

from genesys_stack.configuration import CONF, coturn_values, janus_values, kamailio_values, nginx_values, plugin_values
from genesys_stack.errors import StackError
from genesys_stack.files import make_secrets
from genesys_stack.render import render_file, render_tree
from genesys_stack.settings import LOOPBACK, ROOT, Node, Settings

RUN = "/run/janus-genesys"  # a tmpfs of each container
PAGE = pathlib.Path("/usr/share/janus-genesys/page")
JANUS = "/usr/local/lib/janus"
PLUGIN_FILE = "janus.plugin.genesys.jcfg"
# Which secrets end in which volume. The one that holds all of them, and the key of the private CA, is
# given to no other container.
SHARES = {"gateway-secrets": ("admin.secret", "turn.secret", "jwt.key"), "tls": ("tls.crt", "tls.key")}


def fill(settings: Settings, own: pathlib.Path) -> None:
    """`own`: the operator's folder, with the gateway's configuration and a certificate if there are any."""
    make_all_secrets(settings, own)
    for node in settings.nodes:
        fill_gateway(settings, node, own / "gateway")
    for one in settings.kamailios:
        render_tree({CONF / "kamailio" / f"{name}.in": one.directory / name for name in
                     ("kamailio.cfg", "dispatcher.list", "address.list")},
                    {**kamailio_values(settings, one), "RUN_DIR": RUN})
    render_tree({CONF / "nginx" / "nginx.conf.in": settings.directory / "nginx" / "nginx.conf"},
                {**nginx_values(settings, PAGE), "RUN_DIR": RUN, "LOG_DIR": "/var/log/janus-genesys"})
    render_tree({CONF / "coturn" / "turnserver.conf.in": settings.directory / "coturn" / "turnserver.conf"},
                {**coturn_values(settings), "RUN_DIR": RUN})
    fill_observers(settings)


def make_all_secrets(settings: Settings, own: pathlib.Path) -> None:
    certificate = [own / name for name in SHARES["tls"]]
    if all(path.exists() for path in certificate):
        subprocess.run([ROOT / "scripts" / "secrets", settings.secrets], check=True)
        for path in certificate:
            put(settings.secrets / path.name, path.read_bytes())
        (settings.secrets / "tls.names").unlink(missing_ok=True)
    elif any(path.exists() for path in certificate):
        raise StackError(f"{own}: tls.crt and tls.key belong together, one of them is missing")
    else:
        make_secrets(settings)
    if not (settings.secrets / "grafana.password").exists():
        put(settings.secrets / "grafana.password", secrets.token_urlsafe(18).encode())
    for volume, names in SHARES.items():
        for name in names:
            put(settings.directory / volume / name, (settings.secrets / name).read_bytes())


def fill_gateway(settings: Settings, node: Node, own: pathlib.Path) -> None:
    """The operator's files stand beside Janus's; the plugin's configuration may have names of ours in it."""
    plugin = plugin_values(settings, node)
    core = {name: value for name, value in janus_values(settings, node).items() if name not in plugin}
    render_tree({CONF / "janus" / f"{name}.in": node.directory / name for name in
                 ("janus.jcfg", "janus.transport.websockets.jcfg", "janus.transport.http.jcfg")},
                {**core, "PLUGIN_DIR": f"{JANUS}/plugins", "TRANSPORT_DIR": f"{JANUS}/transports",
                 "EMPTY_DIR": f"{JANUS}/empty"})
    template = own / PLUGIN_FILE
    for path in own.iterdir() if own.is_dir() else ():
        if path.is_file() and path != template:
            put(node.directory / path.name, path.read_bytes())
    if template.exists():
        refuse_samples(template)
    elif settings.sip_server:
        raise StackError(f"{PLUGIN_FILE} is missing in the folder gateway; conf/{PLUGIN_FILE}.sample is where to begin")
    else:
        template = settings.plugin_template
    render_file(template, node.directory / PLUGIN_FILE, {**plugin, "MEDIA_ADDRESS": settings.address})


def refuse_samples(template: pathlib.Path) -> None:
    for number, line in enumerate(template.read_text().splitlines(), 1):
        if "CHANGE-ME" in line and not line.lstrip().startswith("#"):
            raise StackError(f"{template.name}:{number}: the sample's secret still stands there")


def fill_observers(settings: Settings) -> None:
    """Their images have users of their own, so these files may be read by all to whom the volume is given."""
    targets = "\n".join(f'          - "{LOOPBACK}:{node.ports.inside}"' for node in settings.nodes)
    render_file(CONF / "prometheus" / "prometheus.yml.in", settings.directory / "prometheus" / "prometheus.yml",
                {"RULES_FILE": "/etc/prometheus/janus-genesys.rules.yml", "TARGET_LINES": targets}, mode=0o644)
    put(settings.directory / "grafana" / "password", (settings.secrets / "grafana.password").read_bytes(), 0o644)


def put(path: pathlib.Path, content: bytes, mode: int = 0o600) -> None:
    """Whole or not at all, and never for a moment with another mode."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    draft.chmod(mode)
    shutil.move(draft, path)
