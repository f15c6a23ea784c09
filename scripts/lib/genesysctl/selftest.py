"""selftest: each thing that must hold for agents to work, with what is the matter if it does not."""

import pathlib

from . import config
from .admin import PLUGIN, Refused, Unreachable, readable_by_others
from .commands import show
from .output import table

# A call takes a pair of ports; with fewer than this share free a busy hour may run out.
LEAST_FREE = 0.1


def janus_up(admin) -> tuple:
    info = admin.janus(janus="info")
    return True, f"{info.get('name', 'Janus')} {info.get('version_string', '')}".strip(), info


def plugin_loaded(info: dict) -> tuple:
    plugin = info.get("plugins", {}).get(PLUGIN)
    if plugin is None:
        return False, f"Janus has no {PLUGIN}: its log says why it did not start"
    return True, f"version {plugin.get('version_string', '?')}"


def site(status: dict, name: str) -> tuple:
    if name not in status:
        return False, "its address is not known: DNS does not answer for the configured name"
    where = status[name]
    fault = status.get("connection_fault", "")
    if fault:
        return False, f"{where}: {fault}"
    answers = status.get(name + "_answers")
    if answers is None:
        return True, f"{where}, not asked anything yet"
    return (True, f"{where} answers") if answers else (False, f"{where} does not answer")


def dns(listed: list) -> tuple:
    """Those that nobody uses are in order; a refused one is not."""
    wrong = [dn for dn in listed if not dn["in_service"]
             and dn["cause"] not in ("no_agent", "switched_off", "registering", "unregistering")]
    serving = sum(dn["in_service"] for dn in listed)
    if not wrong:
        return True, f"{serving} of {len(listed)} in service, none failed"
    return False, f"{len(wrong)} of {len(listed)} not in service; the first: {wrong[0]['why']}"


def ports(status: dict) -> tuple:
    every = status["rtp_ports"]
    free = every - status["rtp_ports_used"]
    return free >= every * LEAST_FREE, f"{free} of {every} RTP port pairs free"


def configuration(answer: dict) -> tuple:
    if not answer["valid"]:
        return False, config.text(answer)
    changes = len(answer["options"]) + sum(len(answer["dns_" + word]) for word in ("added", "removed", "changed"))
    return True, f"valid, {changes} change(s) not taken over yet" if changes else "valid, and what runs"


def modes(secret_file: pathlib.Path) -> tuple:
    """The folder that the admin secret lives in holds the gateway's other secrets, too."""
    folder = secret_file.resolve().parent
    files = [secret_file, *(path for path in folder.iterdir() if path.is_file()
                            and path.suffix in (".secret", ".key", ".password"))]
    open_ones = sorted({str(path) for path in files if readable_by_others(path)})
    if open_ones:
        return False, "may be read or written by everybody: " + ", ".join(open_ones)
    return True, f"{len(set(files))} file(s) beside {secret_file} closed to others"


def checks(admin) -> list:
    """(name, in order, what was found); what cannot be asked ends the list."""
    found = []
    try:
        up, text, info = janus_up(admin)
        found.append(("Janus", up, text))
        found.append(("plugin", *plugin_loaded(info)))
        if not found[-1][1]:
            return found
        status = admin.plugin("status")
        found.append(("SIP Server", *site(status, "server")))
        if "second_server" in status:
            found.append(("second site", *site(status, "second_server")))
        found.append(("DNs", *dns(admin.plugin("list_dns")["dns"])))
        found.append(("draining", not status["draining"],
                      "takes no new calls" if status["draining"] else "no"))
        found.append(("ports", *ports(status)))
        found.append(("configuration", *configuration(admin.plugin("check_config"))))
        found.append(("secrets", *modes(admin.secret_file)))
    except (Unreachable, Refused, OSError) as error:
        found.append(("gateway", False, str(error)))
    return found


def run(admin, asked) -> int:
    found = checks(admin)
    good = all(in_order for _, in_order, _ in found)
    rows = [(name, "ok" if in_order else "FAILED", text) for name, in_order, text in found]
    answer = {"ok": good, "checks": [{"name": name, "ok": in_order, "found": text}
                                     for name, in_order, text in found]}
    show(asked, answer, table(("CHECK", "", "FOUND"), rows))
    return 0 if good else 1
