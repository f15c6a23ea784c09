"""The whole stack on one machine: stand-in SIP Server, gateways (Janus with the plugin), Kamailio, nginx
and coturn.

What scripts/demo, the smoke test, the benches and the integration tests start and stop. Standard
library only. Entry points: stack.Stack (a context manager) and, from other languages, scripts/stack.
"""
