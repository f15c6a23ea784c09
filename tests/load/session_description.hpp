// What the load generator, as a browser, says and understands in JSEP: one audio line. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "util/result.hpp"
#include "voice.hpp"

namespace genesys::load {

struct Candidate {
  std::string foundation, address;
  uint32_t priority = 0;
  uint16_t port = 0;
};

struct IceCredentials {
  std::string user, password;
};

struct LocalDescription {
  IceCredentials ice;
  std::vector<Candidate> candidates;
  std::string fingerprint;  ///< SHA-256, as in a=fingerprint
  uint32_t ssrc = 0;        ///< by which Janus knows whose packets they are
};
std::string writeOffer(const LocalDescription& local, const Format& format);

struct RemoteDescription {
  IceCredentials ice;
  std::vector<Candidate> candidates;
  std::string fingerprint;
  bool active = false;  ///< the other side begins the DTLS handshake
};
/// The answer to an offer of ours; fails if it lacks what a connection needs, or the codec.
Result<RemoteDescription> readAnswer(std::string_view sdp, const Format& format);

/// The value of a=candidate; an empty address for one that is not UDP to an address of this host.
Candidate readCandidate(std::string_view value);

}  // namespace genesys::load
