#include "util/socket_address.hpp"

#include <gtest/gtest.h>

namespace genesys {
namespace {

TEST(SocketAddress, ReadsLiteralsOnly) {
  EXPECT_EQ(SocketAddress::from("192.0.2.1", 40000)->text(), "192.0.2.1:40000");
  EXPECT_EQ(SocketAddress::from("2001:DB8::1", 5)->text(), "[2001:db8::1]:5");
  for (const char* wrong : {"", "localhost", "[::1]", "192.0.2", "192.0.2.1:5", "::1%lo", "1"})
    EXPECT_FALSE(SocketAddress::from(wrong, 1)) << wrong;
}

TEST(SocketAddress, Compares) {
  const auto a = *SocketAddress::from("192.0.2.1", 1);
  auto b = *SocketAddress::from("192.0.2.1", 2);
  EXPECT_FALSE(a == b);
  EXPECT_TRUE(a.sameHost(b));
  b.setPort(1);
  EXPECT_TRUE(a == b);
  EXPECT_FALSE(a == *SocketAddress::from("192.0.2.2", 1));
  const auto six = *SocketAddress::from("2001:db8::1", 1);
  EXPECT_TRUE(six == *SocketAddress::from("2001:db8:0::1", 1));
  EXPECT_FALSE(six == *SocketAddress::from("2001:db8::2", 1));
  EXPECT_FALSE(six == a);
}

TEST(SocketAddress, KnowsNowhere) {
  EXPECT_TRUE(SocketAddress::from("0.0.0.0", 9)->isAny());
  EXPECT_TRUE(SocketAddress::from("::", 9)->isAny());
  EXPECT_FALSE(SocketAddress::from("127.0.0.1", 9)->isAny());
}

}  // namespace
}  // namespace genesys
