"""config check and reload: what is wrong with the file, and what is or would be changed."""

from .commands import show
from .output import printable

SHOWN_DNS = 10  # of each kind; --json has all


def dns_text(word: str, numbers: list) -> list:
    if not numbers:
        return []
    more = f" and {len(numbers) - SHOWN_DNS} more" if len(numbers) > SHOWN_DNS else ""
    return [f"  {len(numbers)} DN(s) {word}: {', '.join(numbers[:SHOWN_DNS])}{more}"]


def option_text(change: dict) -> str:
    values = f": '{change['before']}' becomes '{change['after']}'" if change["before"] or change["after"] else ""
    return f"  {change['option']}{values}{' (needs a restart)' if change['restart'] else ''}"


def text(answer: dict) -> str:
    if not answer["valid"]:
        where = f":{answer['line']}" if answer["line"] else ""
        return printable(f"{answer['file']}{where}: {answer['reason']}")
    lines = [printable(option_text(change)) for change in answer["options"]]
    for word in ("added", "removed", "changed"):
        lines += dns_text(word, answer["dns_" + word])
    if not lines:
        return "The file says what the gateway runs with."
    if answer["applied"]:
        return "\n".join(("Taken over:", *lines))
    if answer["restart"]:
        return "\n".join(("Not taken over, since some of it needs a restart:", *lines))
    return "\n".join(("The file is in order. A reload would change:", *lines))


def check(admin, asked) -> int:
    answer = admin.plugin("check_config")
    show(asked, answer, text(answer))
    return 0 if answer["valid"] else 1


def reload(admin, asked) -> int:
    answer = admin.plugin("reload")
    show(asked, answer, text(answer))
    return 0 if answer["applied"] else 1
