#include "api/claims.hpp"

#include <gmock/gmock.h>

namespace genesys::api {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string faultOf(const std::string& payload) {
  const auto claims = parseClaims(payload, "dn", "roles");
  if (claims) return "none";
  EXPECT_EQ(claims.error().code, ErrorCode::BadCredential);
  EXPECT_EQ(claims.error().field, "token");
  return claims.error().message;
}

TEST(Claims, AreReadAsTheyStand) {
  const auto claims = parseClaims(
      R"({"sub":"alice","exp":1000.7,"nbf":10,"iat":20,"iss":"i","aud":["a","b"],"x":"7001","r":["agent","b"]})",
      "x", "r");
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->subject, "alice");
  EXPECT_EQ(claims->issuer, "i");
  EXPECT_EQ(claims->expires, sys_seconds(seconds(1000)));
  EXPECT_EQ(claims->notBefore, sys_seconds(seconds(10)));
  EXPECT_EQ(claims->issuedAt, sys_seconds(seconds(20)));
  EXPECT_THAT(claims->audience, ElementsAre("a", "b"));
  EXPECT_THAT(claims->dns, ElementsAre("7001"));
  EXPECT_THAT(claims->roles, ElementsAre("agent", "b"));
}

TEST(Claims, OptionalOnesMayBeMissing) {
  const auto claims = parseClaims(R"({"sub":"alice","exp":1})", "dn", "roles");
  ASSERT_TRUE(claims);
  EXPECT_FALSE(claims->notBefore);
  EXPECT_FALSE(claims->issuedAt);
  EXPECT_TRUE(claims->audience.empty());
  EXPECT_TRUE(claims->dns.empty());
  EXPECT_TRUE(claims->roles.empty());
}

TEST(Claims, WrongTypeIsNamedAndItsValueIsNot) {
  const std::string good = R"("sub":"alice","exp":1)";
  EXPECT_THAT(faultOf(R"({"exp":1})"), HasSubstr("'sub' is missing or empty"));
  EXPECT_THAT(faultOf(R"({"sub":"","exp":1})"), HasSubstr("'sub'"));
  EXPECT_THAT(faultOf(R"({"sub":7001,"exp":1})"), HasSubstr("'sub' must be a string"));
  EXPECT_THAT(faultOf(R"({"sub":"a\nb","exp":1})"), HasSubstr("'sub' holds a control"));
  EXPECT_THAT(faultOf(R"({"sub":")" + std::string(129, 'a') + R"(","exp":1})"),
              AllOf(HasSubstr("'sub' is longer"), Not(HasSubstr("aaa"))));
  EXPECT_THAT(faultOf(R"({"sub":"alice"})"), HasSubstr("'exp' is missing"));
  for (const char* bad : {"\"1\"", "null", "true", "[1]", "-1", "1e300"})
    EXPECT_THAT(faultOf(std::string(R"({"sub":"alice","exp":)") + bad + "}"),
                HasSubstr("'exp' must be a number of seconds"))
        << bad;
  EXPECT_THAT(faultOf("{" + good + R"(,"nbf":"soon"})"), HasSubstr("'nbf'"));
  EXPECT_THAT(faultOf("{" + good + R"(,"iat":{}})"), HasSubstr("'iat'"));
  EXPECT_THAT(faultOf("{" + good + R"(,"iss":1})"), HasSubstr("'iss'"));
  EXPECT_THAT(faultOf("{" + good + R"(,"aud":1})"), HasSubstr("'aud'"));
  EXPECT_THAT(faultOf("{" + good + R"(,"dn":["7001",7002]})"), HasSubstr("'dn'"));
  EXPECT_THAT(faultOf("{" + good + R"(,"dn":null})"), HasSubstr("'dn'"));
  EXPECT_THAT(faultOf("{" + good + R"(,"roles":{"a":1}})"), HasSubstr("'roles' must be a string"));
  EXPECT_THAT(faultOf("{" + good + R"(,"roles":["a",""]})"), HasSubstr("'roles' holds a role"));
  EXPECT_THAT(faultOf("{" + good + R"(,"roles":"a\nb"})"), HasSubstr("'roles' holds a role"));
  std::string many = "\"a\"";
  for (int i = 0; i < 64; ++i) many += ",\"a\"";
  EXPECT_THAT(faultOf("{" + good + ",\"roles\":[" + many + "]}"), HasSubstr("more than 64 roles"));
}

TEST(Claims, PayloadMustBeAnObject) {
  for (const char* payload : {"", "[]", "null", "{", "{\"sub\":\"a\",\"sub\":\"b\",\"exp\":1}"})
    EXPECT_THAT(faultOf(payload), HasSubstr("not a JSON object")) << payload;
}

}  // namespace
}  // namespace genesys::api
