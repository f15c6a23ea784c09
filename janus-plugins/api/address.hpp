// What a page may write where a DN or a number to dial is meant. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace genesys::api {

/// The user of "5551234", "sip:5551234" or "sip:5551234@host;anything"; the host is dropped, since
/// where calls go is configuration. "sips:" and, without visual separators (RFC 3966
/// section 5.1.1), "tel:" are understood, too. Not checked for its characters.
struct Address {
  std::string user;
  bool hostDropped = false;
};
Address splitAddress(std::string_view text);

/// 1-32 characters of [A-Za-z0-9+*#._-]: what the configuration calls a DN.
bool isDn(std::string_view user);

/// 1-64 characters of alphanum, mark and "+*#$&" of RFC 3261 section 25.1; nothing that could end
/// the user part or carry parameters, headers or escapes (; ? @ % : / , =).
bool isDialable(std::string_view user);

}  // namespace genesys::api
