// One page of an Ogg stream (RFC 3533): packets with their lengths and a checksum. A value.
#pragma once

#include <cstdint>
#include <span>

#include "media/recording/octets.hpp"

namespace genesys::media {

/// CRC-32 with polynomial 0x04c11db7, neither reflected nor inverted, as section 6 has it.
uint32_t oggChecksum(std::span<const uint8_t> octets);

class OggPage {
 public:
  static constexpr uint8_t kFirst = 2;  ///< of the stream
  static constexpr uint8_t kLast = 4;

  /// Appends a whole packet, if the page has room for its lengths; at most 64 kB in all.
  bool add(std::span<const uint8_t> packet);
  bool empty() const { return lengths_.empty(); }
  /// The page's octets; it is empty afterwards. `position`: of its last packet's end, in the
  /// codec's own units.
  Octets close(uint8_t flags, uint64_t position, uint32_t stream, uint32_t number);

 private:
  Octets lengths_;
  Octets body_;
};

}  // namespace genesys::media
