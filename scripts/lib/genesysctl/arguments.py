"""The command line of genesysctl."""

import argparse
import pathlib

from . import commands, config, drain, selftest, trace

EPILOG = """exit status:
  0  done; or what was asked for is in order
  1  it is not: the DN is not in service, a check failed, the gateway is not empty in time
  2  wrong arguments
  3  the gateway refuses, or cannot be reached; standard error says why"""


def common() -> argparse.ArgumentParser:
    """Options that may stand before the command and behind it."""
    parser = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--url", help="of Janus's admin API (default http://127.0.0.1:7088/admin)")
    parser.add_argument("--secret-file", type=pathlib.Path, metavar="FILE",
                        help="holds Janus's admin secret (default /etc/janus/secrets/admin.secret)")
    parser.add_argument("--timeout", type=float, metavar="S", help="for an answer (default 5)")
    return parser


def make_parser() -> argparse.ArgumentParser:
    shared = common()
    parser = argparse.ArgumentParser(
        prog="genesysctl", parents=[shared], epilog=EPILOG,
        description="Asks the gateway how it is, and tells it what to do.",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    groups = parser.add_subparsers(metavar="COMMAND", required=True)

    def add(where, name, run, text):
        one = where.add_parser(name, help=text, description=text, parents=[shared])
        one.set_defaults(run=run)
        return one

    def group(name, text):
        return groups.add_parser(name, help=text, description=text).add_subparsers(
            metavar="COMMAND", required=True)

    add(groups, "status", commands.status, "how many DNs, pages and calls, and what is wrong")
    dns = group("dn", "DNs and their registrations")
    add(dns, "list", commands.dn_list, "all DNs").add_argument(
        "--out-of-service", action="store_true", help="only those that are not in service")
    add(dns, "show", commands.dn_show, "one DN, and why it is not in service").add_argument("dn")
    for name, run, text in (
            ("register", commands.dn_register, "registers a DN at once, also after 'unregister'"),
            ("unregister", commands.dn_unregister, "takes a DN out of service until 'register'")):
        add(dns, name, run, text).add_argument("dn")
    calls = group("call", "calls in progress")
    add(calls, "list", commands.call_list, "all calls")
    for name, run, text in (("show", commands.call_show, "one call with its media counters"),
                            ("hangup", commands.call_hangup, "ends a call")):
        add(calls, name, run, text).add_argument("call_id")
    traces = add(groups, "trace", trace.run, "SIP messages of a DN in Janus's log; which, without a DN")
    traces.add_argument("dn", nargs="?")
    traces.add_argument("switch", nargs="?", choices=("on", "off"), default="on")
    traces.add_argument("--minutes", type=int, default=15, metavar="N",
                        help="until it ends by itself (default %(default)s, 1440 at most)")
    drains = group("drain", "empties the gateway for an upgrade")
    on = add(drains, "on", drain.on, "no new calls and agents; calls in progress go on")
    on.add_argument("--wait", action="store_true", help="return when nothing is left")
    on.add_argument("--limit", type=float, metavar="S", help="of the wait, in seconds (default: none)")
    add(drains, "off", drain.off, "calls and agents are taken again")
    add(drains, "status", drain.status, "what is left")
    configs = group("config", "the plugin's configuration file")
    add(configs, "check", config.check, "what is wrong with it, and what it would change")
    add(configs, "reload", config.reload, "takes it over, as a whole or not at all; no call is touched")
    add(groups, "selftest", selftest.run, "checks the gateway and prints what is not in order")
    return parser


def parse(words: list) -> argparse.Namespace:
    asked = argparse.Namespace(json=False, url="http://127.0.0.1:7088/admin", timeout=5.0,
                               secret_file=pathlib.Path("/etc/janus/secrets/admin.secret"))
    return make_parser().parse_args(words, asked)
