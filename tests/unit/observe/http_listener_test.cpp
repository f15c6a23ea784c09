#include "observe/http_listener.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

#include "http_client.hpp"

namespace genesys::observe {
namespace {

using test::answerTo;
using test::request;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class HttpListenerTest : public testing::Test {
 protected:
  HttpListenerTest() {
    auto opened = HttpListener::open("127.0.0.1", 0, [this](const HttpRequest& asked) {
      seen.push_back(asked);
      if (asked.path == "/throws") throw std::runtime_error("broken");
      if (asked.path == "/empty") return HttpAnswer{204, "", "", {{"X-Why", "nothing"}}};
      return HttpAnswer{200, "text/plain", "of " + asked.path, {}};
    });
    EXPECT_TRUE(opened);
    listener = std::move(opened).value();
  }
  std::vector<HttpRequest> seen;  ///< by the listener's thread, read after the answer
  std::unique_ptr<HttpListener> listener;
};

TEST_F(HttpListenerTest, AnswersWithStatusTypeHeadersAndBody) {
  const std::string answer = request(listener->port(), "GET /a?b=c");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain\r\n"));
  EXPECT_THAT(answer, HasSubstr("Cache-Control: no-store\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nof /a"));
  const std::string empty = request(listener->port(), "GET /empty");
  EXPECT_THAT(empty, StartsWith("HTTP/1.1 204 "));
  EXPECT_THAT(empty, HasSubstr("X-Why: nothing\r\n"));
  EXPECT_THAT(empty, EndsWith("\r\n\r\n"));
}

TEST_F(HttpListenerTest, HandsTheAuthorizationOn) {
  request(listener->port(), "GET /a", "authorization: Bearer x.y.z\r\n");
  request(listener->port(), "GET /b");
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].authorization, "Bearer x.y.z");
  EXPECT_EQ(seen[1].authorization, "");
}

TEST_F(HttpListenerTest, TakesATokenOfFullLength) {
  const std::string token(8192, 'x');
  EXPECT_THAT(request(listener->port(), "GET /a", "Authorization: Bearer " + token + "\r\n"),
              StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(seen.back().authorization, EndsWith(token));
}

TEST_F(HttpListenerTest, HeadHasNoBody) {
  EXPECT_THAT(request(listener->port(), "HEAD /a"),
              AllOf(StartsWith("HTTP/1.1 200 "), EndsWith("\r\n\r\n")));
}

TEST_F(HttpListenerTest, OtherMethodsAreRefusedUnread) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE"})
    EXPECT_THAT(request(listener->port(), std::string(method) + " /a"),
                AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET, HEAD\r\n")))
        << method;
  EXPECT_THAT(seen, IsEmpty());
}

TEST_F(HttpListenerTest, ABodyIsCutOff) {
  const std::string head = "GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n";
  EXPECT_THAT(answerTo(listener->port(), head + "body"), Not(HasSubstr("200")));
  EXPECT_THAT(seen, IsEmpty());
}

TEST_F(HttpListenerTest, HeadersWithoutEndAreCutOff) {
  EXPECT_THAT(request(listener->port(), "GET /a", "X: " + std::string(100'000, 'x') + "\r\n"),
              Not(HasSubstr("200")));
  EXPECT_THAT(seen, IsEmpty());
}

TEST_F(HttpListenerTest, AnExceptionIsAnAnswer) {
  EXPECT_THAT(request(listener->port(), "GET /throws"),
              AllOf(StartsWith("HTTP/1.1 500 "), Not(HasSubstr("broken"))));
  EXPECT_THAT(request(listener->port(), "GET /a"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(HttpListenerTest, SaysWhyItCannotListen) {
  const auto taken = HttpListener::open("127.0.0.1", listener->port(), {});
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error(), HasSubstr("cannot listen on 127.0.0.1 port"));
  EXPECT_THAT(taken.error(), HasSubstr("Address already in use"));
  const auto name = HttpListener::open("localhost", 0, {});
  ASSERT_FALSE(name);
  EXPECT_THAT(name.error(), HasSubstr("'localhost' is no address"));
}

TEST_F(HttpListenerTest, ListensOnIpv6) {
  auto six = HttpListener::open("::1", 0, {});
  ASSERT_TRUE(six) << six.error();
  EXPECT_NE(six.value()->port(), 0);
}

TEST_F(HttpListenerTest, IsGoneAfterItsEnd) {
  const uint16_t port = listener->port();
  listener.reset();
  EXPECT_EQ(request(port, "GET /a"), "");
}

}  // namespace
}  // namespace genesys::observe
