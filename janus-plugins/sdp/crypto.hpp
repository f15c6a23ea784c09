// The a=crypto line: an SRTP master key in the session description (SDES, RFC 4568). Pure
// functions and values, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "media/srtp_suite.hpp"
#include "util/result.hpp"

namespace genesys::sdp {

/// Whether the audio of the SIP side is encrypted.
enum class SrtpPolicy {
  Off,        ///< never
  Optional,   ///< if the other side wants to
  Mandatory,  ///< always, or there is no call
};

/// One line that can be used.
struct Crypto {
  uint32_t tag = 1;    ///< what an answer refers to, 0-999999999
  media::SrtpKey key;  ///< what its writer encrypts with
};

/// Reads the value of a=crypto; the reason if the line cannot be used, which is no fault of the
/// description: the line is left out (section 5.1.2). The reason never has anything of the key.
/// Of the session parameters (section 6.3), KDR=0, WSH and unknown ones that begin with "-" may
/// stand there; those that take protection away, and FEC, make a line unusable.
Result<Crypto> parseCrypto(std::string_view value);

/// The value of an a=crypto line.
std::string toString(const Crypto& crypto);

}  // namespace genesys::sdp
