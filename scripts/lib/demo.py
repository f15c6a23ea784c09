"""What scripts/demo does once everything is installed and built."""

import argparse
import os
import pathlib
import signal
import sys
import tempfile
from collections.abc import Callable

from genesys_stack import arguments, netns, smoke
from genesys_stack.errors import StackError
from genesys_stack.settings import Ports, Settings
from genesys_stack.stack import Stack


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="demo")
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--address")
    parser.add_argument("--dir", type=pathlib.Path)
    parser.add_argument("--port", type=int, default=Ports.https)
    parser.add_argument("--smoke", action="store_true")
    return parser.parse_args()


def demo(asked: argparse.Namespace) -> None:
    address = asked.address or arguments.host_address()
    if address:
        run(asked, address)
        return
    with netns.host_interface("jgdemo", "10.66.0.1") as address:
        run(asked, address)


def run(asked: argparse.Namespace, address: str) -> None:
    directory = asked.dir or pathlib.Path(tempfile.gettempdir(), f"janus-genesys-demo-{os.geteuid()}")
    directory = directory.resolve()
    settings = Settings(directory=directory, address=address, build=asked.build.resolve(),
                        ports=Ports(https=asked.port), die_with_parent=True)
    with Stack(settings) as stack:
        print(WELCOME.format(url=settings.origin, password=settings.secret("agent.password"),
                             directory=directory, dns=settings.dns), flush=True)
        watch(stack)


WELCOME = """
  The phone      {url}/
  Sign in        DN 7001 (any of {dns}), password {password}
  Dial           9001 echo, 9002 speech, 9003 recorder (WAV files in {directory}/recordings),
                 9004 tone, 9010 busy; or another DN that somebody is signed in to
  Be called      scripts/ring 7001         (in another terminal)
  Logs           {directory}/logs
  Certificate    the browser will warn: the CA is this demo's own. To silence it, import
                 {directory}/secrets/ca.crt

  Ctrl-C stops everything.
"""


def watch(stack: Stack) -> None:
    """Until Ctrl-C, or until one of the processes dies."""
    while True:
        for name in stack.settings.services:
            child = stack.child(name)
            if child.wait_gone(0.5):
                raise StackError(f"{name} has ended\n{child.log_end()}")


def interrupt(*_: object) -> None:
    """A polite kill is a Ctrl-C, and who presses it twice does not stop the stopping."""
    on_interrupt(signal.SIG_IGN)
    raise KeyboardInterrupt


def on_interrupt(handler: signal.Handlers | Callable[..., None]) -> None:
    # Both explicitly: a shell starts background jobs with SIGINT ignored.
    signal.signal(signal.SIGINT, handler)
    signal.signal(signal.SIGTERM, handler)


def main() -> None:
    asked = parse()
    on_interrupt(interrupt)
    try:
        if asked.smoke:
            sys.exit(smoke.run(asked.build.resolve()))
        demo(asked)
    except StackError as error:
        sys.exit(f"demo: {error}")
    except KeyboardInterrupt:
        print("\nstopped")


if __name__ == "__main__":
    main()
