// The sockets that sofia-sip has open: it does not tell its descriptors, so they are found among
// those of the process by the address they are bound to.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sip/server_list.hpp"

namespace genesys::sip {

struct StackSocket {
  int fd = -1;      ///< sofia-sip's, not ours to close
  ino_t inode = 0;  ///< tells a socket from a later one with the same descriptor
  bool stream = false;
  uint16_t localPort = 0;
  std::optional<ServerTarget> peer;  ///< if connected
};

/// Every socket of this process that is bound to the IP literal `address`.
std::vector<StackSocket> socketsAt(const std::string& address);

}  // namespace genesys::sip
