#include "settings/sign_in.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "test_tokens.hpp"

namespace genesys::settings {
namespace {

using api::ErrorCode;
using std::chrono::seconds;
using std::chrono::system_clock;
using testing::HasSubstr;
using testing::Not;

constexpr long kEpoch = 1'700'000'000;  ///< "now" of every test, seconds since 1970
constexpr system_clock::time_point kNow{seconds(kEpoch)};
const std::string kSecret = "0123456789abcdef0123456789abcdef";

SignInConfig tokenMode(const std::string& algorithm, const std::string& key) {
  SignInConfig config;
  config.mode = SignInConfig::Mode::Token;
  config.algorithm = algorithm;
  config.key = key;
  config.audience = "janus-genesys";
  return config;
}

DnConfig dn(const std::string& number) {
  DnConfig config;
  config.number = number;
  return config;
}

std::string claims(const std::string& more = R"("dn":"7001")",
                   const std::string& aud = R"("janus-genesys")", long exp = kEpoch + 60) {
  return R"({"sub":"alice","aud":)" + aud + R"(,"exp":)" + std::to_string(exp) + "," + more + "}";
}

auto check(const SignInConfig& config, const std::string& token, const std::string& number = "7001",
           system_clock::time_point now = kNow) {
  api::Register request;
  request.token = token;
  return SignIn(config).check(request, dn(number), now);
}

/// Expects a refusal with `code`; its sentence has `part`, and no part of the token.
void expectRefused(const SignInConfig& config, const std::string& token, ErrorCode code,
                   const std::string& part, const std::string& number = "7001",
                   system_clock::time_point now = kNow) {
  const auto subject = check(config, token, number, now);
  ASSERT_FALSE(subject) << "taken, though: " << part;
  EXPECT_EQ(api::errorName(subject.error().code), std::string(api::errorName(code)));
  EXPECT_THAT(subject.error().message, HasSubstr(part));
  EXPECT_THAT(subject.error().message, Not(HasSubstr("alice")));
  EXPECT_THAT(subject.error().message, Not(HasSubstr("eyJ")));
}

class SignInHs256 : public testing::Test {
 protected:
  SignInConfig config_ = tokenMode("HS256", kSecret);

  std::string token(const std::string& payload) { return hs256Token(payload, kSecret); }
  void refused(const std::string& payload, ErrorCode code, const std::string& part) {
    expectRefused(config_, token(payload), code, part);
  }
};

TEST_F(SignInHs256, GoodTokenGivesSubjectAndExpiry) {
  const auto subject = check(config_, token(claims()));
  ASSERT_TRUE(subject) << subject.error().message;
  EXPECT_EQ(subject->name, "alice");
  EXPECT_EQ(subject->expires, system_clock::time_point(seconds(kEpoch + 60)));
}

TEST_F(SignInHs256, ATokenIsCheckedForNoDnInParticular) {
  const SignIn signIn(config_);
  EXPECT_TRUE(signIn.byToken());
  const std::string good = token(claims(R"("dn":"9999")"));
  const auto subject = signIn.checkToken(good, kNow);
  ASSERT_TRUE(subject) << subject.error().message;
  EXPECT_EQ(subject->name, "alice");
  EXPECT_EQ(signIn.checkToken(good, kNow + seconds(60)).error().code, ErrorCode::TokenExpired);
  for (const std::string& bad :
       {std::string("a.b.c"), std::string(), noneToken(claims()), good + "x",
        hs256Token(claims(), std::string(32, 'x')), token(claims(R"("dn":"7001")", R"("another")")),
        token(claims(R"("dn":"7001","nbf":)" + std::to_string(kEpoch + 1)))}) {
    const auto refused = signIn.checkToken(bad, kNow);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code, ErrorCode::BadCredential) << bad;
  }
}

TEST_F(SignInHs256, RolesAreThoseOfTheConfiguredClaim) {
  const std::string both = token(claims(R"("dn":"7001","roles":["agent","b"],"groups":"chief")"));
  EXPECT_THAT(check(config_, both)->roles, testing::ElementsAre("agent", "b"));
  config_.rolesClaim = "groups";
  EXPECT_THAT(check(config_, both)->roles, testing::ElementsAre("chief"));
  EXPECT_THAT(check(config_, token(claims()))->roles, testing::IsEmpty());
}

TEST_F(SignInHs256, ExpiryHasNoTolerance) {
  const std::string good = token(claims());
  EXPECT_TRUE(check(config_, good, "7001", kNow + seconds(60) - std::chrono::milliseconds(1)));
  expectRefused(config_, good, ErrorCode::TokenExpired, "the token has expired", "7001",
                kNow + seconds(60));
  refused(R"({"sub":"alice","aud":"janus-genesys","dn":"7001"})", ErrorCode::BadCredential,
          "'exp'");
  refused(R"({"sub":"alice","aud":"janus-genesys","dn":"7001","exp":"1800000000"})",
          ErrorCode::BadCredential, "'exp' must be a number");
}

TEST_F(SignInHs256, TokensOfTheFutureAreRefused) {
  const auto with = [&](const std::string& claim, long value) {
    return token(claims(R"("dn":"7001",")" + claim + "\":" + std::to_string(value)));
  };
  EXPECT_TRUE(check(config_, with("nbf", kEpoch)));
  expectRefused(config_, with("nbf", kEpoch + 1), ErrorCode::BadCredential, "'nbf'");
  EXPECT_TRUE(check(config_, with("iat", kEpoch + 60)));
  expectRefused(config_, with("iat", kEpoch + 61), ErrorCode::BadCredential, "'iat'");
}

TEST_F(SignInHs256, AudienceMustHoldTheConfiguredOne) {
  const std::string dn7001 = R"("dn":"7001")";
  EXPECT_TRUE(check(config_, token(claims(dn7001, R"(["other","janus-genesys"])"))));
  for (const char* aud : {R"("other")", R"(["other"])", "[]", R"("janus-genesys2")", R"("")"})
    refused(claims(dn7001, aud), ErrorCode::BadCredential, "another audience");
  refused(claims(dn7001, "1"), ErrorCode::BadCredential, "'aud' must be");
  refused(R"({"sub":"alice","exp":1800000000,"dn":"7001"})", ErrorCode::BadCredential, "audience");
}

TEST_F(SignInHs256, IssuerIsCheckedWhereConfigured) {
  const std::string good = token(claims(R"("dn":"7001","iss":"https://login")"));
  EXPECT_TRUE(check(config_, good));
  config_.issuer = "https://login";
  EXPECT_TRUE(check(config_, good));
  refused(claims(R"("dn":"7001","iss":"https://evil")"), ErrorCode::BadCredential, "'iss'");
  refused(claims(), ErrorCode::BadCredential, "'iss'");
}

TEST_F(SignInHs256, DnClaimIsADnARangeOrSeveral) {
  const auto allowed = [&](const std::string& claim, const std::string& number) {
    const auto subject = check(config_, token(claims("\"dn\":" + claim)), number);
    if (!subject) {
      EXPECT_EQ(subject.error().code, ErrorCode::DnNotAllowed) << subject.error().message;
    }
    return subject.ok();
  };
  EXPECT_TRUE(allowed(R"("7001")", "7001"));
  EXPECT_FALSE(allowed(R"("7001")", "7002"));
  EXPECT_FALSE(allowed(R"("7001")", "70012"));
  EXPECT_FALSE(allowed(R"("")", "7001"));
  EXPECT_FALSE(allowed("[]", "7001"));
  EXPECT_TRUE(allowed(R"(["6000","7001"])", "7001"));
  EXPECT_TRUE(allowed(R"("7000-7099")", "7000"));
  EXPECT_TRUE(allowed(R"("7000-7099")", "7099"));
  EXPECT_FALSE(allowed(R"("7000-7099")", "7100"));
  EXPECT_FALSE(allowed(R"("7000-7099")", "6999"));
  EXPECT_FALSE(allowed(R"("7000-7099")", "07001"));
  EXPECT_FALSE(allowed(R"("7000-7099")", "70001"));
  EXPECT_FALSE(allowed(R"("7000-7099")", "70a1"));
  EXPECT_TRUE(allowed(R"("0700-0799")", "0750"));
  EXPECT_FALSE(allowed(R"("0700-0799")", "750"));
  EXPECT_TRUE(allowed(R"("998-1001")", "1000"));
  EXPECT_TRUE(allowed(R"("998-1001")", "998"));
  EXPECT_FALSE(allowed(R"("998-1001")", "0999"));
  EXPECT_FALSE(allowed(R"("998-1001")", "1002"));
  EXPECT_FALSE(allowed(R"("7000-")", "7001"));
  EXPECT_FALSE(allowed(R"("-7099")", "7001"));
  EXPECT_FALSE(allowed(R"("*")", "7001"));
  refused(claims(R"("dn":7001)"), ErrorCode::BadCredential, "'dn' must be a string");
  refused(claims(R"("x":1)"), ErrorCode::DnNotAllowed, "does not name this DN");
  config_.dnClaim = "https://example.com/dns";
  EXPECT_TRUE(check(config_, token(claims(R"("https://example.com/dns":["7001"])"))));
}

TEST_F(SignInHs256, SubjectIsRequired) {
  refused(R"({"aud":"janus-genesys","exp":1800000000,"dn":"7001"})", ErrorCode::BadCredential,
          "'sub'");
}

TEST_F(SignInHs256, OtherKeyTamperedPayloadAndCutSignatureAreRefused) {
  expectRefused(config_, hs256Token(claims(), kSecret + "x"), ErrorCode::BadCredential,
                "signature");
  const std::string good = token(claims());
  const auto dot = good.rfind('.');
  const std::string signature = good.substr(dot);
  const std::string head = good.substr(0, good.find('.') + 1);
  expectRefused(config_, head + base64url(claims(R"("dn":"7002")")) + signature,
                ErrorCode::BadCredential, "signature", "7002");
  expectRefused(config_, good.substr(0, dot + 1), ErrorCode::BadCredential, "signature");
  expectRefused(config_, good.substr(0, good.size() - 4), ErrorCode::BadCredential, "signature");
  expectRefused(config_, good + "AAAA", ErrorCode::BadCredential, "signature");
  // Every octet of the token counts (but for the two bits that base64 leaves over at the end).
  for (size_t i = 0; i + 1 < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(check(config_, bad)) << "octet " << i;
  }
}

TEST_F(SignInHs256, AlgorithmIsPinned) {
  const std::string payload = claims();
  for (const char* none : {"none", "None", "NONE", ""})
    for (const char* signature : {"", "AAAA"}) {
      const std::string header = R"({"alg":")" + std::string(none) + R"(","typ":"JWT"})";
      const auto subject =
          check(config_, base64url(header) + "." + base64url(payload) + "." + signature);
      ASSERT_FALSE(subject) << none;
      EXPECT_EQ(subject.error().code, ErrorCode::BadCredential);
    }
  expectRefused(config_, noneToken(payload), ErrorCode::BadCredential, "another algorithm");
  expectRefused(config_, hmacToken(payload, kSecret, "HS512"), ErrorCode::BadCredential,
                "another algorithm");
  expectRefused(config_, hs256Token(payload, kSecret, R"({"alg":"HS256","crit":["exp"]})"),
                ErrorCode::BadCredential, "critical headers");
  EXPECT_TRUE(check(config_, hs256Token(payload, kSecret, R"({"alg":"HS256"})")));
}

TEST_F(SignInHs256, WhatIsNoTokenIsRefused) {
  for (const char* text : {"", ".", "..", "...", "a.b.c", "eyJ", "e30.e30.", "\xff\xfe", "{}"})
    expectRefused(config_, text, ErrorCode::BadCredential, "no JWT");
  expectRefused(config_, std::string(8192, 'A'), ErrorCode::BadCredential, "no JWT");
  expectRefused(config_, std::string(8192, '.'), ErrorCode::BadCredential, "no JWT");
}

TEST_F(SignInHs256, AKeylessConfigurationLetsNobodyIn) {
  config_.key.clear();
  expectRefused(config_, token(claims()), ErrorCode::BadCredential, "signature");
  expectRefused(config_, noneToken(claims()), ErrorCode::BadCredential, "another algorithm");
  config_.algorithm = "none";
  expectRefused(config_, noneToken(claims()), ErrorCode::BadCredential, "another algorithm");
}

TEST(SignInPublicKey, Rs256AndEs256TakeTheirOwnKeyOnly) {
  for (const auto& [algorithm, own, other] :
       {std::tuple{"RS256", rsaKey(2048), rsaKey(2048)}, std::tuple{"ES256", ecKey(), ecKey()}}) {
    const SignInConfig config = tokenMode(algorithm, own.publicPem);
    const std::string good = signedToken(claims(), algorithm, own);
    const auto subject = check(config, good);
    ASSERT_TRUE(subject) << algorithm << ": " << subject.error().message;
    EXPECT_EQ(subject->name, "alice");
    expectRefused(config, signedToken(claims(), algorithm, other), ErrorCode::BadCredential,
                  "signature");
    const auto dot = good.find('.');
    const std::string tampered = good.substr(0, dot + 1) + base64url(claims(R"("dn":"7002")")) +
                                 good.substr(good.rfind('.'));
    expectRefused(config, tampered, ErrorCode::BadCredential, "signature", "7002");
  }
}

TEST(SignInPublicKey, HmacWithThePublicKeyAsItsSecretIsRefused) {
  const KeyPair rsa = rsaKey(2048);
  const std::string forged = hs256Token(claims(), rsa.publicPem);
  expectRefused(tokenMode("RS256", rsa.publicPem), forged, ErrorCode::BadCredential,
                "another algorithm");
  const KeyPair ec = ecKey();
  expectRefused(tokenMode("ES256", ec.publicPem), hs256Token(claims(), ec.publicPem),
                ErrorCode::BadCredential, "another algorithm");
  expectRefused(tokenMode("ES256", ec.publicPem), signedToken(claims(), "RS256", rsa),
                ErrorCode::BadCredential, "another algorithm");
  expectRefused(tokenMode("RS256", rsa.publicPem), noneToken(claims()), ErrorCode::BadCredential,
                "another algorithm");
}

TEST(SignInKey, MustFitTheAlgorithm) {
  EXPECT_TRUE(checkKey("HS256", std::string(32, '\0')));
  EXPECT_THAT(checkKey("HS256", std::string(31, 'k')).error(), HasSubstr("less than 32 octets"));
  const KeyPair rsa = rsaKey(2048);
  const KeyPair ec = ecKey();
  EXPECT_THAT(checkKey("HS256", rsa.publicPem).error(), HasSubstr("wants a shared secret"));
  EXPECT_TRUE(checkKey("RS256", rsa.publicPem));
  EXPECT_TRUE(checkKey("ES256", ec.publicPem));
  EXPECT_THAT(checkKey("RS256", ec.publicPem).error(), HasSubstr("RSA key of 2048"));
  EXPECT_THAT(checkKey("RS256", rsaKey(1024).publicPem).error(), HasSubstr("RSA key of 2048"));
  EXPECT_THAT(checkKey("ES256", rsa.publicPem).error(), HasSubstr("P-256"));
  EXPECT_THAT(checkKey("ES256", ecKey("P-384").publicPem).error(), HasSubstr("P-256"));
  EXPECT_THAT(checkKey("RS256", rsa.privatePem).error(), HasSubstr("no PEM public key"));
  EXPECT_THAT(checkKey("RS256", "").error(), HasSubstr("no PEM public key"));
}

class SignInPassword : public testing::Test {
 protected:
  SignInPassword() {
    SignInConfig config;
    config.mode = SignInConfig::Mode::Password;
    signIn_ = std::make_unique<SignIn>(config);
    dn_ = dn("7001");
    dn_.agentPassword = "correct horse";
  }
  auto with(const std::string& secret) {
    api::Register request;
    request.secret = secret;
    return signIn_->check(request, dn_, kNow);
  }

  std::unique_ptr<SignIn> signIn_;
  DnConfig dn_;
};

TEST_F(SignInPassword, OwnPasswordMakesTheDnTheSubject) {
  const auto subject = with("correct horse");
  ASSERT_TRUE(subject);
  EXPECT_EQ(subject->name, "dn:7001");
  EXPECT_FALSE(subject->expires);
}

TEST_F(SignInPassword, AnyOtherIsRefusedWithoutSayingWhich) {
  for (const char* wrong : {"", "correct hors", "correct horse ", "Correct horse"}) {
    const auto subject = with(wrong);
    ASSERT_FALSE(subject) << wrong;
    EXPECT_EQ(subject.error().code, ErrorCode::BadCredential);
    EXPECT_EQ(subject.error().field, "secret");
    EXPECT_THAT(subject.error().message, Not(HasSubstr("orrect")));
  }
}

TEST_F(SignInPassword, DnWithoutAPasswordLetsNobodyIn) {
  dn_.agentPassword.clear();
  EXPECT_FALSE(with(""));
  EXPECT_FALSE(with("x"));
}

TEST_F(SignInPassword, CredentialOfTheOtherKindIsNamed) {
  api::Register byToken;
  byToken.token = hs256Token(claims(), kSecret);
  const auto refused = signIn_->check(byToken, dn_, kNow);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::BadCredential);
  EXPECT_THAT(refused.error().message, HasSubstr("sign-in is by 'secret' here"));
  api::Register bySecret;
  bySecret.secret = "correct horse";
  const auto refusedToo = SignIn(tokenMode("HS256", kSecret)).check(bySecret, dn_, kNow);
  ASSERT_FALSE(refusedToo);
  EXPECT_EQ(refusedToo.error().code, ErrorCode::BadCredential);
  EXPECT_THAT(refusedToo.error().message, HasSubstr("sign-in is by 'token' here"));
}

TEST(SignInDocument, ShowsTheSentencesThatAPageGets) {
  std::ifstream file(std::string(PROJECT_FOLDER) + "/docs/api.md");
  std::ostringstream text;
  text << file.rdbuf();
  const SignInConfig config = tokenMode("HS256", kSecret);
  const std::string good = hs256Token(claims(), kSecret);
  for (const auto& refused :
       {check(config, hs256Token(claims(), kSecret + "x")),
        check(config, good, "7001", kNow + seconds(99)), check(config, good, "7002")}) {
    ASSERT_FALSE(refused);
    const auto& error = refused.error();
    EXPECT_THAT(text.str(), HasSubstr("\"error_name\": \"" + std::string(errorName(error.code)) +
                                      "\", \"error\": \"" + error.message + "\", \"field\": \"" +
                                      error.field + "\"}"));
  }
}

}  // namespace
}  // namespace genesys::settings
