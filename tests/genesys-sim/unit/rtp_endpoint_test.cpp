// Two RTP endpoints on loopback talk to each other: sound, digits, counters, as the network has it.
#include "media/rtp_endpoint.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>

namespace genesys::sim {
namespace {

class RtpEndpointTest : public testing::Test {
 protected:
  std::unique_ptr<RtpEndpoint> endpoint(const std::string& play, uint64_t seed) {
    auto ports = pool_.take();
    EXPECT_TRUE(ports) << ports.error();
    auto made = std::make_unique<RtpEndpoint>(loop_, std::move(ports).value(), seed);
    made->play(sources_.make(play).value());
    made->answered(MonoClock::now());
    return made;
  }
  static RemoteMedia towards(const RtpEndpoint& other, const Codec& codec) {
    RemoteMedia remote;
    remote.rtp = makePeer("127.0.0.1", other.port(), TransportKind::Udp).value();
    remote.codec = &codec;
    remote.payloadType = codec.payloadType;
    remote.eventPayloadType = 101;
    return remote;
  }
  /// Runs the loop until `condition`; fails after 5 s.
  void runUntil(const std::function<bool()>& condition) {
    const MonoTime deadline = MonoClock::now() + Seconds(5);
    Timer poll(loop_, [&] {
      if (condition() || MonoClock::now() > deadline) return loop_.stop();
      poll.start(Millis(5));
    });
    poll.start(Millis(0));
    loop_.run();
    EXPECT_TRUE(condition());
  }

  EventLoop loop_;
  SourceFactory sources_;
  PortPool pool_{makePeer("127.0.0.1", 0, TransportKind::Udp)->ip, 41000, 41999};
};

TEST_F(RtpEndpointTest, TheyHearEachOther) {
  const auto a = endpoint("tone:440", 1);
  const auto b = endpoint("tone:880:-20", 2);
  a->connect(towards(*b, kPcmu));
  b->connect(towards(*a, kPcma));
  ASSERT_TRUE(a->sendDigits("12#"));
  runUntil([&] {
    return a->counters(MonoClock::now()).received.packets > 55 && b->digits().size() == 3;
  });
  const MediaCounters atA = a->counters(MonoClock::now());
  EXPECT_NEAR(*atA.frequency, 880, 2);
  EXPECT_NEAR(atA.level, -20, 1);
  EXPECT_EQ(atA.received.lost, 0u);
  EXPECT_LT(*atA.firstOut, 20);
  EXPECT_EQ(b->digits(), "12#");
  EXPECT_EQ(b->counters(MonoClock::now()).events, 33u);
}

TEST_F(RtpEndpointTest, EchoComesBack) {
  const auto caller = endpoint("tone:600", 1);
  const auto echo = endpoint("echo", 2);
  caller->connect(towards(*echo, kPcmu));
  echo->connect(towards(*caller, kPcmu));
  runUntil([&] {
    const auto frequency = caller->counters(MonoClock::now()).frequency;
    return caller->counters(MonoClock::now()).received.packets > 60 && frequency &&
           std::abs(*frequency - 600) < 2;
  });
}

TEST_F(RtpEndpointTest, PacedAt20Milliseconds) {
  const auto a = endpoint("silence", 1);
  const auto b = endpoint("none", 2);
  const MonoTime begun = MonoClock::now();
  a->connect(towards(*b, kPcmu));
  runUntil([&] { return b->counters(MonoClock::now()).received.packets >= 50; });
  const auto took = std::chrono::duration_cast<Millis>(MonoClock::now() - begun).count();
  EXPECT_GE(took, 49 * 20 - 1);  // never ahead of the clock
  EXPECT_EQ(b->counters(MonoClock::now()).sentPackets, 0u);
}

TEST_F(RtpEndpointTest, MovesAndStops) {
  const auto a = endpoint("tone:440", 1);
  const auto b = endpoint("none", 2);
  a->connect(towards(*b, kPcmu));
  runUntil([&] { return b->counters(MonoClock::now()).received.packets >= 5; });
  const uint16_t before = a->port();
  auto ports = pool_.take();
  ASSERT_TRUE(ports);
  a->move(std::move(ports).value());
  EXPECT_NE(a->port(), before);
  runUntil([&] { return b->counters(MonoClock::now()).received.ssrcChanges == 1; });
  RemoteMedia held = towards(*b, kPcmu);
  held.send = false;
  a->connect(held);
  const uint64_t sent = a->counters(MonoClock::now()).sentPackets;
  runUntil([&] { return b->counters(MonoClock::now()).lastPacketAgo > 100; });
  EXPECT_EQ(a->counters(MonoClock::now()).sentPackets, sent);
  a->close();
  b->close();
  EXPECT_EQ(pool_.used(), 0u);
}

TEST_F(RtpEndpointTest, RecordsWhatItHears) {
  const std::string path =
      std::filesystem::temp_directory_path() / ("genesys-sim-" + std::to_string(getpid()) + ".wav");
  const auto a = endpoint("tone:440", 1);
  const auto b = endpoint("none", 2);
  auto recorder = Recorder::create(path);
  ASSERT_TRUE(recorder) << recorder.error();
  b->record(std::move(recorder).value());
  a->connect(towards(*b, kPcmu));
  runUntil([&] { return b->counters(MonoClock::now()).received.packets >= 25; });
  b->close();
  const auto samples = readWav(path);
  std::remove(path.c_str());
  ASSERT_TRUE(samples) << samples.error();
  EXPECT_GE(samples->size(), 25u * kFrameSamples);
  EXPECT_GT(*std::max_element(samples->begin(), samples->end()), 10000);
}

TEST_F(RtpEndpointTest, PortsRunOut) {
  PortPool two(makePeer("127.0.0.1", 0, TransportKind::Udp)->ip, 42001, 42006);
  auto first = two.take();
  auto second = two.take();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->port(), 42002);
  EXPECT_EQ(second->port(), 42004);
  const auto third = two.take();
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error(), "no free RTP port");
}

}  // namespace
}  // namespace genesys::sim
