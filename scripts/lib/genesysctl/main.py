"""Runs one command: the exit status, with what went wrong on standard error."""

import sys

from . import arguments
from .admin import Admin, Refused, Unreachable
from .output import as_json, printable

DONE, NOT_SO, REFUSED = 0, 1, 3


def main(words: list) -> int:
    asked = arguments.parse(words)
    try:
        return asked.run(Admin(asked.url, asked.secret_file, asked.timeout), asked)
    except Refused as refused:
        if asked.json:
            print(as_json(refused.answer))
        print(f"genesysctl: {printable(refused)}", file=sys.stderr)
        return REFUSED
    except Unreachable as unreachable:
        print(f"genesysctl: {unreachable}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return NOT_SO
