"""What figures of this machine are to be read with: no names, only what matters to them."""

import os
import pathlib
import platform
import re


def describe() -> str:
    model = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    system = re.search(r'^PRETTY_NAME="(.*)"$', pathlib.Path("/etc/os-release").read_text(), re.M)
    return (f"{os.cpu_count()} cores of {model[1] if model else 'unknown'}, "
            f"{system[1] if system else 'unknown'}, Linux {platform.release().split('-')[0]}")
