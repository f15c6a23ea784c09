"""Configuration templates: every @NAME@ is replaced, and nothing else is changed."""

import os
import pathlib
import re

from .errors import StackError

NAME = re.compile(r"@([A-Z][A-Z0-9_]*)@")
# Values of these names are whole lines that we made ourselves; every other value is one word or path.
LINES = re.compile(r".*_LINES?$")


def render_text(text: str, values: dict[str, str], source: str = "template") -> tuple[str, set[str]]:
    """The filled-in text, and the names it used. StackError names file and line of a missing one."""
    used: set[str] = set()

    def fill(match: re.Match) -> str:
        name = match[1]
        if name not in values:
            line = text.count("\n", 0, match.start()) + 1
            raise StackError(f"{source}:{line}: no value for @{name}@")
        used.add(name)
        return checked(name, str(values[name]))

    return NAME.sub(fill, text), used


def checked(name: str, value: str) -> str:
    """A value that would end the line or the string it stands in is refused, not quoted."""
    if not LINES.match(name) and re.search(r'[\x00-\x1f"\\;{}]', value):
        raise StackError(f"@{name}@: value {value!r} holds a character that no configuration value may")
    return value


def render_file(template: pathlib.Path, output: pathlib.Path, values: dict[str, str],
                mode: int = 0o600) -> set[str]:
    """Writes `output` with `mode`, whole or not at all; returns the names used."""
    text, used = render_text(template.read_text(), values, str(template))
    draft = output.with_name(output.name + ".new")
    output.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        file.write(text)
    draft.replace(output)
    return used


def render_tree(files: dict[pathlib.Path, pathlib.Path], values: dict[str, str]) -> None:
    """Renders template → output for all; a value that no template uses is an error, too: a renamed
    option must not silently lose its value."""
    used: set[str] = set()
    for template, output in files.items():
        used |= render_file(template, output, values)
    if unused := sorted(set(values) - used):
        raise StackError(f"no template uses {', '.join('@' + name + '@' for name in unused)}")
