// Descriptions and keys for the tests of SDES.
#pragma once

#include <algorithm>
#include <string>

#include "sdp/negotiation.hpp"
#include "sdp/texts.hpp"
#include "util/base64.hpp"

namespace genesys::sdp::test {

/// A key of 30 octets that are all `octet`.
inline media::SrtpKey keyOf(uint8_t octet,
                            const media::SrtpSuite& suite = media::aesCm128Sha1Tag80()) {
  return media::SrtpKey(suite, [octet](std::span<uint8_t> out) { std::ranges::fill(out, octet); });
}

/// Keys that count: all octets 1, then all octets 2, ...
inline SecretRandom countingSecrets() {
  return [next = uint8_t{0}](std::span<uint8_t> out) mutable { std::ranges::fill(out, ++next); };
}

inline std::string cryptoLine(const Crypto& crypto) {
  return "a=crypto:" + toString(crypto) + "\r\n";
}

/// A far end at 192.0.2.10:4004, or wherever.
inline std::string audioOf(const std::string& protocol, const std::string& lines = "",
                           const std::string& address = "192.0.2.10") {
  return "v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 " + address +
         "\r\nt=0 0\r\nm=audio 4004 " + protocol + " 8 0\r\n" + lines;
}

inline LocalAudio srtpLocal(SrtpPolicy policy) {
  LocalAudio audio;
  audio.address = "192.0.2.7";
  audio.port = 30000;
  audio.codecs = {&media::pcma(), &media::pcmu()};
  audio.srtp.policy = policy;
  audio.srtp.suites = {&media::aesCm128Sha1Tag80(), &media::aes256Gcm()};
  return audio;
}

}  // namespace genesys::sdp::test
