// RTP packets on their way, each with the virtual time at which it is somewhere.
#pragma once

#include <cstdint>
#include <vector>

#include "impaired_link.hpp"

namespace genesys::quality {

struct TimedPacket {
  MonoTime at{};
  std::vector<uint8_t> datagram;  ///< RTP, header included
};
using TimedPackets = std::vector<TimedPacket>;

/// What comes out of `link` for the next packet put in: nothing, the packet, or two of it.
void carry(ImpairedLink& link, const TimedPacket& packet, TimedPackets& arrivals);
/// All of `sent`, in the order of arrival.
TimedPackets carryAll(ImpairedLink& link, const TimedPackets& sent);
void sortByTime(TimedPackets& packets);

}  // namespace genesys::quality
