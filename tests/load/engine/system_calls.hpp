// Counts the system calls of the engine's workers. The linker puts our counting functions in place
// of libc's (--wrap, see CMakeLists.txt); the engine's code is the one that ships.
#pragma once

#include <cstdint>

namespace genesys::load {

struct SystemCalls {
  uint64_t waits = 0;     ///< epoll_wait
  uint64_t receives = 0;  ///< recvmmsg
  uint64_t sends = 0;     ///< sendto, sendmmsg
  uint64_t others = 0;    ///< read and write: the inbox's eventfd

  uint64_t all() const { return waits + receives + sends + others; }
};

/// Of every thread whose name begins with "media-", since the process began.
SystemCalls workersSystemCalls();

}  // namespace genesys::load
