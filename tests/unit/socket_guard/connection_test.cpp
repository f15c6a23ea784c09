#include "socket_guard/connection.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <string>

#include "socket_guard/frames.hpp"

namespace genesys::socket_guard {
namespace {

const std::string kHead = "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";

struct Pair {
  Pair() {
    std::array<int, 2> fds{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0);
    ours.reset(fds[0]);
    theirs.reset(fds[1]);
  }
  UniqueFd ours, theirs;
};

class GuardedConnection : public testing::Test {
 protected:
  GuardedConnection() {
    limits_.maxMessage = 100000;
    connection_.emplace(std::move(browser_.theirs), std::move(janus_.theirs), limits_, now_);
  }

  static void send(const UniqueFd& fd, const std::string& text) {
    ASSERT_EQ(::send(fd.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }
  static std::string received(const UniqueFd& fd) {
    std::string all(300000, 0);
    const ssize_t got = ::recv(fd.get(), all.data(), all.size(), 0);
    all.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return all;
  }
  static std::string text(const Octets& octets) { return {octets.begin(), octets.end()}; }
  /// Both heads have gone through.
  void open() {
    send(browser_.ours, kHead);
    send(janus_.ours, "HTTP/1.1 101 \r\n\r\n");
    ASSERT_FALSE(connection_->work(now_));
    ASSERT_EQ(received(janus_.ours), kHead);
    ASSERT_EQ(received(browser_.ours), "HTTP/1.1 101 \r\n\r\n");
  }
  End work() { return connection_->work(now_); }

  Pair browser_, janus_;
  Limits limits_;
  MonoTime now_{std::chrono::hours(1)};
  std::optional<Connection> connection_;
};

TEST_F(GuardedConnection, PassesOctetsAsTheyAre) {
  open();
  const std::string sent = text(frame(kBegin, 300) + frame(kLast, 7));
  send(browser_.ours, sent);
  EXPECT_FALSE(work());
  EXPECT_EQ(received(janus_.ours), sent);
  send(janus_.ours, "\x81\x02{}");
  EXPECT_FALSE(work());
  EXPECT_EQ(received(browser_.ours), "\x81\x02{}");
}

TEST_F(GuardedConnection, FramesMayFollowTheHeadAtOnce) {
  send(browser_.ours, kHead + text(frame(kText, 5)));
  EXPECT_FALSE(work());
  EXPECT_EQ(received(janus_.ours).size(), kHead.size() + 11);
  send(browser_.ours, text(frame(0x82, 5)));
  EXPECT_EQ(work(), "the frames are not those of RFC 6455");
}

TEST_F(GuardedConnection, NothingOfAMessageThatIsTooLongGoesOn) {
  open();
  send(browser_.ours, text(frameHeader(kText, 100001)) + "xxxx");
  EXPECT_EQ(work(), "a message is too long");
  EXPECT_EQ(received(janus_.ours), "");
}

TEST_F(GuardedConnection, AHeadHasAnEnd) {
  send(browser_.ours, std::string(16000, 'h'));
  EXPECT_FALSE(work());
  send(browser_.ours, std::string(16000, 'h'));
  EXPECT_EQ(work(), "the HTTP head is too long");
}

TEST_F(GuardedConnection, AMessageThatDripsIsOverdueWhateverPingsComeBetween) {
  open();
  send(browser_.ours, text(frame(kBegin, 1)));
  EXPECT_FALSE(work());
  for (int second = 0; second < 10; ++second) {
    now_ += Seconds(1);
    send(browser_.ours, text(frame(kMore, 1) + frame(kPing, 0)));
    EXPECT_FALSE(work());
    EXPECT_FALSE(connection_->overdue(now_)) << second;
  }
  now_ += Millis(1);
  EXPECT_EQ(connection_->overdue(now_), "a message is not finished in time");
}

TEST_F(GuardedConnection, OneMessageAfterTheOtherIsNeverOverdue) {
  open();
  std::string rest;  // each reading ends in the midst of a message
  for (int second = 0; second < 60; ++second) {
    const std::string whole = text(frame(kText, 50));
    send(browser_.ours, rest + whole.substr(0, 20));
    rest = whole.substr(20);
    EXPECT_FALSE(work());
    now_ += Seconds(5);
    EXPECT_FALSE(connection_->overdue(now_));
  }
}

TEST_F(GuardedConnection, TooManyFramesHaveToWait) {
  open();
  Octets many;
  for (int i = 0; i < 250; ++i) many = many + frame(kPing, 0);
  send(browser_.ours, text(many));
  EXPECT_FALSE(work());
  EXPECT_TRUE(connection_->paused(now_));
  EXPECT_FALSE(connection_->browserInterest(now_) & EPOLLIN);
  now_ += Seconds(1);  // 50 more than the burst of 200, at 50 a second
  EXPECT_FALSE(connection_->paused(now_));
  EXPECT_TRUE(connection_->browserInterest(now_) & EPOLLIN);
}

TEST_F(GuardedConnection, ABrowserThatTakesNothingStopsJanusAndIsGivenUp) {
  open();
  const std::string event(16000, 'e');
  int rounds = 0;
  while (connection_->janusInterest() & EPOLLIN && ++rounds < 1000) {
    if (::send(janus_.ours.get(), event.data(), event.size(), 0) < 0) break;
    EXPECT_FALSE(work());
  }
  ASSERT_FALSE(connection_->janusInterest() & EPOLLIN) << "backpressure";
  EXPECT_TRUE(connection_->browserInterest(now_) & EPOLLOUT);
  now_ += limits_.backlogTime;
  EXPECT_FALSE(connection_->overdue(now_));
  now_ += Millis(1);
  EXPECT_EQ(connection_->overdue(now_), "the browser takes nothing");
  while (!received(browser_.ours).empty()) EXPECT_FALSE(work());
  EXPECT_FALSE(connection_->overdue(now_)) << "it has taken all of it";
}

TEST_F(GuardedConnection, JanusHasToAnswer) {
  send(browser_.ours, kHead);
  EXPECT_FALSE(work());
  now_ += limits_.handshakeTime;
  EXPECT_FALSE(connection_->overdue(now_));
  now_ += Millis(1);
  EXPECT_EQ(connection_->overdue(now_), "Janus does not answer");
}

TEST_F(GuardedConnection, WhatJanusSaysLastGetsThrough) {
  open();
  send(janus_.ours, "last");
  janus_.ours.reset();
  EXPECT_FALSE(work());
  EXPECT_FALSE(work());
  EXPECT_EQ(received(browser_.ours), "last");
  browser_.ours.reset();
  EXPECT_EQ(work(), "");
}

TEST_F(GuardedConnection, ASideThatDoesNotCloseIsNotWaitedForLong) {
  open();
  janus_.ours.reset();
  EXPECT_FALSE(work());
  now_ += Seconds(6);
  EXPECT_EQ(connection_->overdue(now_), "");
}

}  // namespace
}  // namespace genesys::socket_guard
