"""drain on, off and status."""

import sys
import time

from .commands import show

POLL_SECONDS = 0.5


def text(left: dict) -> str:
    if not left["draining"]:
        return "The gateway is not draining."
    if left["empty"]:
        return f"The gateway is empty, draining for {left['for_s']} s."
    return (f"Draining for {left['for_s']} s; left: {left['calls']} call(s), {left['dns']} DN(s), "
            f"{left['pages']} page(s). {left['refused_calls']} call(s) were sent elsewhere.")


def wait(admin, asked) -> dict:
    """Until nothing is left, or the time is over; says on standard error how far it is."""
    begun = time.monotonic()
    told = None
    while True:
        left = admin.plugin("drain")
        counts = (left["calls"], left["dns"], left["pages"])
        if left["empty"] or not left["draining"]:
            return left
        if asked.limit is not None and time.monotonic() - begun >= asked.limit:
            return left
        if counts != told:
            print(text(left), file=sys.stderr)
        told = counts
        time.sleep(POLL_SECONDS)


def on(admin, asked) -> int:
    left = admin.plugin("drain", on=True)
    if not asked.wait:
        show(asked, left, text(left))
        return 0
    left = wait(admin, asked)
    show(asked, left, text(left))
    return 0 if left["draining"] and left["empty"] else 1


def off(admin, asked) -> int:
    left = admin.plugin("drain", on=False)
    show(asked, left, text(left))
    return 0


def status(admin, asked) -> int:
    left = admin.plugin("drain")
    show(asked, left, text(left))
    return 0
