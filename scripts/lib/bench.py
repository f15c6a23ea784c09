"""What scripts/bench does once everything is built."""

import argparse
import importlib
import json
import pathlib
import pkgutil
import sys

import benches
from genesys_stack.errors import StackError
from genesys_stack.settings import ROOT


def modules() -> dict:
    return {found.name: importlib.import_module(f"benches.{found.name}")
            for found in pkgutil.iter_modules(benches.__path__)}


def parse(known: dict) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench")
    names = parser.add_subparsers(dest="name", required=True)
    for name, module in known.items():
        one = names.add_parser(name, description=module.__doc__,
                               formatter_class=argparse.RawDescriptionHelpFormatter)
        one.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
        module.add_arguments(one)
    return parser.parse_args()


def table(rows: list[dict]) -> str:
    """Columns as wide as their widest value."""
    heads = list(rows[0])
    lines = [heads, *([str(row[head]) for head in heads] for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    return "\n".join("  ".join(text.rjust(width) for text, width in zip(line, widths))
                     for line in lines)


def main() -> None:
    known = modules()
    if sys.argv[1:] == ["--list"]:
        for name, module in known.items():
            print(f"  {name:15} {module.__doc__.splitlines()[0]}")
        return
    asked = parse(known)
    try:
        rows, missed = known[asked.name].run(asked)
    except StackError as error:
        sys.exit(f"bench: {error}")
    print(table(rows))
    output = ROOT / "build" / "bench" / f"{asked.name}.json"
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps({"rows": rows, "missed": missed}, indent=1) + "\n")
    for target in missed:
        print(f"missed: {target}")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
