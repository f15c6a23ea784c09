#include "media/arrival_order.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "captured.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;

class ArrivalOrderTest : public testing::Test {
 protected:
  /// Which packets are to be used after `sequence` came in.
  std::string put(uint16_t sequence, uint32_t ssrc = 1) {
    const std::array<uint8_t, 1> payload{static_cast<uint8_t>(sequence)};
    const bool asItIs = order.arrived({{false, 0, sequence, sequence * 160U, ssrc}, payload}, now);
    std::string out = asItIs ? std::to_string(sequence) : "";
    return out + drain();
  }
  std::string drain() {
    std::string out;
    while (const auto* item = order.next(now)) out += " " + std::to_string(item->header.sequence);
    return out;
  }
  /// The first two that are out of order; then the window stands.
  void disorder() {
    for (const uint16_t sequence : {1, 3, 2, 4}) put(sequence);
  }
  MonoTime now = test::startOfTime();
  ArrivalOrder order;
};

TEST_F(ArrivalOrderTest, ALossDelaysNothing) {
  for (const uint16_t sequence : {65533, 65535, 2, 3, 9}) {
    EXPECT_EQ(put(sequence), std::to_string(sequence));
    EXPECT_EQ(order.due(), MonoTime::max());
  }
}

TEST_F(ArrivalOrderTest, ADuplicateIsNoDisorder) {
  for (const uint16_t sequence : {1, 2, 2, 1, 3, 5})
    EXPECT_EQ(put(sequence), std::to_string(sequence));
}

TEST_F(ArrivalOrderTest, FromTheFirstOvertakenPacketOnTheyArePutInOrder) {
  EXPECT_EQ(put(1), "1");
  EXPECT_EQ(put(3), "3");
  EXPECT_EQ(put(2), "2");  // too late for this one: whoever receives it counts it
  EXPECT_EQ(put(4), " 4");
  EXPECT_EQ(put(6), "");
  EXPECT_EQ(order.due(), now + ReorderWindow::kLongestWait);
  EXPECT_EQ(put(5), " 5 6");
}

TEST_F(ArrivalOrderTest, WhatDoesNotComeIsGivenUp) {
  disorder();
  EXPECT_EQ(put(6), "");
  now += ReorderWindow::kLongestWait;
  EXPECT_EQ(drain(), " 6");
  EXPECT_EQ(put(5), "5");
}

TEST_F(ArrivalOrderTest, TheWindowGoesWhenOrderHasHeld) {
  disorder();
  now += ArrivalOrder::kStands;
  EXPECT_EQ(put(5), "5");
  EXPECT_EQ(put(7), "7");
}

TEST_F(ArrivalOrderTest, WhatWaitsIsNotOvertakenWhenTheWindowGoes) {
  disorder();
  now += ArrivalOrder::kStands - 1ms;
  EXPECT_EQ(put(6), "");
  now += 1ms;
  EXPECT_EQ(put(7), " 6 7");
  EXPECT_EQ(put(8), "8");
}

TEST_F(ArrivalOrderTest, AnotherStreamBeginsWithoutIt) {
  disorder();
  EXPECT_EQ(put(6), "");
  EXPECT_EQ(put(100, 2), "100");
  EXPECT_EQ(put(102, 2), "102");
  EXPECT_EQ(order.due(), MonoTime::max());
}

TEST_F(ArrivalOrderTest, AWildJumpIsNoDisorder) {
  for (const uint16_t sequence : {1000, 2, 3, 60000, 60001})
    EXPECT_EQ(put(sequence), std::to_string(sequence));
  EXPECT_EQ(put(60003), "60003");
}

}  // namespace
}  // namespace genesys::media
