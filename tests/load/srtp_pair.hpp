// SRTP of one side of a call, both directions, by libsrtp2.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "util/result.hpp"

struct srtp_ctx_t_;

namespace genesys::load {

/// A protection profile by its names in DTLS (RFC 5764, RFC 7714) and in SDP (RFC 4568).
struct SrtpSuite {
  const char* dtlsName;  ///< as OpenSSL writes it
  const char* sdpName;
  size_t keyOctets;
  size_t saltOctets;
};
const std::vector<SrtpSuite>& srtpSuites();
const SrtpSuite* suiteOfDtls(const std::string& name);
const SrtpSuite* suiteOfSdp(const std::string& name);

struct SrtpKeys {
  const SrtpSuite* suite = nullptr;
  std::vector<uint8_t> send, receive;  ///< master key and salt, one behind the other
};

class SrtpPair {
 public:
  /// The longest packet grows by so many octets.
  static constexpr size_t kTrailer = 32;

  static Result<std::unique_ptr<SrtpPair>> create(const SrtpKeys& keys);

  /// `octets` of `packet` are filled, and kTrailer more are there. Returns the new length, 0 on
  /// failure.
  size_t protect(std::span<uint8_t> packet, size_t octets);
  /// In place. Empty if it is not authentic.
  std::span<uint8_t> unprotect(std::span<uint8_t> packet);

 private:
  struct Free {
    void operator()(srtp_ctx_t_* session) const;
  };
  std::unique_ptr<srtp_ctx_t_, Free> send_, receive_;
};

}  // namespace genesys::load
