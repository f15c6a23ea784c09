// Base64 (RFC 4648 section 4) into and out of memory that the caller owns: what is secret leaves no
// copy behind. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace genesys {

std::string encodeBase64(std::span<const uint8_t> octets);

/// Writes the octets that `text` means to `out` and returns their number; nullopt if it is no
/// base64 or `out` is too small. The "=" at the end may be missing.
std::optional<size_t> decodeBase64(std::string_view text, std::span<uint8_t> out);

}  // namespace genesys
