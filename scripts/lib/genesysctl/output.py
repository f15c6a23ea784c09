"""What is printed: JSON, or tables and sentences for people."""

import json


def as_json(value) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)


def printable(value) -> str:
    """Control characters of a caller's name do not reach the terminal."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in str(value))


def table(head: tuple, rows: list) -> str:
    """Columns as wide as they need to be; the last one is free."""
    cells = [[printable(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
                     for row in cells)


def facts(pairs) -> str:
    """"name  value" lines; what is None is left out."""
    shown = [(name, value) for name, value in pairs if value is not None]
    width = max(len(name) for name, _ in shown)
    return "\n".join(f"{name.ljust(width)}  {printable(value)}" for name, value in shown)


def seconds(milliseconds: int) -> str:
    whole = milliseconds // 1000
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def yes(flag) -> str:
    return "yes" if flag else "no"
