#include "media/rtp_socket.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <vector>

#include "udp_peer.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;
using test::UdpPeer;

class RtpSocketTest : public testing::Test {
 protected:
  static std::shared_ptr<PortPool> pool(uint16_t first, uint16_t last) {
    Random random = Random::fromSystem();
    return std::make_shared<PortPool>(first, last, 0ms, random);
  }
  const SocketAddress loopback = *SocketAddress::from("127.0.0.1", 0);
};

bool readable(int fd) {
  pollfd ready{fd, POLLIN, 0};
  return poll(&ready, 1, 5000) == 1;
}

TEST_F(RtpSocketTest, BindsAPairWithItsServiceClass) {
  auto opened = RtpSocketPair::open(loopback, pool(40000, 49999), 46);
  ASSERT_TRUE(opened) << opened.error();
  const RtpSocketPair pair = std::move(opened).value();
  EXPECT_EQ(pair.port() % 2, 0);
  int trafficClass = 0;
  socklen_t length = sizeof trafficClass;
  getsockopt(pair.rtpFd(), IPPROTO_IP, IP_TOS, &trafficClass, &length);
  EXPECT_EQ(trafficClass, 46 << 2);

  const UdpPeer peer;
  const std::vector<uint8_t> data{1, 2, 3};
  peer.send(data, pair.port());
  peer.send(data, static_cast<uint16_t>(pair.port() + 1));
  EXPECT_TRUE(readable(pair.rtpFd()));
  EXPECT_TRUE(readable(pair.rtcpFd()));
}

TEST_F(RtpSocketTest, ReadsABatchAndMarksWhatIsTooLong) {
  auto opened = RtpSocketPair::open(loopback, pool(40000, 49999), 0);
  ASSERT_TRUE(opened);
  const UdpPeer peer;
  peer.send(std::vector<uint8_t>(1500, 1), opened->port());
  peer.send(std::vector<uint8_t>(1600, 2), opened->port());
  peer.send(std::vector<uint8_t>{}, opened->port());
  ASSERT_TRUE(readable(opened->rtpFd()));
  auto batch = std::make_unique<DatagramBatch>();
  ASSERT_EQ(batch->receive(opened->rtpFd()), 3U);
  EXPECT_EQ(batch->data(0).size(), 1500U);
  EXPECT_EQ(batch->data(1).size(), 1501U);
  EXPECT_TRUE(batch->data(2).empty());
  EXPECT_EQ(batch->source(0).port(), peer.endpoint().port);
  EXPECT_EQ(batch->receive(opened->rtpFd()), 0U);
}

TEST_F(RtpSocketTest, SendsFromThePortOfTheDescription) {
  auto opened = RtpSocketPair::open(loopback, pool(40000, 49999), 0);
  ASSERT_TRUE(opened);
  const UdpPeer peer;
  const std::vector<uint8_t> data{4, 5, 6};
  EXPECT_TRUE(opened->sendRtp(data, *SocketAddress::from("127.0.0.1", peer.endpoint().port)));
  EXPECT_EQ(peer.receive(5000ms), data);
}

TEST_F(RtpSocketTest, SaysWhyThereIsNone) {
  const auto ports = pool(40000, 49999);
  auto first = RtpSocketPair::open(loopback, ports, 0);
  ASSERT_TRUE(first);
  // A pool of the one port that is taken: another process has it, as it were.
  const auto taken = pool(first->port(), static_cast<uint16_t>(first->port() + 1));
  const auto second = RtpSocketPair::open(loopback, taken, 0);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().find("no free RTP port"), std::string::npos);
  const auto nowhere = RtpSocketPair::open(*SocketAddress::from("192.0.2.1", 0), ports, 0);
  ASSERT_FALSE(nowhere);
  EXPECT_NE(nowhere.error().find("cannot bind"), std::string::npos);
}

TEST_F(RtpSocketTest, TakesTheNextPairWhenOneIsTaken) {
  auto first = RtpSocketPair::open(loopback, pool(40000, 49990), 0);
  ASSERT_TRUE(first);
  const auto both = pool(first->port(), static_cast<uint16_t>(first->port() + 9));
  const auto second = RtpSocketPair::open(loopback, both, 0);
  ASSERT_TRUE(second) << second.error();
  EXPECT_NE(second->port(), first->port());
}

}  // namespace
}  // namespace genesys::media
