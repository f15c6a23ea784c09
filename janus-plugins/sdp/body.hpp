// Finds the session description in the body of a SIP message, which may be multipart (RFC 2046
// section 5.1); sofia-sip never takes multipart apart for us. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "util/result.hpp"

namespace genesys::sdp {

inline constexpr size_t kMaxBodyOctets = 64 * 1024;
inline constexpr size_t kMaxBodyParts = 16;

struct BodyError {
  enum class Kind {
    NotSdp,     ///< a good body with no application/sdp in it; 415 for an offer
    Malformed,  ///< 400
  };
  Kind kind = Kind::Malformed;
  std::string reason;
};

/// The part of `body` that is application/sdp: all of it, or the first such part of a
/// multipart/mixed, -alternative or -related (RFC 5621 section 3). Parts within parts are not
/// looked into; an encoded part is Malformed. The view points into `body`.
Result<std::string_view, BodyError> sessionDescriptionIn(std::string_view contentType,
                                                         std::string_view body);

}  // namespace genesys::sdp
