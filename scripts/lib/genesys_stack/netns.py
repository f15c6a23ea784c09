"""Network namespaces: one for each stack, so that no port collides and nothing leaks out."""

import contextlib
import ctypes
import os
import pathlib
import subprocess
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

from .errors import StackError

Answer = TypeVar("Answer")
CLONE_NEWNET = 0x40000000  # sched.h


def run_ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True)
    if done.returncode:
        raise StackError(f"ip {' '.join(words)}: {done.stderr.strip()}")


def exists(name: str) -> bool:
    return pathlib.Path("/run/netns", name).exists()


def create(name: str, address: str) -> None:
    """Namespace with loopback and one interface that has `address`/24."""
    if os.geteuid():
        raise StackError("a network namespace needs root: run as root or with sudo")
    run_ip("netns", "add", name)
    try:
        run_ip("-n", name, "link", "set", "lo", "up")
        add_interface("v", address, "-n", name)
    except StackError:
        delete(name)
        raise


def add_interface(stem: str, address: str, *where: str) -> None:
    """A veth pair whose first end has `address`/24; Janus never gathers ICE on loopback. Both ends stay
    here: nothing is routed anywhere. Deleting STEM0 removes both."""
    run_ip(*where, "link", "add", f"{stem}0", "type", "veth", "peer", "name", f"{stem}1")
    run_ip(*where, "addr", "add", f"{address}/24", "dev", f"{stem}0")
    run_ip(*where, "link", "set", f"{stem}0", "up")
    run_ip(*where, "link", "set", f"{stem}1", "up")


@contextlib.contextmanager
def host_interface(stem: str, address: str) -> Iterator[str]:
    """For a host that has nothing but loopback: `address` on an interface of our own, for a time."""
    if os.geteuid():
        raise StackError("this host has no IPv4 address beside loopback, and Janus gathers no ICE there; "
                         "as root an interface can be made for it: run as root or with sudo")
    add_interface(stem, address)
    try:
        yield address
    finally:
        run_ip("link", "delete", f"{stem}0")


def delete(name: str) -> None:
    """Its processes must have been stopped before; the kernel keeps it alive for any that is left."""
    if exists(name):
        run_ip("netns", "delete", name)


def prefix(name: str | None) -> list[str]:
    """What stands before a command that is to run in the namespace. ip execs it: the pid stays."""
    return ["ip", "netns", "exec", name] if name else []


def inside(name: str | None, function: Callable[[], Answer]) -> Answer:
    """Calls `function` on a thread of its own that has entered the namespace: sockets it opens belong
    there. Raises what it raises."""
    if name is None:
        return function()
    answer: list[Answer] = []
    failure: list[BaseException] = []

    def enter_and_call() -> None:
        try:
            with open(f"/run/netns/{name}", "rb") as namespace:
                if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), f"setns {name}")
            answer.append(function())
        except BaseException as error:  # handed over to the caller's thread
            failure.append(error)

    thread = threading.Thread(target=enter_and_call)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return answer[0]
