"""Prints each relative link of the Markdown files named that leads nowhere: to no file, or to no heading
of it. Exits 1 if there was any. Links to other hosts are not followed."""

import pathlib
import re
import sys

FENCE = re.compile(r"^ *(```|~~~).*?^ *\1 *$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)")
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def anchors(text: str) -> set[str]:
    """GitHub's names of the headings; the second of a name gets "-1"."""
    found: set[str] = set()
    counts: dict[str, int] = {}
    for heading in HEADING.findall(FENCE.sub("", text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        seen = counts.get(name, 0)
        counts[name] = seen + 1
        found.add(f"{name}-{seen}" if seen else name)
    return found


def fault(document: pathlib.Path, link: str) -> str | None:
    path, _, anchor = link.partition("#")
    target = document.parent / path if path else document
    if not target.exists():
        return "no such file"
    if anchor and target.suffix == ".md" and anchor not in anchors(target.read_text()):
        return "no such heading"
    return None


def main() -> None:
    faults = 0
    for name in sys.argv[1:]:
        document = pathlib.Path(name)
        text = CODE.sub("", FENCE.sub("", document.read_text()))
        for link in LINK.findall(text):
            if ELSEWHERE.match(link):
                continue
            if reason := fault(document, link):
                print(f"{name}: ({link}): {reason}")
                faults += 1
    sys.exit(faults > 0)


if __name__ == "__main__":
    main()
