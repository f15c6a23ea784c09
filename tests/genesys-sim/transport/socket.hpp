// Opens the non-blocking IPv4 sockets that the stand-in listens and sends on.
#pragma once

#include "transport/peer.hpp"
#include "util/result.hpp"
#include "util/unique_fd.hpp"

namespace genesys::sim {

/// Bound to `at`; port 0 takes any. The error names address and reason.
Result<UniqueFd> openUdp(const Peer& at);
Result<UniqueFd> openTcpListener(const Peer& at);
/// Connecting may still be under way: wait for POLLOUT.
Result<UniqueFd> connectTcp(const Peer& to);

}  // namespace genesys::sim
