#include "util/random.hpp"

#include <sys/random.h>

#include <cassert>
#include <chrono>

namespace genesys {

Random Random::fromSystem() {
  uint64_t seed = 0;
  if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
    seed = static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  return Random(seed);
}

uint64_t Random::next() {
  state_ += 0x9e3779b97f4a7c15ULL;
  uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

uint64_t Random::between(uint64_t low, uint64_t high) {
  assert(low <= high);
  const uint64_t span = high - low + 1;
  return span == 0 ? next() : low + next() % span;
}

}  // namespace genesys
