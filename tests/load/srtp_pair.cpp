#include "srtp_pair.hpp"

#include <srtp2/srtp.h>

namespace genesys::load {
namespace {

void setCrypto(const SrtpSuite& suite, srtp_policy_t& policy) {
  const std::string name = suite.sdpName;
  const auto both = [&](void (*set)(srtp_crypto_policy_t*)) {
    set(&policy.rtp);
    set(&policy.rtcp);
  };
  if (name == "AEAD_AES_128_GCM")
    both(srtp_crypto_policy_set_aes_gcm_128_16_auth);
  else if (name == "AEAD_AES_256_GCM")
    both(srtp_crypto_policy_set_aes_gcm_256_16_auth);
  else
    both(srtp_crypto_policy_set_rtp_default);  // AES_CM_128_HMAC_SHA1_80
}

srtp_t makeSession(const SrtpSuite& suite, std::vector<uint8_t> key, srtp_ssrc_type_t direction) {
  srtp_policy_t policy{};
  setCrypto(suite, policy);
  policy.ssrc.type = direction;
  policy.key = key.data();
  policy.window_size = 128;
  srtp_t session = nullptr;
  return srtp_create(&session, &policy) == srtp_err_status_ok ? session : nullptr;
}

template <class Match>
const SrtpSuite* findSuite(Match match) {
  for (const SrtpSuite& suite : srtpSuites())
    if (match(suite)) return &suite;
  return nullptr;
}

}  // namespace

const std::vector<SrtpSuite>& srtpSuites() {
  static const std::vector<SrtpSuite> kSuites = {
      {"SRTP_AEAD_AES_128_GCM", "AEAD_AES_128_GCM", 16, 12},
      {"SRTP_AEAD_AES_256_GCM", "AEAD_AES_256_GCM", 32, 12},
      {"SRTP_AES128_CM_SHA1_80", "AES_CM_128_HMAC_SHA1_80", 16, 14},
  };
  return kSuites;
}

const SrtpSuite* suiteOfDtls(const std::string& name) {
  return findSuite([&](const SrtpSuite& suite) { return name == suite.dtlsName; });
}

const SrtpSuite* suiteOfSdp(const std::string& name) {
  return findSuite([&](const SrtpSuite& suite) { return name == suite.sdpName; });
}

void SrtpPair::Free::operator()(srtp_ctx_t_* session) const {
  srtp_dealloc(session);
}

Result<std::unique_ptr<SrtpPair>> SrtpPair::create(const SrtpKeys& keys) {
  static const bool ready = srtp_init() == srtp_err_status_ok;
  const size_t octets = keys.suite->keyOctets + keys.suite->saltOctets;
  if (!ready || keys.send.size() != octets || keys.receive.size() != octets)
    return Failure{std::string("SRTP: keys of the wrong length")};
  auto pair = std::make_unique<SrtpPair>();
  pair->send_.reset(makeSession(*keys.suite, keys.send, ssrc_any_outbound));
  pair->receive_.reset(makeSession(*keys.suite, keys.receive, ssrc_any_inbound));
  if (!pair->send_ || !pair->receive_) return Failure{std::string("SRTP: no session")};
  return pair;
}

size_t SrtpPair::protect(std::span<uint8_t> packet, size_t octets) {
  int length = static_cast<int>(octets);
  if (octets + kTrailer > packet.size()) return 0;
  return srtp_protect(send_.get(), packet.data(), &length) == srtp_err_status_ok
             ? static_cast<size_t>(length)
             : 0;
}

std::span<uint8_t> SrtpPair::unprotect(std::span<uint8_t> packet) {
  int length = static_cast<int>(packet.size());
  if (srtp_unprotect(receive_.get(), packet.data(), &length) != srtp_err_status_ok) return {};
  return packet.first(static_cast<size_t>(length));
}

}  // namespace genesys::load
