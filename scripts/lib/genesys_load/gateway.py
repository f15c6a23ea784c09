"""The gateway under the load of webrtc_load: one stack, several levels of calls."""

import argparse
import contextlib
import os
import pathlib
import time
from collections.abc import Iterator

from genesys_stack import proc
from genesys_stack.errors import StackError
from genesys_stack.settings import Settings
from genesys_stack.stack import Stack

from . import threads
from .generator import Generator

FIRST_DN = 20000
REGISTER_SECONDS = 60
POLL_SECONDS = 0.02
FRAME_SECONDS = 0.02
# Below the ports that the kernel gives away, and none of the stack (genesys_stack/settings.py).
FAR_END_PORT = 10000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=int, default=8, help="of each level (default %(default)s)")
    parser.add_argument("--srtp", default="AEAD_AES_128_GCM,AES_CM_128_HMAC_SHA1_80",
                        help="what browsers offer (default %(default)s)")
    parser.add_argument("--nice", type=int, default=0, help="of all processes: below 0, other work of the "
                        "machine has less part in the figures (default %(default)s)")
    parser.add_argument("--unjudged", action="store_true", help="figures are shown, not judged")
    parser.add_argument("--listen-every", type=int, default=4,
                        help="one call of so many is listened to (default %(default)s)")


def take_priority(asked: argparse.Namespace) -> None:
    """For us, and so for whatever we start."""
    os.setpriority(os.PRIO_PROCESS, 0, asked.nice)


@contextlib.contextmanager
def on_cores(cores: set[int] | None) -> Iterator[None]:
    """Processes started meanwhile run there only."""
    before = os.sched_getaffinity(0)
    if cores:
        os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cores() -> tuple[set[int] | None, set[int] | None]:
    """One core for what is measured, the others for the load; None with one core alone."""
    every = sorted(os.sched_getaffinity(0))
    return ({every[0]}, set(every[1:])) if len(every) > 1 else (None, None)


def settings_of(asked: argparse.Namespace, directory: pathlib.Path, dns: int, **more) -> Settings:
    return Settings(directory=directory / "stack", address="10.66.0.1", only=("sim", "janus"),
                    netns=f"jg-load-{directory.name[-8:]}", build=asked.build.resolve(),
                    dns=f"{FIRST_DN}-{FIRST_DN + dns - 1}" if dns > 1 else str(FIRST_DN),
                    sim_arguments=("--quiet", "--max-calls", str(dns + 100)), event_loops=1,
                    die_with_parent=True, **more)


def wait_registered(stack: Stack, count: int) -> float:
    """Seconds from the start of Janus until `count` DNs are registered."""
    begun = stack.started["janus"]
    while True:
        found = stack.sim("/status")["registered"]
        taken = time.monotonic() - begun
        if found >= count:
            return taken
        if taken > REGISTER_SECONDS:
            raise StackError(f"only {found} of {count} DNs registered after {taken:.1f} s\n"
                             f"{stack.child('janus').log_end()}")
        time.sleep(POLL_SECONDS)


def cost_row(calls: int, seconds: float, spent: dict[str, threads.Time]) -> dict:
    """CPU time in microseconds per call and 20 ms, and what follows from it; without a call, of all the
    idle agents together."""
    frames = max(calls, 1) * seconds / FRAME_SECONDS
    micros = {group: 1e6 * time.total / frames for group, time in spent.items()}
    total = sum(micros.values())
    kernel = 1e6 * sum(time.kernel for time in spent.values()) / frames
    return {"us_per_20ms": round(total, 1),
            **{f"{group}_us": round(value, 1) for group, value in micros.items()},
            "of_it_kernel_us": round(kernel, 1),
            "calls_per_core": round(1e6 * FRAME_SECONDS / total) if calls and total else 0,
            "core_used": round(sum(time.total for time in spent.values()) / seconds, 2)}


def result_row(result: dict) -> dict:
    """Both directions together: the worse latency, all losses."""
    both = result["to_browser"], result["to_sip"]
    return {"good": result["good"], "lost": sum(way["lost"] + way["refused"] for way in both),
            "to_browser_p50_p99_max_ms": "/".join(f"{both[0][key]:.2f}" for key in
                                                  ("p50_ms", "p99_ms", "max_ms")),
            "to_sip_p50_p99_max_ms": "/".join(f"{both[1][key]:.2f}" for key in
                                              ("p50_ms", "p99_ms", "max_ms")),
            "p99_ms": round(max(way["p99_ms"] for way in both), 2),
            "sent": sum(way["sent"] for way in both), "received": sum(way["received"] for way in both),
            "generator_core": round(result["generator_cpu"], 2)}


class Watch:
    """Follows one process through the generator's events and makes a row of each level."""

    def __init__(self, pid: int, groups=threads.JANUS):
        self.pid, self.groups = pid, groups
        self.idle = proc.cost(pid)  # before anybody has signed in
        self.signed_in = self.idle
        self.agents = 0
        self.rows: list[dict] = []
        self.results = 0

    def follow(self, event: dict) -> None:
        kind = event["event"]
        if kind == "signed_in":
            self.signed_in, self.agents = proc.cost(self.pid), event["agents"]
        elif kind == "measuring":
            self.begun, self.before = time.monotonic(), threads.thread_times(self.pid)
        elif kind == "measured":
            spent = threads.spent(self.before, threads.thread_times(self.pid), self.groups)
            self.rows.append({"calls": event["calls"], **cost_row(
                event["calls"], time.monotonic() - self.begun, spent), **self.memory(event["calls"])})
        elif kind == "result":
            self.rows[self.results].update(result_row(event))
            self.results += 1

    def memory(self, calls: int) -> dict:
        now = proc.cost(self.pid)
        return {"kib_per_agent": per(self.signed_in.resident_mib - self.idle.resident_mib, self.agents),
                "kib_per_call": per(now.resident_mib - self.signed_in.resident_mib, calls),
                "descriptors_per_call": round((now.descriptors - self.signed_in.descriptors)
                                              / max(calls, 1), 2), "threads": now.threads}


def per(mib: float, count: int) -> float:
    return round(1024 * mib / max(count, 1), 1)


def stock_settings() -> dict:
    """Janus's own SIP plugin in the gateway's place."""
    return {"stock_sip": True,
            "plugin_template": pathlib.Path(__file__).with_name("janus.plugin.sip.jcfg.in")}


@contextlib.contextmanager
def running(asked: argparse.Namespace, directory: pathlib.Path, agents: int, load_cores: set[int] | None,
            **more) -> Iterator[Stack]:
    """A stack with so many DNs, the gateway on its core and the stand-in with the load."""
    gateway_cores, _ = cores()
    with contextlib.ExitStack() as everything:
        with on_cores(gateway_cores):
            stack = everything.enter_context(Stack(settings_of(asked, directory, agents, **more)))
        if load_cores:
            threads.pin(stack.child("sim").pid(), load_cores)
        if not stack.settings.stock_sip:
            wait_registered(stack, agents)
        yield stack


def load_options(asked: argparse.Namespace, stack: Stack) -> dict:
    """What every load on this stack is told."""
    ports = stack.settings.ports
    return dict(janus=f"127.0.0.1:{ports.ws}", sip_server=f"127.0.0.1:{ports.sim_sip}",
                plugin="sip" if stack.settings.stock_sip else "genesys",
                codec="pcmu" if stack.settings.stock_sip else "opus", first_dn=FIRST_DN,
                password_file=stack.settings.secrets / "agent.password", seconds=asked.seconds,
                srtp=asked.srtp, listen_every=asked.listen_every, first_port=FAR_END_PORT)


def measure(asked: argparse.Namespace, directory: pathlib.Path, talk: str, levels: str,
            **more) -> list[dict]:
    """A row for each level."""
    most = max(int(level) for level in levels.split(","))
    _, load_cores = cores()
    with running(asked, directory, most, load_cores, **more) as stack:
        watch = Watch(stack.child("janus").pid())
        options = load_options(asked, stack) | dict(talk=talk, levels=levels)
        with Generator(asked.build.resolve(), stack.settings.netns, 600, load_cores, options) as load:
            for event in load.events():
                watch.follow(event)
    return [{"talk": talk, **row} for row in watch.rows]
