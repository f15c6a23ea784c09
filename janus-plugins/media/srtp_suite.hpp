// SRTP crypto suites as rows of data, and master keys that wipe themselves. SDP and media read the
// same rows. Values, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "util/secret_random.hpp"

namespace genesys::media {

struct SrtpSuite {
  std::string_view name;  ///< as a=crypto writes it (RFC 4568 section 6.2, RFC 7714 section 14.2)
  size_t keyOctets;       ///< master key
  size_t saltOctets;      ///< master salt
  size_t tagOctets;       ///< authentication tag of an RTP packet
  bool aead;              ///< AES-GCM (RFC 7714); else AES-CM with HMAC-SHA1 (RFC 3711)
};

const SrtpSuite& aesCm128Sha1Tag80();
const SrtpSuite& aesCm128Sha1Tag32();
const SrtpSuite& aes128Gcm();
const SrtpSuite& aes256Gcm();

/// Every suite, in the default order of preference.
std::span<const SrtpSuite* const> srtpSuites();
/// By its name, in any letter case; nullptr if there is none.
const SrtpSuite* findSrtpSuite(std::string_view name);

/// A master key with its salt. Every copy is wiped when it goes; none is ever written into a log,
/// which is why it has no text of its own.
class SrtpKey {
 public:
  static constexpr size_t kMostOctets = 44;  ///< AES-256-GCM: 32 + 12

  SrtpKey() = default;
  explicit SrtpKey(const SrtpSuite& suite) : suite_(&suite) {}
  SrtpKey(const SrtpSuite& suite, const SecretRandom& random) : suite_(&suite) { random(octets()); }
  SrtpKey(const SrtpKey&) = default;
  SrtpKey& operator=(const SrtpKey&) = default;
  ~SrtpKey();

  const SrtpSuite& suite() const { return *suite_; }
  /// The master key, and behind it the salt.
  std::span<uint8_t> octets() { return std::span(octets_).first(length()); }
  std::span<const uint8_t> octets() const { return std::span(octets_).first(length()); }

  /// The identifier that stands in each packet under this key (RFC 3711 section 3.1), in its least
  /// significant `mkiOctets` octets; 0 octets: none does.
  uint32_t mki = 0;
  uint8_t mkiOctets = 0;

  bool operator==(const SrtpKey&) const = default;

 private:
  size_t length() const { return suite_ ? suite_->keyOctets + suite_->saltOctets : 0; }

  const SrtpSuite* suite_ = nullptr;
  std::array<uint8_t, kMostOctets> octets_{};
};

/// What both sides of a call encrypt with, seen from us: each side has a key of its own.
struct SrtpKeys {
  SrtpKey send;
  SrtpKey receive;
  bool operator==(const SrtpKeys&) const = default;
};

}  // namespace genesys::media
