"""Network namespaces: one for each stack, so that no port collides and nothing leaks out."""

import ctypes
import os
import pathlib
import subprocess
import threading
from collections.abc import Callable
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
    """Namespace with loopback and one veth end that has `address`/24; Janus never gathers ICE on
    loopback, so it needs the latter. Both ends stay inside: nothing is routed anywhere."""
    if os.geteuid():
        raise StackError("a network namespace needs root: run as root or with sudo")
    run_ip("netns", "add", name)
    try:
        run_ip("-n", name, "link", "set", "lo", "up")
        run_ip("-n", name, "link", "add", "v0", "type", "veth", "peer", "name", "v1")
        run_ip("-n", name, "addr", "add", f"{address}/24", "dev", "v0")
        run_ip("-n", name, "link", "set", "v0", "up")
        run_ip("-n", name, "link", "set", "v1", "up")
    except StackError:
        delete(name)
        raise


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
