"""What coturn relays, for whom, and where to."""

import base64
import socket
import ssl
import time
import unittest

from outside_case import ADDRESS, OutsideCase
from turn_client import IPV6, TCP, TurnClient, credentials

INNER_V4 = ("10.66.0.2", "10.65.255.255", "127.0.0.1", "0.0.0.0", "192.168.1.1", "172.16.0.1", "224.0.0.1",
            "169.254.169.254", "100.64.0.1", "8.8.8.8", "255.255.255.255")
INNER_V6 = ("::1", "::", "fe80::1", "fc00::1", "2001:db8::1", "ff02::1", "::ffff:10.66.0.2",
            "::ffff:127.0.0.1", "::ffff:10.66.0.1", "::10.66.0.2", "64:ff9b::a42:2", "2002:a42:2::1")
REFUSED = (403, 443)  # Forbidden, Peer Address Family Mismatch (RFC 8656)


class Turn(OutsideCase):
    only = ("sim", "janus", "coturn")

    async def asyncSetUp(self):
        await super().asyncSetUp()
        # Right after its start coturn answers, but knows no secret yet.
        await self.eventually(lambda: self.client("first").allocate() in (0, 486), "coturn to know its secret")

    def client(self, name="agent", lifetime=300, secret=None, password=None, **options):
        """A client with a credential that is good for `lifetime` seconds."""
        user, good = credentials(secret or self.stack.settings.secret("turn.secret"), name,
                                 int(time.time()) + lifetime)
        return self.client_as(user, good if password is None else password, **options)

    def client_as(self, user, password, tls=None, tcp=False):
        ports = self.stack.settings.ports
        client = TurnClient(ADDRESS, ports.turn_tls if tls else ports.turn, user, password, tls, tcp)
        self.addCleanup(client.close)
        return client

    def trusting(self):
        return ssl.create_default_context(cafile=str(self.stack.settings.secrets / "ca.crt"))

    def allocated(self, name, **options):
        client = self.client(name, **options)
        self.assertEqual(client.allocate(), 0)
        return client

    def relays_to_the_gateway(self, client):
        """A datagram goes to a port of the gateway's address, and one comes back."""
        gateway = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(gateway.close)
        gateway.bind((ADDRESS, 0))
        gateway.settimeout(3)
        self.assertEqual(client.permit(ADDRESS), 0)
        client.send(ADDRESS, gateway.getsockname()[1], b"there")
        said, relay = gateway.recvfrom(100)
        self.assertEqual(said, b"there")
        gateway.sendto(b"and back", relay)
        self.assertEqual(client.receive(), b"and back")

    def test_to_the_gateway_over_udp(self):
        self.relays_to_the_gateway(self.allocated("udp"))

    def test_to_the_gateway_over_tcp(self):
        self.relays_to_the_gateway(self.allocated("tcp", tcp=True))

    def test_to_the_gateway_over_tls(self):
        self.relays_to_the_gateway(self.allocated("tls", tls=self.trusting()))

    def test_old_tls_is_refused(self):
        context = self.trusting()
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        with self.assertRaises((ssl.SSLError, ConnectionError, TimeoutError)):
            self.client("old", tls=context)

    def test_no_other_address_is_a_peer(self):
        client = self.allocated("others")
        for peer in INNER_V4:
            with self.subTest(peer=peer):
                self.assertEqual(client.permit(peer), 403)
                self.assertEqual(client.bind_channel(peer), 403)

    def test_no_ipv6_address_is_nor_a_mapped_one(self):
        client = self.allocated("mapped")
        for peer in INNER_V6:
            with self.subTest(peer=peer):
                self.assertIn(client.permit(peer), REFUSED)
                self.assertIn(client.bind_channel(peer), REFUSED)

    def test_what_is_sent_to_a_peer_without_permission_is_dropped(self):
        inner = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(inner.close)
        inner.bind(("127.0.0.1", 0))
        inner.setblocking(False)
        client = self.allocated("sends_anyway")
        client.send("127.0.0.1", inner.getsockname()[1], b"x")
        self.relays_to_the_gateway(client)  # behind it, and it has come
        with self.assertRaises(BlockingIOError):
            inner.recv(10)

    def test_no_relay_by_ipv6_nor_to_tcp(self):
        self.assertEqual(self.client("v6").allocate(IPV6), 440)
        client = self.client("tcp_peers", tcp=True)
        self.assertIn(client.allocate(relayed=TCP), (403, 442))

    def test_no_credential_or_a_wrong_one_is_refused(self):
        self.assertEqual(self.client("guess", secret="guessed").allocate(), 401)
        self.assertEqual(self.client("empty", password="").allocate(), 401)
        for user in ("alice", "", "9999999999", ":alice", "x:alice"):
            with self.subTest(user=user):
                self.assertEqual(self.client_as(user, "").allocate(), 401)

    def test_somebody_elses_password_is_of_no_use(self):
        expiry = int(time.time()) + 300
        _, password = credentials(self.stack.settings.secret("turn.secret"), "alice", expiry)
        self.assertEqual(self.client_as(f"{expiry}:bob", password).allocate(), 401)
        self.assertEqual(self.client_as(f"{expiry + 999999}:alice", password).allocate(), 401)

    def test_an_expired_credential_is_refused(self):
        self.assertEqual(self.client("expired", lifetime=-1).allocate(), 401)

    async def test_an_allocation_outlives_its_credential(self):
        """Or a relayed call would end with it; the page renews it for whatever comes next."""
        expiry = int(time.time()) + 3
        user, password = credentials(self.stack.settings.secret("turn.secret"), "outlives", expiry)
        client = self.client_as(user, password)
        self.assertEqual(client.allocate(), 0)
        await self.eventually(lambda: time.time() > expiry + 3, "its expiry, by coturn's clock of seconds", 10)
        self.assertEqual(self.client_as(user, password).allocate(), 401)
        self.assertEqual(client.refresh(), 0)
        self.relays_to_the_gateway(client)

    def test_a_credential_is_good_for_a_dozen_allocations_and_hurts_no_other_agent(self):
        expiry = int(time.time()) + 300
        user, password = credentials(self.stack.settings.secret("turn.secret"), "greedy", expiry)
        codes = [self.client_as(user, password).allocate() for _ in range(14)]
        self.assertEqual(codes, [0] * 12 + [486] * 2)
        self.assertEqual(self.client("modest").allocate(), 0)

    async def test_the_gateways_credential_is_good_and_short(self):
        """What an agent is told at sign-in: good for ten minutes at most, and not before it is asked for."""
        page = await self.sign_in(audio=False)
        for source in (page.signed_in, (await page.request({"request": "ice_servers"}))[0]):
            turn = next(server for server in source["ice_servers"] if "credential" in server)
            left = int(turn["username"].split(":")[0]) - time.time()
            self.assertTrue(0 < left <= 600, left)
            self.assertEqual(len(base64.b64decode(turn["credential"])), 20)  # HMAC-SHA1
            self.assertEqual(self.client_as(turn["username"], turn["credential"]).allocate(), 0)

    def test_no_console(self):
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", 5766), 5)


if __name__ == "__main__":
    unittest.main()
