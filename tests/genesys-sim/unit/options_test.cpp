#include "options.hpp"

#include <gtest/gtest.h>

#include "control/call_request.hpp"

namespace genesys::sim {
namespace {

const std::vector<std::string> kLeast{"--listen", "127.0.0.1:5060", "--dn", "7000-7002"};

Result<Options> withMore(std::vector<std::string> more) {
  std::vector<std::string> arguments = kLeast;
  arguments.insert(arguments.end(), more.begin(), more.end());
  return parseOptions(arguments);
}

TEST(Options, ReadsRangesPasswordsAndDefaults) {
  const auto options = withMore({"--dn", "0098-0101=secret", "--transport", "both"});
  ASSERT_TRUE(options) << options.error();
  ASSERT_EQ(options->dns.size(), 7u);
  EXPECT_EQ(options->dns[0].name, "7000");
  EXPECT_EQ(options->dns[3].name, "0098");
  EXPECT_EQ(options->dns[6].name, "0101");
  EXPECT_EQ(options->dns[6].password, "secret");
  EXPECT_EQ(options->server.mediaIp, "127.0.0.1");
  EXPECT_TRUE(options->server.transport.tcp && options->server.transport.udp);
  EXPECT_EQ(options->httpPort, 8085);
  EXPECT_EQ(options->server.mediaServerIp, "127.0.0.1");
  EXPECT_EQ(options->server.music, "");
}

TEST(Options, MediaServerAndItsMusic) {
  const auto options = withMore({"--media-server", "127.0.0.2", "--music", "tone:520:-10"});
  ASSERT_TRUE(options) << options.error();
  EXPECT_EQ(options->server.mediaServerIp, "127.0.0.2");
  EXPECT_EQ(options->server.mediaIp, "127.0.0.1");
  EXPECT_EQ(options->server.music, "tone:520:-10");
}

TEST(Options, NamesTheOptionAtFault) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"--speed", "1"}, "unknown option '--speed'"},
      {{"--realm"}, "--realm: a value is missing"},
      {{"--listen", "host:5060"}, "--listen: 'host' is not an IPv4 address"},
      {{"--listen", "127.0.0.1"}, "--listen: '127.0.0.1' is not IP:PORT"},
      {{"--listen", "0.0.0.0:5060"},
       "--listen: 0.0.0.0 cannot be written into SIP, name one address"},
      {{"--http", "10.0.0.1:80"},
       "--http: '10.0.0.1:80' is no loopback address: anyone could make calls"},
      {{"--dn", "7099-7000"}, "--dn: '7099-7000' is not a range LOW-HIGH of at most 20000 DNs"},
      {{"--transport", "tls"}, "--transport: 'tls' is none of udp, tcp, both"},
      {{"--rtp-ports", "1-2"}, "--rtp-ports: '1-2' is not a range of ports from 1024 to 65535"},
      {{"--media-server", "host"}, "--media-server: 'host' is not an IPv4 address"},
      {{"--music", "tone:1"},
       "--music: play: tone frequency in Hz: '1' is not a number from 20 to 3900"},
      {{"--min-expires", "x"}, "--min-expires: 'x' is not a whole number from 0 to 86400"},
      {{"--authenticate", "bye"}, "--authenticate: 'bye' is none of register, invite, none"}};
  for (const auto& [arguments, reason] : wrong) {
    const auto options = withMore(arguments);
    ASSERT_FALSE(options) << reason;
    EXPECT_EQ(options.error(), reason);
  }
  EXPECT_EQ(parseOptions({"--dn", "1"}).error(), "--listen is missing");
}

TEST(CallRequest, ReadsEveryField) {
  const auto options = parseCallRequest(
      R"({"to":"7001","from":"+49555","play":"tone:440","record":null,"codec":"PCMA, PCMU",
          "headers":{"X-A":"1"},"offerless":true,"desktop_answer":true,"talk_delay_ms":5,
          "ack_sdp":"blackhole","ack_delay_ms":7,"reinvite_after_ack":true,"reinvite_delay_ms":12,
          "ring_timeout_ms":1000,"offer":"reference","replaces":"c1"})");
  ASSERT_TRUE(options) << options.error();
  EXPECT_EQ(options->from, "+49555");
  EXPECT_EQ(options->media.codecs[0], &kPcma);
  EXPECT_EQ(options->headers[0].name, "X-A");
  EXPECT_TRUE(options->offerless && options->desktopAnswer && options->reinviteAfterAck);
  EXPECT_EQ(options->ackDelay.count(), 7);
  EXPECT_TRUE(options->media.reference);
  EXPECT_EQ(options->replaces, "c1");
}

TEST(CallRequest, NamesTheFieldAtFault) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"[]", "body: not a JSON object"},
      {"{", "body: not JSON"},
      {R"({})", "to: '' cannot be the user of a SIP URI"},
      {R"({"to":7001})", "to: not a string"},
      {R"({"to":"7001@evil"})", "to: '7001@evil' cannot be"},
      {R"({"to":"7001","from":"a\r\nb"})", "from: control characters"},
      {R"({"to":"7001","codec":"G729"})", "codec: only PCMU and PCMA"},
      {R"({"to":"7001","headers":{"X A":"1"}})", "headers: 'X A' is no header"},
      {R"({"to":"7001","headers":{"X-A":"1\r\nVia: x"}})", "headers: 'X-A' is no header"},
      {R"({"to":"7001","headers":[1]})", "headers: not an object"},
      {R"({"to":"7001","ack_sdp":"x"})", "ack_sdp: 'x' is none of answer, blackhole, echo"},
      {R"({"to":"7001","offerless":1})", "offerless: not true or false"},
      {R"({"to":"7001","ack_delay_ms":-1})", "ack_delay_ms: not a whole number from 0 to"},
      {R"({"to":"7001","colour":"red"})", "colour: unknown field"}};
  for (const auto& [body, reason] : wrong) {
    const auto options = parseCallRequest(body);
    ASSERT_FALSE(options) << body;
    EXPECT_EQ(options.error().rfind(reason, 0), 0u) << options.error();
  }
}

TEST(Faults, AreStatusesOrSilence) {
  const auto faults = parseFaults(R"({"register":503,"invite":"silent","count":2,"stale":3})");
  ASSERT_TRUE(faults) << faults.error();
  EXPECT_EQ(faults->statuses.at("REGISTER"), 503);
  EXPECT_EQ(faults->statuses.at("INVITE"), 0);
  EXPECT_EQ(faults->count, 2);
  EXPECT_EQ(faults->stale, 3u);
  EXPECT_FALSE(parseFaults(R"({"register":200})"));
  EXPECT_FALSE(parseFaults(R"({"publish":503})"));
}

}  // namespace
}  // namespace genesys::sim
