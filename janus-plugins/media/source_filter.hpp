// Whose RTP a SIP leg listens to: the negotiated address and port and nobody else, or, where it is
// configured, the first who speaks. Lives on its leg's worker.
#pragma once

#include <optional>

#include "util/socket_address.hpp"

namespace genesys::media {

class SourceFilter {
 public:
  explicit SourceFilter(bool symmetric) : symmetric_(symmetric) {}

  /// What SDP says now; none: nobody is heard. A changed address forgets what was learned; returns
  /// true if it changed.
  bool negotiate(const std::optional<SocketAddress>& remote);

  /// True if a packet from `source` may be looked into.
  bool mayBe(const SocketAddress& source) const;
  /// A good RTP packet came from `source`, which mayBe() let through: with `symmetric`, the first
  /// few of them decide, and the negotiated address wins over any other.
  void heard(const SocketAddress& source);

  /// Where to send to: what was learned, else what was negotiated.
  const std::optional<SocketAddress>& destination() const {
    return learned_ ? learned_ : negotiated_;
  }

 private:
  static constexpr unsigned kLearningPackets = 10;

  const bool symmetric_;
  std::optional<SocketAddress> negotiated_;
  std::optional<SocketAddress> learned_;
  unsigned packets_ = 0;  ///< good ones since the address changed
};

}  // namespace genesys::media
