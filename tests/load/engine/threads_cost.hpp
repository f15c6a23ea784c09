// What threads of this process have cost so far, by their names.
#pragma once

#include <cstdint>
#include <string>

namespace genesys::load {

struct ThreadsCost {
  double cpuMicros = 0;   ///< user and system
  uint64_t switches = 0;  ///< voluntary and not
};

/// Of every thread whose name begins so, from /proc/self/task.
ThreadsCost costOfThreads(const std::string& prefix);

/// Resident memory of the process, octets.
uint64_t residentOctets();

}  // namespace genesys::load
