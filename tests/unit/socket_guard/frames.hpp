// Frames as a browser sends them (RFC 6455, section 5.2), for tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace genesys::socket_guard {

using Octets = std::vector<uint8_t>;

/// The header of a masked frame; `first` has FIN, reserved bits and opcode.
inline Octets frameHeader(uint8_t first, uint64_t length) {
  Octets header{first};
  const auto put = [&](uint64_t value, int octets) {
    for (int at = octets - 1; at >= 0; --at)
      header.push_back(static_cast<uint8_t>(value >> 8 * at));
  };
  if (length < 126) {
    header.push_back(static_cast<uint8_t>(0x80 | length));
  } else if (length < 65536) {
    header.push_back(0xfe);
    put(length, 2);
  } else {
    header.push_back(0xff);
    put(length, 8);
  }
  header.insert(header.end(), {1, 2, 3, 4});  // the mask
  return header;
}

inline Octets frame(uint8_t first, uint64_t length) {
  Octets whole = frameHeader(first, length);
  whole.resize(whole.size() + length, 'x');
  return whole;
}

inline constexpr uint8_t kText = 0x81, kBegin = 0x01, kMore = 0x00, kLast = 0x80, kPing = 0x89;

inline Octets operator+(Octets a, const Octets& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace genesys::socket_guard
