// The DTLS handshake that yields the SRTP keys (RFC 5764), by OpenSSL.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "srtp_pair.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace genesys::load {

/// One certificate for all PeerConnections, as a browser has it for a day. Made anew at each start.
class DtlsIdentity {
 public:
  /// `suites`: what is offered, in order of preference.
  static Result<DtlsIdentity> create(const std::vector<const SrtpSuite*>& suites);
  const std::string& fingerprint() const { return fingerprint_; }
  ssl_ctx_st* context() const { return context_.get(); }

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  std::unique_ptr<ssl_ctx_st, Free> context_;
  std::string fingerprint_;
};

class DtlsHandshake {
 public:
  using Send = std::function<void(std::span<const uint8_t>)>;
  /// `identity` outlives it. Begins at once if we are the client.
  DtlsHandshake(const DtlsIdentity& identity, bool client, std::string expectedFingerprint,
                Send send);

  void received(std::span<const uint8_t> datagram);
  /// Sends again what was lost.
  void onTime();
  /// Once it is done and the certificate is the one that SDP has promised.
  const std::optional<SrtpKeys>& keys() const { return keys_; }
  /// Empty while all is well.
  const std::string& fault() const { return fault_; }

 private:
  struct Free {
    void operator()(ssl_st* connection) const;
  };
  void advance();
  void flush();
  void finish();

  std::unique_ptr<ssl_st, Free> connection_;
  bool client_;
  std::string expected_;
  Send send_;
  std::optional<SrtpKeys> keys_;
  std::string fault_;
};

}  // namespace genesys::load
