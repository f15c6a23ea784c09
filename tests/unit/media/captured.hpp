// What a sending half put out, parsed, with the virtual time it came at.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "media/rtp_packet.hpp"
#include "media/voice_sink.hpp"

namespace genesys::media::test {

struct Sent {
  RtpHeader header;
  std::vector<uint8_t> payload;
  MonoTime at{};
};

/// Virtual time zero: any point will do.
inline MonoTime startOfTime() {
  return MonoTime(std::chrono::hours(10));
}

class Captured : public RtpOutput {
 public:
  void sendRtp(std::span<const uint8_t> datagram) override {
    const auto packet = parseRtp(datagram);
    ASSERT_TRUE(packet);
    packets.push_back({packet->header, {packet->payload.begin(), packet->payload.end()}, now});
  }

  MonoTime now = startOfTime();  ///< set by the test
  std::vector<Sent> packets;
};

}  // namespace genesys::media::test
