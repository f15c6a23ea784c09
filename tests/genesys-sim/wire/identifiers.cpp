#include "wire/identifiers.hpp"

#include <fmt/format.h>

namespace genesys::sim {
namespace {

constexpr char kBase32[] = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

/// 128 bits as 26 digits of 5 bits; the last digit carries 3 bits and two zeros.
std::string base32(uint64_t high, uint64_t low) {
  std::string digits(26, '0');
  for (int digit = 0; digit < 26; ++digit) {
    unsigned value = 0;
    for (int bit = 0; bit < 5; ++bit) {
      const int position = digit * 5 + bit;
      const uint64_t word = position < 64 ? high : low;
      const bool set = position < 128 && (word >> (63 - position % 64) & 1) != 0;
      value = value << 1 | (set ? 1U : 0U);
    }
    digits[static_cast<size_t>(digit)] = kBase32[value];
  }
  return digits;
}

std::string counter32(uint64_t count) {
  std::string digits(6, '0');
  for (size_t i = digits.size(); i-- > 0; count /= 32) digits[i] = kBase32[count % 32];
  return digits;
}

}  // namespace

Identifiers::Identifiers(Random random)
    : random_(random), tagUuid_(uuid()), callIdUuid_(uuid()), branchUuid_(uuid()) {
  const uint64_t high = random_.next();
  callUuidStem_ = base32(high, random_.next());
}

std::string Identifiers::uuid() {
  const uint64_t a = random_.next();
  const uint64_t b = random_.next();
  // RFC 4122 section 4.4: version 4, variant 10.
  return fmt::format("{:08X}-{:04X}-4{:03X}-{:04X}-{:012X}", a >> 32, a >> 16 & 0xffff, a & 0xfff,
                     0x8000 | (b >> 48 & 0x3fff), b & 0xffffffffffffULL);
}

std::string Identifiers::tag() {
  return fmt::format("{}-{}", tagUuid_, ++tags_);
}

std::string Identifiers::callId(const std::string& ip) {
  return fmt::format("{}-{}@{}", callIdUuid_, ++callIds_, ip);
}

std::string Identifiers::branch() {
  return fmt::format("z9hG4bK{}-{}", branchUuid_, ++branches_);
}

std::string Identifiers::callUuid() {
  return callUuidStem_ + counter32(++calls_);
}

std::string Identifiers::nonce() {
  const uint64_t high = random_.next();
  return fmt::format("{:016x}{:016x}", high, random_.next());
}

}  // namespace genesys::sim
