"""The files of a stack: its folders, secrets, what Janus loads, and the page nginx serves."""

import glob
import os
import pathlib
import shutil
import subprocess
import tempfile

from .errors import StackError
from .settings import ROOT, Node, Settings

TRANSPORTS = ("libjanus_websockets.so", "libjanus_http.so")


def make_folders(settings: Settings) -> None:
    """0711: nginx's workers pass through to the page, but list nothing."""
    directory = settings.directory
    directory.mkdir(parents=True, exist_ok=True)
    if directory.is_symlink() or directory.stat().st_uid != os.geteuid():
        raise StackError(f"{directory} belongs to somebody else; name another with --dir")
    directory.chmod(0o711)
    folders = [directory / "logs", directory / "run", *(one.directory for one in settings.kamailios),
               *(node.directory / name for node in settings.nodes
                 for name in ("plugins", "transports", "empty"))]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    (directory / "logs").chmod(0o700)


def make_secrets(settings: Settings) -> None:
    names = dict.fromkeys([settings.address, settings.host or settings.address])
    subprocess.run([ROOT / "scripts" / "secrets", settings.secrets, *names], check=True)


def link_plugins(settings: Settings, node: Node) -> None:
    """Folders with exactly what Janus may load."""
    installed = glob.glob("/usr/lib/*/janus/transports")
    if not installed:
        raise StackError("Debian's janus package is not installed: run scripts/setup run")
    for name in TRANSPORTS:
        link(node.directory / "transports" / name, pathlib.Path(installed[0], name))
    link(node.directory / "plugins" / settings.plugin.name, settings.plugin)


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


def give_to(directory: pathlib.Path, user: str) -> None:
    """All that lies there, for a process that is not root; folders above it have to let it through."""
    for path in (directory, *directory.rglob("*")):
        shutil.chown(path, user, user)
