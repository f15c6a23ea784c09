// The four media directions taken apart into their two halves (RFC 3264 section 6.1). Pure values,
// any thread.
#pragma once

#include <string_view>

#include "sdp/session_description.hpp"

namespace genesys::sdp {

constexpr bool sends(Direction d) {
  return d == Direction::SendRecv || d == Direction::SendOnly;
}
constexpr bool receives(Direction d) {
  return d == Direction::SendRecv || d == Direction::RecvOnly;
}

constexpr Direction makeDirection(bool send, bool receive) {
  if (send) return receive ? Direction::SendRecv : Direction::SendOnly;
  return receive ? Direction::RecvOnly : Direction::Inactive;
}

/// The direction `theirs` as the other side sees it, cut down to what `ours` allows.
constexpr Direction mirrored(Direction theirs, Direction ours) {
  return makeDirection(receives(theirs) && sends(ours), sends(theirs) && receives(ours));
}

/// As a=sendrecv and so on writes it.
constexpr std::string_view nameOf(Direction d) {
  switch (d) {
    case Direction::SendOnly:
      return "sendonly";
    case Direction::RecvOnly:
      return "recvonly";
    case Direction::Inactive:
      return "inactive";
    case Direction::SendRecv:
      break;
  }
  return "sendrecv";
}

}  // namespace genesys::sdp
