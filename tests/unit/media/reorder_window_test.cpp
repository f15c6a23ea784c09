#include "media/reorder_window.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "captured.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;

class ReorderWindowTest : public testing::Test {
 protected:
  /// What comes out after `sequence` came in: "7 9(1)" is packet 7, then 9 with one given up.
  std::string put(uint16_t sequence) {
    const std::array<uint8_t, 1> payload{static_cast<uint8_t>(sequence)};
    accepted = window.insert({{false, 111, sequence, sequence * 960U, 1}, payload}, now);
    return drain();
  }
  std::string drain() {
    std::string out;
    while (const auto* item = window.next(now)) {
      EXPECT_EQ(item->payload()[0], static_cast<uint8_t>(item->header.sequence));
      if (!out.empty()) out += ' ';
      out += std::to_string(item->header.sequence);
      if (item->missing > 0) out += "(" + std::to_string(item->missing) + ")";
    }
    return out;
  }
  MonoTime now = test::startOfTime();
  ReorderWindow window;
  bool accepted = false;
};

TEST_F(ReorderWindowTest, DelaysNothingInOrder) {
  for (const uint16_t sequence : {65534, 65535, 0, 1, 2}) {
    EXPECT_EQ(put(sequence), std::to_string(sequence));
    EXPECT_EQ(window.due(), MonoTime::max());
  }
}

TEST_F(ReorderWindowTest, SwapsBackTwoPackets) {
  EXPECT_EQ(put(1), "1");
  EXPECT_EQ(put(3), "");
  EXPECT_EQ(window.due(), now + ReorderWindow::kLongestWait);
  EXPECT_EQ(put(2), "2 3");
}

TEST_F(ReorderWindowTest, GivesUpWhenASecondPacketWaits) {
  EXPECT_EQ(put(1), "1");
  EXPECT_EQ(put(3), "");
  EXPECT_EQ(put(4), "3(1) 4");
  EXPECT_EQ(put(2), "");
  EXPECT_FALSE(accepted);
}

TEST_F(ReorderWindowTest, GivesUpInTime) {
  EXPECT_EQ(put(1), "1");
  EXPECT_EQ(put(4), "");
  now += ReorderWindow::kLongestWait - 1ms;
  EXPECT_EQ(drain(), "");
  now += 1ms;
  EXPECT_EQ(drain(), "4(2)");
}

TEST_F(ReorderWindowTest, RefusesDuplicates) {
  EXPECT_EQ(put(1), "1");
  EXPECT_EQ(put(1), "");
  EXPECT_FALSE(accepted);
  EXPECT_EQ(put(3), "");
  EXPECT_EQ(put(3), "");
  EXPECT_FALSE(accepted);
  EXPECT_EQ(put(2), "2 3");
}

TEST_F(ReorderWindowTest, StartsAnewAfterAWildJump) {
  EXPECT_EQ(put(1), "1");
  EXPECT_EQ(put(3), "");
  EXPECT_EQ(put(30000), "30000");
  EXPECT_EQ(put(5), "5");
}

}  // namespace
}  // namespace genesys::media
