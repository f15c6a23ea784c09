"""trace: which DNs have their SIP messages in the log, and for how long yet."""

from .commands import show
from .output import table


def run(admin, asked) -> int:
    if asked.dn is None:
        answer = admin.plugin("trace")
    elif asked.switch == "off":
        answer = admin.plugin("trace", dn=asked.dn, on=False)
    else:
        answer = admin.plugin("trace", dn=asked.dn, on=True, minutes=asked.minutes)
    rows = [(trace["dn"], f"{trace['left_s']} s") for trace in answer["traces"]]
    show(asked, answer, table(("DN", "LEFT"), rows) if rows else "No DN is traced.")
    return 0
