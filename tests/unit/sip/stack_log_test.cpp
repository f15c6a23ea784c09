#include "sip/stack_log.hpp"

#include <gmock/gmock.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <sofia-sip/su_log.h>

#include <string>
#include <vector>

#include "util/log.hpp"

namespace genesys::sip {
namespace {

TEST(StackLog, TellsWhatIsWrongWithACertificate) {
  StackLog log;
  EXPECT_EQ(log.tlsFault(), "");
  log.read("tls_post_connection_check(0x1): Peer Subject Mismatch (sip.example.com)\n");
  EXPECT_EQ(log.tlsFault(), "the certificate is not for sip.example.com");
  log.read("-Error with certificate at depth: 0\n");
  log.read("  issuer   = /CN=Another CA\n");
  log.read("  err 20:unable to get local issuer certificate\n");
  EXPECT_EQ(log.tlsFault(),
            "the certificate is not trusted: unable to get local issuer certificate");
  log.clear();
  EXPECT_EQ(log.tlsFault(), "");
  log.read("tport_base_connect(0x1): connect (pf=2 tls/192.0.2.1:5061): Connection refused\n");
  EXPECT_EQ(log.tlsFault(), "");
}

TEST(StackLog, TakesTheReasonOfAFailedHandshakeFromOpenSsl) {
  StackLog log;
  ERR_raise(ERR_LIB_X509, X509_R_KEY_VALUES_MISMATCH);
  log.read("tls_connect(0x1): TLS setup failed (error:00000001:lib(0)::reason(1))\n");
  EXPECT_EQ(log.tlsFault(), "no handshake: key values mismatch");
  log.clear();
  log.read("tls_connect(0x1): TLS setup failed (error:00000005:lib(0)::DH lib)\n");
  EXPECT_EQ(log.tlsFault(), "no handshake: the connection was closed");
}

TEST(StackLog, WhatTheStackSaysIsALineOfOurs) {
  std::vector<std::string> lines;
  setLogSink([&lines](LogLevel level, const std::string& line) {
    if (level == LogLevel::Debug) lines.push_back(line);
  });
  hearStack();
  su_log("nta_agent: received garbage from %s\n", "udp/192.0.2.1");
  su_log("\n");
  setLogSink({});
  EXPECT_THAT(lines,
              testing::ElementsAre("SIP stack: nta_agent: received garbage from udp/192.0.2.1"));
}

}  // namespace
}  // namespace genesys::sip
