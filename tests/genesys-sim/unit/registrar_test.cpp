#include "sip/registrar.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace genesys::sim {
namespace {

const Peer kPhone = makePeer("10.0.0.2", 5062, TransportKind::Udp).value();

struct RegisterLines {
  std::string dn = "7001";
  std::string contact = "Contact: <sip:7001@10.0.0.2:5062>\r\n";
  std::string expires = "Expires: 1800\r\n";
  std::string authorization = {};
};

SipMessage registerRequest(const RegisterLines& lines) {
  auto parsed = parseSip(fmt::format(
      "REGISTER sip:10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2:5062;branch=z9hG4bK1\r\n"
      "From: <sip:{0}@10.0.0.1>;tag=a\r\nTo: <sip:{0}@10.0.0.1>\r\nCall-ID: 1\r\n"
      "CSeq: 1 REGISTER\r\n{1}{2}{3}Content-Length: 0\r\n\r\n",
      lines.dn, lines.contact, lines.expires, lines.authorization));
  EXPECT_TRUE(parsed) << parsed.error();
  return std::move(parsed).value();
}

std::string headerOf(const ResponseParts& parts, const std::string& name) {
  for (const RawHeader& header : parts.headers)
    if (header.name == name) return header.value;
  return "(none)";
}

class RegistrarTest : public testing::Test {
 protected:
  RegistrarTest() {
    registrar_.provision("7001");
    registrar_.provision("7100", "secret");
  }
  ResponseParts ask(const RegisterLines& lines) {
    return registrar_.onRegister(registerRequest(lines), kPhone, now_);
  }
  /// The challenge answered the way RFC 2617 says, written out here.
  std::string credentials(const std::string& challenge, const std::string& password,
                          const std::string& user = "7100") {
    const auto parameter = [&](const std::string& name) {
      const size_t at = challenge.find(name + "=\"") + name.size() + 2;
      return challenge.substr(at, challenge.find('"', at) - at);
    };
    const std::string ha1 = md5Hex(user + ":" + parameter("realm") + ":" + password);
    const std::string ha2 = md5Hex("REGISTER:sip:10.0.0.1");
    const std::string response =
        md5Hex(ha1 + ":" + parameter("nonce") + ":00000001:abc:auth:" + ha2);
    return fmt::format(
        "Authorization: Digest username=\"{}\",realm=\"{}\",nonce=\"{}\",uri=\"sip:10.0.0.1\","
        "qop=auth,nc=00000001,cnonce=\"abc\",response=\"{}\",algorithm=MD5\r\n",
        user, parameter("realm"), parameter("nonce"), response);
  }

  Registrar::Settings settings_;
  Registrar registrar_{settings_, "seed"};
  MonoTime now_ = MonoTime(Seconds(1000));
};

TEST(Digest, AgreesWithTheExampleOfRfc2617) {
  EXPECT_EQ(digestResponse({{"realm", "testrealm@host.com"},
                            {"nonce", "dcd98b7102dd2f0e8b11d0f600bfb0c093"},
                            {"uri", "/dir/index.html"},
                            {"qop", "auth"},
                            {"nc", "00000001"},
                            {"cnonce", "0a4f113b"}},
                           "Mufasa", "Circle Of Life", "GET"),
            "6629fae49393a05397450978507c4ef1");
}

TEST_F(RegistrarTest, GrantsWhatIsAsked) {
  const auto answer = ask({});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(headerOf(answer, "Expires"), "1800");
  EXPECT_EQ(headerOf(answer, "Contact"), "<sip:7001@10.0.0.2:5062>;expires=1800");
  const auto binding = registrar_.find("7001", now_);
  ASSERT_TRUE(binding);
  EXPECT_EQ(binding->peer.text(), "udp:10.0.0.2:5062");
  EXPECT_EQ(binding->aor, "sip:7001@10.0.0.1");
}

TEST_F(RegistrarTest, ContactParameterGoesBeforeExpires) {
  const auto answer = ask({.contact = "Contact: <sip:7001@10.0.0.2:5062>;expires=90\r\n"});
  EXPECT_EQ(headerOf(answer, "Expires"), "90");
}

TEST_F(RegistrarTest, BindingLapses) {
  (void)ask({});
  EXPECT_TRUE(registrar_.find("7001", now_ + Seconds(1799)));
  EXPECT_FALSE(registrar_.find("7001", now_ + Seconds(1800)));
  EXPECT_TRUE(registrar_.bindings(now_ + Seconds(1800)).empty());
}

TEST_F(RegistrarTest, LastOneWins) {
  (void)ask({});
  (void)ask({.contact = "Contact: <sip:7001@10.0.0.3:5099;transport=tcp>\r\n"});
  EXPECT_EQ(registrar_.find("7001", now_)->peer.text(), "tcp:10.0.0.3:5099");
  EXPECT_EQ(registrar_.bindings(now_).size(), 1u);
}

TEST_F(RegistrarTest, UnregisteringRemovesTheBindingOfAnother) {
  (void)ask({.contact = "Contact: <sip:7001@10.0.0.3:5099>\r\n"});
  const auto answer = ask({.expires = "Expires: 0\r\n"});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(headerOf(answer, "Contact"), "<sip:7001@10.0.0.2:5062>;expires=0");
  EXPECT_FALSE(registrar_.find("7001", now_));
}

TEST_F(RegistrarTest, StarRemoves) {
  (void)ask({});
  EXPECT_EQ(ask({.contact = "Contact: *\r\n", .expires = "Expires: 0\r\n"}).status, 200);
  EXPECT_FALSE(registrar_.find("7001", now_));
}

TEST_F(RegistrarTest, FetchTellsTheContact) {
  (void)ask({});
  now_ += Seconds(100);
  const auto answer = ask({.contact = "", .expires = ""});
  EXPECT_EQ(headerOf(answer, "Contact"), "<sip:7001@10.0.0.2:5062>;expires=1700");
}

TEST_F(RegistrarTest, UnknownDnGets404ThatLooksLikeSuccess) {
  const auto answer = ask({.dn = "8001", .contact = "Contact: <sip:8001@10.0.0.2:5062>\r\n"});
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(headerOf(answer, "Expires"), "1800");
  EXPECT_EQ(headerOf(answer, "Contact"), "<sip:8001@10.0.0.2:5062>;expires=1800");
  EXPECT_FALSE(registrar_.find("8001", now_));
}

TEST_F(RegistrarTest, TheContactNamesTheDn) {
  EXPECT_EQ(ask({.contact = "Contact: <sip:someone@10.0.0.2:5062>\r\n"}).status, 404);
}

TEST_F(RegistrarTest, NameInTheContactIsRefused) {
  EXPECT_EQ(ask({.contact = "Contact: <sip:7001@phone.example>\r\n"}).status, 400);
}

TEST_F(RegistrarTest, DigestIsAskedOfADnWithPassword) {
  const RegisterLines plain{.dn = "7100", .contact = "Contact: <sip:7100@10.0.0.2:5062>\r\n"};
  const auto challenged = ask(plain);
  ASSERT_EQ(challenged.status, 401);
  const std::string challenge = headerOf(challenged, "WWW-Authenticate");
  RegisterLines signed_ = plain;
  signed_.authorization = credentials(challenge, "wrong");
  EXPECT_EQ(ask(signed_).status, 401);
  signed_.authorization = credentials(challenge, "secret", "7001");
  EXPECT_EQ(ask(signed_).status, 401);
  signed_.authorization = credentials(challenge, "secret");
  EXPECT_EQ(ask(signed_).status, 200);
  now_ += Seconds(301);
  const auto stale = ask(signed_);
  EXPECT_EQ(stale.status, 401);
  EXPECT_NE(headerOf(stale, "WWW-Authenticate").find("stale=true"), std::string::npos);
}

TEST_F(RegistrarTest, ForgedNonceIsStale) {
  const RegisterLines plain{.dn = "7100", .contact = "Contact: <sip:7100@10.0.0.2:5062>\r\n"};
  RegisterLines forged = plain;
  forged.authorization =
      credentials("Digest realm=\"genesys\",nonce=\"" + std::string(48, '0') + "\"", "secret");
  EXPECT_NE(headerOf(ask(forged), "WWW-Authenticate").find("stale=true"), std::string::npos);
}

TEST_F(RegistrarTest, StaleCanBeForcedOnce) {
  RegisterLines lines{.dn = "7100", .contact = "Contact: <sip:7100@10.0.0.2:5062>\r\n"};
  lines.authorization = credentials(headerOf(ask(lines), "WWW-Authenticate"), "secret");
  registrar_.makeStale(1);
  EXPECT_EQ(ask(lines).status, 401);
  EXPECT_EQ(ask(lines).status, 200);
}

TEST_F(RegistrarTest, TooBriefIsRefused) {
  settings_.minExpires = 60;
  Registrar strict(settings_, "seed");
  strict.provision("7001");
  const auto answer =
      strict.onRegister(registerRequest({.expires = "Expires: 59\r\n"}), kPhone, now_);
  EXPECT_EQ(answer.status, 423);
  EXPECT_EQ(headerOf(answer, "Min-Expires"), "60");
  EXPECT_EQ(strict.onRegister(registerRequest({.expires = "Expires: 0\r\n"}), kPhone, now_).status,
            200);
}

}  // namespace
}  // namespace genesys::sim
