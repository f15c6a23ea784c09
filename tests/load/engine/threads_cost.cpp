#include "engine/threads_cost.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace genesys::load {

ThreadsCost costOfThreads(const std::string& prefix) {
  ThreadsCost cost;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm"), name);
    if (!name.starts_with(prefix)) continue;
    double nanos = 0;
    std::ifstream(task.path() / "schedstat") >> nanos;  // time on a processor
    cost.cpuMicros += nanos / 1000;
    std::ifstream status(task.path() / "status");
    for (std::string key; status >> key;)
      if (key.ends_with("ctxt_switches:")) {
        uint64_t count = 0;
        status >> count;
        cost.switches += count;
      }
  }
  return cost;
}

uint64_t residentOctets() {
  uint64_t pages = 0;
  std::ifstream file("/proc/self/statm");
  file >> pages >> pages;
  return pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace genesys::load
