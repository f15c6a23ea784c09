"""scripts/demo --smoke: the stack in a namespace of its own, and tests/browser/smoke driving it."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from . import netns
from .settings import ROOT, Settings
from .stack import Stack

RESULTS = ROOT / "build" / "smoke"
HOST = "phone.test"  # RFC 6761: .test is nobody's; the browser is told its address
LIMIT_SECONDS = 180


def run(build: pathlib.Path) -> int:
    """Exit status of the browser's part. Its results, screenshots and all logs end in build/smoke."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="janus-genesys-smoke."))
    settings = Settings(directory=directory, address="10.66.0.1", netns=f"jg-smoke-{os.getpid()}",
                        host=HOST, build=build, die_with_parent=True)
    try:
        with Stack(settings) as stack:
            return drive(stack)
    finally:
        keep_results(directory)
        shutil.rmtree(directory, ignore_errors=True)


def drive(stack: Stack) -> int:
    settings = stack.settings
    results = settings.directory / "results"
    results.mkdir()
    task = {**stack.describe(), "host": HOST, "results": str(results),
            "speech": str(settings.sim.with_name("speech.wav")),
            "recordings": str(settings.directory / "recordings"),
            "password": settings.secret("agent.password")}
    command = [*netns.prefix(settings.netns), "setpriv", "--pdeathsig", "TERM", "node",
               str(ROOT / "tests" / "browser" / "smoke" / "smoke.mjs")]
    # By its standard input: a password has no business in an argument list.
    try:
        return subprocess.run(command, input=json.dumps(task), text=True, timeout=LIMIT_SECONDS).returncode
    except subprocess.TimeoutExpired:
        print(f"smoke: not done after {LIMIT_SECONDS} s")
        return 1


def keep_results(directory: pathlib.Path) -> None:
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir(parents=True)
    for name in ("results", "logs", "recordings"):
        if (directory / name).exists():
            shutil.copytree(directory / name, RESULTS / name)
