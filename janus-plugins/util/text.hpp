// Small questions about strings that come from outside.
#pragma once

#include <string>
#include <string_view>

namespace genesys {

/// True if `text` holds a C0 control (0x00-0x1f) or DEL: never allowed in what reaches SIP.
bool hasControls(std::string_view text);

/// `text` with every control character written as \xNN, for logs.
std::string escapeControls(std::string_view text);

/// ASCII letters compared without case, as SIP, SDP and JSON header names want it.
bool equalsIgnoreCase(std::string_view a, std::string_view b);
bool startsWithIgnoreCase(std::string_view text, std::string_view prefix);

/// Without blanks and tabs at both ends.
std::string_view trim(std::string_view text);

}  // namespace genesys
