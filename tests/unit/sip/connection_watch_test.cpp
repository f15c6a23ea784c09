#include "sip/connection_watch.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "support/virtual_scheduler.hpp"
#include "util/unique_fd.hpp"

namespace genesys::sip {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const ServerTarget kServer{"192.0.2.81", 5060};
const ServerTarget kBackup{"192.0.2.82", 5060};

StackSocket connection(ino_t inode, const ServerTarget& peer) {
  return {-1, inode, true, 40000, peer};
}

class ConnectionWatchTest : public testing::Test {
 protected:
  genesys::test::VirtualScheduler scheduler;
  std::vector<StackSocket> sockets;
  std::vector<std::string> lost;
  ConnectionWatch watch{scheduler,
                        {"192.0.2.10", 5060, Seconds(9)},
                        [this](const ServerTarget& server) { lost.push_back(server.address); },
                        [this](const std::string&) { return sockets; }};
};

TEST_F(ConnectionWatchTest, TellsOfAConnectionThatIsGone) {
  watch.setServers({kServer, kBackup});
  sockets = {connection(1, kServer), connection(2, kBackup)};
  scheduler.advance(Seconds(1));
  EXPECT_THAT(lost, IsEmpty());
  sockets = {connection(2, kBackup)};
  scheduler.advance(Seconds(1));
  EXPECT_THAT(lost, ElementsAre("192.0.2.81"));
  scheduler.advance(Seconds(5));
  EXPECT_EQ(lost.size(), 1U);
}

TEST_F(ConnectionWatchTest, AnotherConnectionInItsPlaceIsALossAllTheSame) {
  watch.setServers({kServer});
  sockets = {connection(1, kServer)};
  scheduler.advance(Seconds(1));
  sockets = {connection(3, kServer)};
  scheduler.advance(Seconds(1));
  EXPECT_THAT(lost, ElementsAre("192.0.2.81"));
}

TEST_F(ConnectionWatchTest, OneThatCameAndWentBetweenTwoLooksIsALossToo) {
  watch.setServers({kServer, kBackup});
  sockets = {connection(2, kBackup)};
  watch.answered(kServer);
  watch.answered(kServer);
  watch.answered(kBackup);
  scheduler.advance(Seconds(1));
  EXPECT_THAT(lost, ElementsAre("192.0.2.81"));
  scheduler.advance(Seconds(5));
  EXPECT_EQ(lost.size(), 1U);
}

TEST_F(ConnectionWatchTest, WhatIsNoConnectionToAServerIsNotWatched) {
  watch.setServers({kServer});
  StackSocket datagram = connection(4, kServer);
  datagram.stream = false;
  sockets = {datagram, connection(5, {"192.0.2.81", 41000}), connection(6, kBackup)};
  scheduler.advance(Seconds(1));
  sockets.clear();
  scheduler.advance(Seconds(1));
  EXPECT_THAT(lost, IsEmpty());
}

int option(int fd, int name) {
  int value = 0;
  socklen_t length = sizeof value;
  getsockopt(fd, IPPROTO_TCP, name, &value, &length);
  return value;
}

TEST(ConnectionWatch, HasTheKernelAskBothKindsOfConnections) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* name = reinterpret_cast<sockaddr*>(&address);
  const UniqueFd listener(socket(AF_INET, SOCK_STREAM, 0));
  ASSERT_EQ(bind(listener.get(), name, length), 0);
  ASSERT_EQ(listen(listener.get(), 2), 0);
  ASSERT_EQ(getsockname(listener.get(), name, &length), 0);
  const uint16_t port = ntohs(address.sin_port);
  const UniqueFd ours(socket(AF_INET, SOCK_STREAM, 0));
  ASSERT_EQ(connect(ours.get(), name, length), 0);

  genesys::test::VirtualScheduler scheduler;
  ConnectionWatch watch(scheduler, {"127.0.0.1", port, Seconds(9)}, [](const ServerTarget&) {});
  watch.setServers({{"127.0.0.1", port}});
  scheduler.advance(Seconds(1));
  const UniqueFd later(socket(AF_INET, SOCK_STREAM, 0));
  ASSERT_EQ(connect(later.get(), name, length), 0);
  const UniqueFd first(accept(listener.get(), nullptr, nullptr));
  const UniqueFd accepted(accept(listener.get(), nullptr, nullptr));
  for (const int fd : {ours.get(), accepted.get()}) {
    EXPECT_EQ(option(fd, TCP_KEEPIDLE), 9);
    EXPECT_EQ(option(fd, TCP_KEEPINTVL), 3);
    EXPECT_EQ(option(fd, TCP_USER_TIMEOUT), 18000);
  }
}

}  // namespace
}  // namespace genesys::sip
