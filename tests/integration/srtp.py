"""SRTP and SRTCP (RFC 3711, RFC 7714) by the letter, from AES, HMAC and GCM alone: an implementation that
shares nothing with the gateway's."""

import base64
import hashlib
import hmac
import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# name: octets of key, salt, tag of RTP; GCM
SUITES = {"AES_CM_128_HMAC_SHA1_80": (16, 14, 10, False), "AES_CM_128_HMAC_SHA1_32": (16, 14, 4, False),
          "AEAD_AES_128_GCM": (16, 12, 16, True), "AEAD_AES_256_GCM": (32, 12, 16, True)}


class Forged(Exception):
    """Not authentic."""


def keystream(key, counter, data):
    """AES in counter mode; encrypts and decrypts."""
    return Cipher(algorithms.AES(key), modes.CTR(counter)).encryptor().update(data)


def xored(a, b):
    return bytes(x ^ y for x, y in zip(a, b, strict=True))


class Srtp:
    """One direction under one master key. Keeps a roll-over count for each SSRC that it sends or takes."""

    def __init__(self, suite, material=None):
        self.suite = suite
        self.key_octets, self.salt_octets, self.tag_octets, self.gcm = SUITES[suite]
        self.material = material or os.urandom(self.key_octets + self.salt_octets)
        assert len(self.material) == self.key_octets + self.salt_octets
        master, salt = self.material[:self.key_octets], self.material[self.key_octets:]
        # RFC 3711 section 4.3: label of RTP 0-2, of RTCP 3-5; RFC 7714 section 11 pads the salt.
        derive = lambda label, octets: keystream(  # noqa: E731
            master, xored(salt.ljust(14, b"\0"), bytes([0] * 7 + [label] + [0] * 6)) + b"\0\0", bytes(octets))
        self.rtp_key, self.rtp_auth, self.rtp_salt = (derive(0, self.key_octets), derive(1, 20),
                                                      derive(2, self.salt_octets))
        self.rtcp_key, self.rtcp_auth, self.rtcp_salt = (derive(3, self.key_octets), derive(4, 20),
                                                         derive(5, self.salt_octets))
        self.roll_overs, self.last = {}, {}
        self.rtcp_index = 0

    @classmethod
    def of_line(cls, value):
        """From the value of a=crypto behind the tag."""
        suite, key = value.split()[:2]
        return cls(suite, base64.b64decode(key.removeprefix("inline:").partition("|")[0]))

    def line(self, tag=1):
        return f"a=crypto:{tag} {self.suite} inline:{base64.b64encode(self.material).decode()}"

    # RTP.

    def _index(self, ssrc, sequence):
        """The packet's roll-over count, guessed as RFC 3711 appendix A does."""
        count, last = self.roll_overs.get(ssrc, 0), self.last.get(ssrc)
        if last is not None:
            if last < 0x8000 and sequence - last > 0x8000:
                count -= 1
            elif last >= 0x8000 and last - 0x8000 > sequence:
                count += 1
        return count

    def _took(self, ssrc, count, sequence):
        if (count, sequence) >= (self.roll_overs.get(ssrc, 0), self.last.get(ssrc, -1)):
            self.roll_overs[ssrc], self.last[ssrc] = count, sequence

    @staticmethod
    def _header_octets(packet):
        octets = 12 + 4 * (packet[0] & 0x0F)
        if packet[0] & 0x10:
            octets += 4 + 4 * struct.unpack("!H", packet[octets + 2:octets + 4])[0]
        return octets

    def _rtp_counter(self, ssrc, index):
        return xored(self.rtp_salt + b"\0\0", struct.pack("!IIQ", 0, ssrc, index << 16))

    def _rtp_iv(self, ssrc, count, sequence):
        return xored(self.rtp_salt, struct.pack("!HIIH", 0, ssrc, count, sequence))

    def protect(self, packet):
        sequence, ssrc = struct.unpack("!2xH4xI", packet[:12])
        count = self._index(ssrc, sequence)
        self._took(ssrc, count, sequence)
        head, body = packet[:self._header_octets(packet)], packet[self._header_octets(packet):]
        if self.gcm:
            return head + AESGCM(self.rtp_key).encrypt(self._rtp_iv(ssrc, count, sequence), body, head)
        sealed = head + keystream(self.rtp_key, self._rtp_counter(ssrc, count << 16 | sequence), body)
        return sealed + self._tag(self.rtp_auth, sealed + struct.pack("!I", count))[:self.tag_octets]

    def unprotect(self, packet):
        if len(packet) < 12 + self.tag_octets:
            raise Forged("too short")
        sequence, ssrc = struct.unpack("!2xH4xI", packet[:12])
        count = self._index(ssrc, sequence)
        at = self._header_octets(packet)
        if self.gcm:
            plain = packet[:at] + self._opened(self.rtp_key, self._rtp_iv(ssrc, count, sequence), packet[at:],
                                               packet[:at])
        else:
            sealed, tag = packet[:-self.tag_octets], packet[-self.tag_octets:]
            self._check(self._tag(self.rtp_auth, sealed + struct.pack("!I", count))[:self.tag_octets], tag)
            plain = sealed[:at] + keystream(self.rtp_key, self._rtp_counter(ssrc, count << 16 | sequence),
                                            sealed[at:])
        self._took(ssrc, count, sequence)
        return plain

    # RTCP: the index stands in the packet.

    def protect_rtcp(self, packet):
        index = self.rtcp_index
        self.rtcp_index += 1
        ssrc = struct.unpack("!I", packet[4:8])[0]
        trailer = struct.pack("!I", index | 1 << 31)
        if self.gcm:
            return packet[:8] + AESGCM(self.rtcp_key).encrypt(self._rtcp_iv(ssrc, index), packet[8:],
                                                              packet[:8] + trailer) + trailer
        sealed = packet[:8] + keystream(self.rtcp_key, self._rtcp_counter(ssrc, index), packet[8:]) + trailer
        return sealed + self._tag(self.rtcp_auth, sealed)[:10]

    def unprotect_rtcp(self, packet):
        ssrc = struct.unpack("!I", packet[4:8])[0]
        if self.gcm:
            sealed, trailer = packet[:-4], packet[-4:]
            index = struct.unpack("!I", trailer)[0] & 0x7FFFFFFF
            return sealed[:8] + self._opened(self.rtcp_key, self._rtcp_iv(ssrc, index), sealed[8:],
                                             sealed[:8] + trailer)
        sealed, tag = packet[:-10], packet[-10:]
        self._check(self._tag(self.rtcp_auth, sealed)[:10], tag)
        index = struct.unpack("!I", sealed[-4:])[0] & 0x7FFFFFFF
        return sealed[:8] + keystream(self.rtcp_key, self._rtcp_counter(ssrc, index), sealed[8:-4])

    def _rtcp_counter(self, ssrc, index):
        return xored(self.rtcp_salt + b"\0\0", struct.pack("!IIQ", 0, ssrc, index << 16))

    def _rtcp_iv(self, ssrc, index):
        return xored(self.rtcp_salt, struct.pack("!HIHI", 0, ssrc, 0, index))

    @staticmethod
    def _tag(key, data):
        return hmac.new(key, data, hashlib.sha1).digest()

    @staticmethod
    def _check(wanted, tag):
        if not hmac.compare_digest(wanted, tag):
            raise Forged("wrong tag")

    @staticmethod
    def _opened(key, iv, data, aad):
        try:
            return AESGCM(key).decrypt(iv, data, aad)
        except InvalidTag:
            raise Forged("wrong tag") from None
