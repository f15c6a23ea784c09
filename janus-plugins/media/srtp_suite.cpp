#include "media/srtp_suite.hpp"

#include <cstring>

#include "util/text.hpp"

namespace genesys::media {
namespace {

constexpr SrtpSuite kTag80{"AES_CM_128_HMAC_SHA1_80", 16, 14, 10, false};
constexpr SrtpSuite kTag32{"AES_CM_128_HMAC_SHA1_32", 16, 14, 4, false};
constexpr SrtpSuite kGcm128{"AEAD_AES_128_GCM", 16, 12, 16, true};
constexpr SrtpSuite kGcm256{"AEAD_AES_256_GCM", 32, 12, 16, true};

// The mandatory one first (RFC 4568 section 6.2): every phone that knows SDES knows it.
constexpr std::array<const SrtpSuite*, 4> kSuites{&kTag80, &kGcm256, &kGcm128, &kTag32};

}  // namespace

const SrtpSuite& aesCm128Sha1Tag80() {
  return kTag80;
}
const SrtpSuite& aesCm128Sha1Tag32() {
  return kTag32;
}
const SrtpSuite& aes128Gcm() {
  return kGcm128;
}
const SrtpSuite& aes256Gcm() {
  return kGcm256;
}

std::span<const SrtpSuite* const> srtpSuites() {
  return kSuites;
}

const SrtpSuite* findSrtpSuite(std::string_view name) {
  for (const SrtpSuite* suite : kSuites)
    if (equalsIgnoreCase(suite->name, name)) return suite;
  return nullptr;
}

// explicit_bzero: a memset before the end of a life is optimised away.
SrtpKey::~SrtpKey() {
  explicit_bzero(octets_.data(), octets_.size());
}

}  // namespace genesys::media
