// Randomness that keys are made of, as a parameter: the kernel's generator in production, known
// octets in tests. What needs no secrecy takes util/random.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

namespace genesys {

/// Fills `out` with octets that nobody can guess.
using SecretRandom = std::function<void(std::span<uint8_t> out)>;

/// getrandom(2): cryptographically secure, any thread. Throws std::system_error on a kernel without
/// it.
void kernelRandom(std::span<uint8_t> out);

}  // namespace genesys
