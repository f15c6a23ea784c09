#include "socket_guard/address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace genesys::socket_guard {
namespace {

TEST(Address, IsReadWithItsPort) {
  const auto v4 = parseAddress("192.0.2.1:8189");
  ASSERT_TRUE(v4);
  const auto* in = reinterpret_cast<const sockaddr_in*>(v4->raw());
  EXPECT_EQ(in->sin_family, AF_INET);
  EXPECT_EQ(ntohs(in->sin_port), 8189);
  EXPECT_EQ(ntohl(in->sin_addr.s_addr), 0xc0000201);
  const auto v6 = parseAddress("[::1]:80");
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->storage.ss_family, AF_INET6);
}

TEST(Address, NothingElseIsOne) {
  for (const char* text :
       {"", ":", "8189", "127.0.0.1", "127.0.0.1:", ":8189", "127.0.0.1:x", "127.0.0.1:-1",
        "127.0.0.1:65536", "localhost:8189", "1.2.3.4.5:80", "127.0.0.1:80 "})
    EXPECT_FALSE(parseAddress(text)) << text;
}

}  // namespace
}  // namespace genesys::socket_guard
