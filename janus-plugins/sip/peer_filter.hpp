// Strangers' packets are dropped by the kernel before anything is parsed, and counted: a socket
// filter on the SIP sockets that lets configured peers' source addresses through only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "util/result.hpp"

namespace genesys::sip {

/// SIP loop.
class PeerFilter {
 public:
  /// Attaches to every socket of this process that is bound to `address`:`port` (a TCP listener
  /// hands the filter on to what it accepts). `peers` are IP literals of the address's family.
  Result<Done> attach(const std::string& address, uint16_t port,
                      const std::vector<std::string>& peers);
  /// Packets dropped by the filters (and by full receive buffers, which the kernel counts with
  /// them).
  uint64_t dropped() const;

 private:
  std::vector<int> sockets_;  ///< sofia-sip's, not ours to close
};

}  // namespace genesys::sip
