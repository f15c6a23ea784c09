"""Starts and stops the stack; the one place that knows the order."""

import dataclasses
import json
import pathlib
import shutil
import time

from . import configuration, files, netns, probe
from .child import Child
from .errors import StackError
from .services import Service, needed_files, service
from .settings import LOOPBACK, START_ORDER, Settings, start_order


class Stack:
    """`with Stack(settings) as stack:` runs it; in the block everything named in `only` is ready.

    stop() ends what this or an earlier program started in the directory, in reverse order."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.state_file = settings.directory / "stack.json"
        self.children: dict[str, Child] = {}
        self.started: dict[str, float] = {}  # time.monotonic() when each process was begun

    def __enter__(self) -> "Stack":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        settings = self.settings
        for path in needed_files(settings):
            if not path.exists():
                raise StackError(f"{path} is not built")
        files.make_folders(settings)
        if running := [name for name in self.names() if self.child(name).pid() is not None]:
            raise StackError(f"{settings.directory}: {', '.join(running)} still running; "
                             f"stop with scripts/stack down --dir {settings.directory}")
        state = {"netns": None, "page_copy": None}
        try:
            if settings.netns and not netns.exists(settings.netns):
                netns.create(settings.netns, settings.address)
                state["netns"] = settings.netns
            self.write_state(state)
            files.make_secrets(settings)
            page, copied = files.page_directory(settings) if "nginx" in settings.only else (None, False)
            state["page_copy"] = str(page) if copied else None
            self.write_state(state)
            for node in settings.nodes if "janus" in settings.only else ():
                files.link_plugins(settings, node)
            configuration.render_configuration(settings, page)
            if settings.janus_user:
                files.give_to(settings.directory, settings.janus_user)
            for name in settings.services:
                self.start_one(service(settings, name))
        except BaseException:
            self.stop()
            raise

    def start_again(self, name: str) -> None:
        """A process that has ended meanwhile, with the files that are there."""
        self.start_one(service(self.settings, name))

    def start_one(self, service: Service) -> None:
        self.refuse_taken_ports(service)
        guard = ["setpriv", "--pdeathsig", "TERM"] if self.settings.die_with_parent else []
        child = self.child(service.name)
        self.started[service.name] = time.monotonic()
        child.start([*netns.prefix(self.settings.netns), *guard, *service.command], service.environment)
        child.wait_until(lambda: self.inside(service.ready), service.seconds)

    def refuse_taken_ports(self, service: Service) -> None:
        for kind, address, port in service.ports:
            if not self.inside(lambda: probe.port_is_free(kind, address, port)):
                raise StackError(f"{service.name} needs port {port}/{kind} on {address}, which another "
                                 f"program has taken (see: ss -lnp 'sport = :{port}')")

    def stop(self) -> None:
        for name in reversed(self.names()):
            self.child(name).stop()
        state = self.read_state()
        if state.get("netns"):
            netns.delete(state["netns"])
        if state.get("page_copy"):
            shutil.rmtree(state["page_copy"], ignore_errors=True)
        self.state_file.unlink(missing_ok=True)

    def child(self, name: str) -> Child:
        return self.children.setdefault(name, Child(name, self.settings.directory))

    def names(self) -> list[str]:
        """Of the processes that belong here, in order of start: those of the settings, and whatever
        another program has started in this directory."""
        recorded = {path.stem for path in (self.settings.directory / "run").glob("*.json")
                    if path.stem.partition("-")[0] in START_ORDER}
        return sorted(recorded.union(self.settings.services), key=start_order)

    def inside(self, function):
        """`function` called in the stack's network namespace."""
        return netns.inside(self.settings.netns, function)

    def sim(self, path: str, body: dict | None = None):
        """The stand-in SIP Server's answer to GET `path`, or POST of `body`."""
        url = f"http://{LOOPBACK}:{self.settings.ports.sim_http}{path}"
        return self.inside(lambda: probe.http_json(url, body, seconds=5.0))

    def describe(self) -> dict:
        """What a test in another language needs to know."""
        settings = self.settings
        return {"directory": str(settings.directory), "url": settings.origin,
                "address": settings.address, "netns": settings.netns, "dns": settings.dns,
                "ports": dataclasses.asdict(settings.ports), "secrets": str(settings.secrets),
                "nodes": [{"name": node.name, "inside": node.inside, "ports": dataclasses.asdict(node.ports)}
                          for node in settings.nodes],
                "kamailios": [{"name": one.name, "address": one.address, "control": str(one.control)}
                              for one in settings.kamailios],
                "pids": {name: self.child(name).pid() for name in settings.services}}

    def write_state(self, state: dict) -> None:
        self.state_file.write_text(json.dumps(state))

    def read_state(self) -> dict:
        try:
            return json.loads(self.state_file.read_text())
        except OSError:
            return {}


def stop_directory(directory: pathlib.Path) -> None:
    """Ends the stack that was started in `directory`, by whichever program."""
    Stack(Settings(directory=directory, address="")).stop()
