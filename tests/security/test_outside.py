"""What of the gateway can be reached from outside, and how."""

import json
import os
import re
import socket
import ssl
import subprocess
import unittest
import urllib.request
import warnings

from outside_case import ADDRESS, HTTPS_PORT, UPGRADE, OutsideCase

INSIDE = ("127.", "[::1]")


def old_tls(context):
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # deprecated indeed
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1


class Outside(OutsideCase):
    only = ("sim", "janus", "guard", "coturn", "nginx")

    def listening(self):
        """(protocol, address, port) of every socket of the namespace that waits for somebody."""
        listed = subprocess.run(["ss", "-Hlntu"], text=True, capture_output=True, check=True).stdout
        for line in listed.splitlines():
            protocol, _, _, _, local, *_ = line.split()
            address, _, port = local.rpartition(":")
            yield protocol, address, int(port)

    def test_nginx_and_turn_are_all_that_listens(self):
        ports = self.stack.settings.ports
        low, high = (int(port) for port in ports.turn_range.split("-"))
        outside = {(protocol, port) for protocol, address, port in self.listening()
                   if not address.startswith(INSIDE) and not (protocol == "udp" and low <= port <= high)}
        self.assertEqual(outside, {("tcp", HTTPS_PORT), ("tcp", ports.turn), ("udp", ports.turn),
                                   ("tcp", ports.turn_tls)})

    def test_inside_ports_refuse_the_outside_address(self):
        ports = self.stack.settings.ports
        for name in ("ws", "guard", "http", "admin", "sip", "sim_sip", "sim_http"):
            with self.subTest(port=name), self.assertRaises(ConnectionRefusedError):
                socket.create_connection((ADDRESS, getattr(ports, name)), 5).close()

    def test_the_ports_are_there_inside(self):
        """Or the test above would say nothing."""
        ports = self.stack.settings.ports
        for name in ("ws", "guard", "http", "admin", "sim_http"):
            socket.create_connection(("127.0.0.1", getattr(ports, name)), 5).close()

    def test_janus_loads_what_it_needs_and_no_more(self):
        """Every plugin of Debian's would be one more that pages reach, and one more thread for each handle."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.stack.settings.ports.http}/janus/info", timeout=5) as answer:
            info = json.load(answer)
        self.assertEqual(set(info["plugins"]), {"janus.plugin.genesys"})
        self.assertEqual(set(info["transports"]), {"janus.transport.websockets", "janus.transport.http"})
        self.assertEqual((info["events"], info["loggers"]), ({}, {}))
        self.assertEqual(info["static-event-loops"], os.cpu_count())

    def test_no_path_leads_inside(self):
        for path in ("/janus-wsx", "/janus-ws/", "/janus", "/janus/info", "/admin", "/admin/info", "/metrics",
                     "/health", "/token-check", "/janus-ws/../admin", "/package.json", "/node_modules/",
                     "/test/", "/lib/../package.json", "/lib/..%2fpackage.json", "/lib/%2e%2e/package.json",
                     "/demo/../../../etc/passwd", "/config.jsonx", "/demo/.git/config"):
            with self.subTest(path=path):
                self.assertIn(self.ask(path, UPGRADE)[0], (400, 404))

    def test_the_web_socket_leads_to_no_admin_api(self):
        opened = self.open_web_socket()
        answer = opened.ask({"janus": "list_sessions",
                             "admin_secret": self.stack.settings.secret("admin.secret")})
        self.assertEqual(answer["janus"], "error", answer)

    def test_the_page_takes_nothing_but_get(self):
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE"):
            with self.subTest(method=method):
                self.assertIn(self.ask("/demo/index.html", {"Content-Length": "0"}, method)[0], (403, 405))

    def test_a_head_too_large_is_refused(self):
        self.assertEqual(self.ask("/config.json", {"X-Long": "x" * 9000})[0], 400)

    def test_security_headers_are_on_every_answer(self):
        for path in ("/config.json", "/nothing-here", "/demo/index.html", "/janus-ws"):
            head = self.ask(path)[1].lower()
            for name in ("content-security-policy: default-src 'none'", "x-content-type-options: nosniff",
                         "referrer-policy: no-referrer", "strict-transport-security: max-age=",
                         "permissions-policy: microphone=(self)"):
                self.assertIn(name, head, path)
            self.assertIsNone(re.search(r"server: nginx/", head))

    def test_old_tls_is_refused(self):
        with self.assertRaises(ssl.SSLError):
            self.connect(versions=old_tls)

    def test_http_2_is_spoken(self):
        connection = self.connect(versions=lambda context: context.set_alpn_protocols(["h2", "http/1.1"]))
        self.assertEqual(connection.selected_alpn_protocol(), "h2")


if __name__ == "__main__":
    unittest.main()
