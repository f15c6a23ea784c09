#include "media/source_filter.hpp"

#include <gtest/gtest.h>

namespace genesys::media {
namespace {

const SocketAddress kNegotiated = *SocketAddress::from("192.0.2.1", 40000);
const SocketAddress kBehindNat = *SocketAddress::from("198.51.100.9", 1024);
const SocketAddress kStranger = *SocketAddress::from("203.0.113.5", 40000);

TEST(SourceFilter, HearsTheNegotiatedAddressAndPortOnly) {
  SourceFilter filter(false);
  EXPECT_FALSE(filter.mayBe(kNegotiated));
  EXPECT_TRUE(filter.negotiate(kNegotiated));
  EXPECT_FALSE(filter.negotiate(kNegotiated));
  EXPECT_TRUE(filter.mayBe(kNegotiated));
  EXPECT_FALSE(filter.mayBe(kStranger));
  EXPECT_FALSE(filter.mayBe(*SocketAddress::from("192.0.2.1", 40002)));
  EXPECT_EQ(filter.destination(), kNegotiated);
  filter.negotiate(std::nullopt);
  EXPECT_FALSE(filter.mayBe(kNegotiated));
}

TEST(SourceFilter, LearnsTheFirstWhoSpeaksWhereConfigured) {
  SourceFilter filter(true);
  filter.negotiate(kNegotiated);
  EXPECT_TRUE(filter.mayBe(kBehindNat));
  EXPECT_EQ(filter.destination(), kNegotiated);
  filter.heard(kBehindNat);
  EXPECT_EQ(filter.destination(), kBehindNat);
  EXPECT_FALSE(filter.mayBe(kStranger));
  for (int i = 0; i < 20; ++i) filter.heard(kBehindNat);
  EXPECT_FALSE(filter.mayBe(kNegotiated));
  EXPECT_TRUE(filter.mayBe(kBehindNat));
}

TEST(SourceFilter, TheNegotiatedAddressWinsAmongTheFirst) {
  SourceFilter filter(true);
  filter.negotiate(kNegotiated);
  filter.heard(kStranger);
  ASSERT_TRUE(filter.mayBe(kNegotiated));
  filter.heard(kNegotiated);
  EXPECT_EQ(filter.destination(), kNegotiated);
  EXPECT_FALSE(filter.mayBe(kStranger));
}

TEST(SourceFilter, LearnsAgainWhenTheMediaMove) {
  SourceFilter filter(true);
  filter.negotiate(kNegotiated);
  for (int i = 0; i < 20; ++i) filter.heard(kNegotiated);
  EXPECT_FALSE(filter.mayBe(kBehindNat));
  filter.negotiate(kStranger);
  EXPECT_TRUE(filter.mayBe(kBehindNat));
}

}  // namespace
}  // namespace genesys::media
