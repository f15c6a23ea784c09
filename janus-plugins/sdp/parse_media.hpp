// The parts of the reader that concern one m= section. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sdp/session_description.hpp"

namespace genesys::sdp {

/// Why a line is refused; none if it is good.
using Problem = std::optional<std::string>;

/// nettype, addrtype and address of o=, c= and a=rtcp. An address that media is sent to must be a
/// unicast IP literal.
Problem readAddress(std::string_view rest, bool mustBeLiteral, std::string& address);

/// Takes `media.rawFormats` apart into `media.formats` if its protocol is RTP.
Problem readFormats(Media& media);

/// One a= line of the section, but for its direction; unknown names are skipped.
Problem readMediaAttribute(Media& media, std::string_view name, std::string_view value);

}  // namespace genesys::sdp
