#include "util/secret_random.hpp"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace genesys {

void kernelRandom(std::span<uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got > 0)
      out = out.subspan(static_cast<size_t>(got));
    else if (errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "getrandom");
  }
}

}  // namespace genesys
