#include "observe/hep.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>

#include "util/log.hpp"

namespace genesys::observe {
namespace {

using std::chrono::microseconds;
using testing::ElementsAre;
using testing::HasSubstr;

/// A datagram written out in hex, chunk by chunk.
std::string octets(std::initializer_list<const char*> chunks) {
  std::string all;
  for (std::string hex : chunks) {
    std::erase(hex, ' ');
    for (size_t i = 0; i < hex.size(); i += 2)
      all += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return all;
}

HepMessage message() {
  return {.from = {"192.0.2.81", 5060},
          .to = {"192.0.2.10", 5080},
          .at = std::chrono::system_clock::time_point(microseconds(1'700'000'000'000'123)),
          .text = "OPTIONS"};
}

// Octet by octet what the protocol's text says.
TEST(Hep, WritesTheGenericChunks) {
  EXPECT_EQ(hepDatagram(message(), {2001, "key"}),
            octets({"48455033 0073",            // HEP3, 115 octets in all
                    "0000 0001 0007 02",        // IPv4
                    "0000 0002 0007 11",        // UDP
                    "0000 0003 000a c0000251",  // from
                    "0000 0004 000a c000020a",  // to
                    "0000 0007 0008 13c4",      // port
                    "0000 0008 0008 13d8",      //
                    "0000 0009 000a 6553f100",  // seconds
                    "0000 000a 000a 0000007b",  // microseconds
                    "0000 000b 0007 01",        // SIP
                    "0000 000c 000a 000007d1",  // capture id
                    "0000 000e 0009 6b6579",    // key
                    "0000 000f 000d 4f5054494f4e53"}));
}

TEST(Hep, KnowsIpv6AndConnections) {
  HepMessage sent = message();
  sent.from.address = "2001:db8::1";
  sent.to.address = "2001:db8::2";
  sent.connection = true;
  const std::string datagram = hepDatagram(sent, {1, ""});
  EXPECT_THAT(datagram, HasSubstr(octets({"0000 0001 0007 0a", "0000 0002 0007 06",
                                          "0000 0005 0016 20010db8000000000000000000000001",
                                          "0000 0006 0016 20010db8000000000000000000000002"})));
}

TEST(Hep, RefusesWhatItCannotSay) {
  HepMessage mixed = message();
  mixed.to.address = "2001:db8::2";
  EXPECT_EQ(hepDatagram(mixed, {}), "");
  HepMessage nowhere = message();
  nowhere.from.address = "sip.example.com";
  EXPECT_EQ(hepDatagram(nowhere, {}), "");
  HepMessage longest = message();
  const std::string text(65'308, 'x');
  longest.text = std::string_view(text).substr(1);
  EXPECT_EQ(hepDatagram(longest, {}).size(), 65'307U + 99);
  longest.text = text;
  EXPECT_EQ(hepDatagram(longest, {}), "");
}

TEST(Hep, SendsAndSaysOnceThatItCannot) {
  std::vector<std::string> logged;
  setLogSink([&logged](LogLevel, const std::string& line) { logged.push_back(line); });
  const UniqueFd server(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(bind(server.get(), raw, length), 0);
  ASSERT_EQ(getsockname(server.get(), raw, &length), 0);
  auto sender = HepSender::open("127.0.0.1", ntohs(address.sin_port), {2001, ""});
  ASSERT_TRUE(sender);
  sender->send(message());
  pollfd ready{server.get(), POLLIN, 0};
  ASSERT_EQ(poll(&ready, 1, 5000), 1);
  std::array<char, 2048> datagram{};
  const ssize_t got = recv(server.get(), datagram.data(), datagram.size(), 0);
  EXPECT_EQ(std::string(datagram.data(), static_cast<size_t>(got)),
            hepDatagram(message(), {2001, ""}));
  EXPECT_THAT(logged, ElementsAre());

  auto refused = HepSender::open("127.0.0.1", 9, {2001, ""});  // nobody listens: ICMP
  ASSERT_TRUE(refused);
  for (int i = 0; i < 4; ++i) refused->send(message());
  EXPECT_THAT(logged, ElementsAre(HasSubstr("refused")));
  EXPECT_FALSE(HepSender::open("homer", 9060, {}));
  setLogSink({});
}

}  // namespace
}  // namespace genesys::observe
