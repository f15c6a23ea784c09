// Numbers as file formats want them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace genesys::media {

using Octets = std::vector<uint8_t>;

inline void putText(Octets& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}
/// The lowest `count` octets of `value`, lowest first.
inline void putLittle(Octets& out, uint64_t value, unsigned count) {
  for (unsigned i = 0; i < count; ++i) out.push_back(static_cast<uint8_t>(value >> 8 * i));
}
/// The lowest `count` octets of `value`, highest first.
inline void putBig(Octets& out, uint64_t value, unsigned count) {
  for (unsigned i = count; i-- > 0;) out.push_back(static_cast<uint8_t>(value >> 8 * i));
}

}  // namespace genesys::media
