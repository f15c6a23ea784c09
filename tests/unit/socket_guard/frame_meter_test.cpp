#include "socket_guard/frame_meter.hpp"

#include <gtest/gtest.h>

#include "socket_guard/frames.hpp"

namespace genesys::socket_guard {
namespace {

constexpr uint64_t kMost = 1000;

/// The fault at the end of the octets, which come `step` at a time.
Fault faultOf(const Octets& octets, size_t step = SIZE_MAX) {
  FrameMeter meter(kMost);
  Fault fault = Fault::None;
  for (size_t at = 0; at < octets.size() && fault == Fault::None;
       at += std::min(step, octets.size()))
    fault = meter.read({octets.data() + at, std::min(step, octets.size() - at)});
  return fault;
}

TEST(FrameMeter, CountsMessagesHoweverTheOctetsCome) {
  const Octets stream = frame(kText, 5) + frame(kBegin, 300) + frame(kPing, 4) + frame(kMore, 0) +
                        frame(kLast, 700) + frame(kText, 0) + frame(kText, 1000);
  for (const size_t step : {1, 2, 3, 7, 130, 5000}) {
    FrameMeter meter(kMost);
    for (size_t at = 0; at < stream.size(); at += step)
      ASSERT_EQ(meter.read({stream.data() + at, std::min(step, stream.size() - at)}), Fault::None)
          << step;
    EXPECT_EQ(meter.messages(), 4U);
    EXPECT_EQ(meter.frames(), 7U);
    EXPECT_FALSE(meter.unfinished());
  }
}

TEST(FrameMeter, AMessageMayBeAsLongAsAllowedAndNoLonger) {
  EXPECT_EQ(faultOf(frame(kText, 1000)), Fault::None);
  EXPECT_EQ(faultOf(frame(kText, 1001)), Fault::TooLong);
  EXPECT_EQ(faultOf(frame(kBegin, 600) + frame(kLast, 400)), Fault::None);
  EXPECT_EQ(faultOf(frame(kBegin, 600) + frame(kPing, 100) + frame(kMore, 400) + frame(kLast, 1)),
            Fault::TooLong);
}

TEST(FrameMeter, TheHeaderAloneTellsOfAMessageThatWillBeTooLong) {
  EXPECT_EQ(faultOf(frameHeader(kText, 1001)), Fault::TooLong);
  EXPECT_EQ(faultOf(frameHeader(kText, 1ULL << 40), 1), Fault::TooLong);
  EXPECT_EQ(faultOf(frameHeader(kText, UINT64_MAX)), Fault::TooLong);
  EXPECT_EQ(faultOf(frame(kBegin, 10) + frameHeader(kLast, UINT64_MAX - 5)), Fault::TooLong);
}

TEST(FrameMeter, TheNextMessageBeginsFromNothing) {
  EXPECT_EQ(
      faultOf(frame(kText, 1000) + frame(kBegin, 900) + frame(kLast, 100) + frame(kText, 1000)),
      Fault::None);
}

TEST(FrameMeter, WhatTheRfcForbidsIsMalformed) {
  EXPECT_EQ(faultOf({0x81, 0x05}), Fault::Malformed) << "no mask";
  EXPECT_EQ(faultOf(frame(0xc1, 5)), Fault::Malformed) << "compressed, which was never agreed on";
  EXPECT_EQ(faultOf(frame(0x82, 5)), Fault::Malformed) << "binary";
  EXPECT_EQ(faultOf(frame(0x83, 5)), Fault::Malformed) << "a reserved opcode";
  EXPECT_EQ(faultOf(frame(0x8b, 5)), Fault::Malformed) << "a reserved control opcode";
  EXPECT_EQ(faultOf(frame(kLast, 5)), Fault::Malformed) << "continues nothing";
  EXPECT_EQ(faultOf(frame(kBegin, 5) + frame(kText, 5)), Fault::Malformed)
      << "a message in a message";
  EXPECT_EQ(faultOf(frame(0x09, 5)), Fault::Malformed) << "a control frame in fragments";
  EXPECT_EQ(faultOf(frame(kPing, 126)), Fault::Malformed) << "a control frame too long";
}

TEST(FrameMeter, KnowsWhenSomethingIsUnfinished) {
  FrameMeter meter(kMost);
  const auto after = [&](const Octets& octets) {
    EXPECT_EQ(meter.read(octets), Fault::None);
    return meter.unfinished();
  };
  EXPECT_FALSE(after({}));
  EXPECT_TRUE(after({0x01}));
  EXPECT_TRUE(after({0x82, 1, 2, 3, 4, 'a'}));
  EXPECT_TRUE(after({'b'})) << "more fragments are to come";
  EXPECT_TRUE(after(frame(kPing, 0)));
  EXPECT_FALSE(after(frame(kLast, 0)));
  EXPECT_EQ(meter.messages(), 1U);
}

}  // namespace
}  // namespace genesys::socket_guard
