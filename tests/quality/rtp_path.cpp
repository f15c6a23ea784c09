#include "rtp_path.hpp"

#include <algorithm>

namespace genesys::quality {

void carry(ImpairedLink& link, const TimedPacket& packet, TimedPackets& arrivals) {
  const auto at = link.pass(packet.at);
  if (at.first) arrivals.push_back({*at.first, packet.datagram});
  if (at.second) arrivals.push_back({*at.second, packet.datagram});
}

TimedPackets carryAll(ImpairedLink& link, const TimedPackets& sent) {
  TimedPackets arrivals;
  for (const TimedPacket& packet : sent) carry(link, packet, arrivals);
  sortByTime(arrivals);
  return arrivals;
}

void sortByTime(TimedPackets& packets) {
  std::ranges::stable_sort(packets, {}, &TimedPacket::at);
}

}  // namespace genesys::quality
