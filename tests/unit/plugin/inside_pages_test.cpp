#include "plugin/inside_pages.hpp"

#include "plugin/gateway_fixture.hpp"

namespace genesys::plugin {
namespace {

using observe::HttpAnswer;
using test::GatewayFixture;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class InsidePagesTest : public GatewayFixture {
 protected:
  HttpAnswer get(const std::string& path, const std::string& authorization = "") {
    return insidePage(*gateway, {path, authorization}, settings::SignIn::Time{},
                      std::chrono::milliseconds(2));
  }
  void byToken() {
    config.signIn.mode = settings::SignInConfig::Mode::Token;
    config.signIn.algorithm = "HS256";
    config.signIn.key = std::string(32, 'k');
    config.signIn.audience = "janus-genesys";
    reopen();
  }
};

TEST_F(InsidePagesTest, HealthCountsWhatIsThere) {
  const Page page = signInWithAudio();
  talk(page);
  const HttpAnswer answer = get("/health");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.type, "application/json");
  EXPECT_EQ(answer.body,
            "{\"status\":\"in service\",\"reason\":\"\",\"dns\":2,\"registered\":1,\"calls\":1}\n");
}

TEST_F(InsidePagesTest, HealthIsBadOnceSipServerIsSilentTwice) {
  gateway->registerWent(0, 0);
  EXPECT_EQ(get("/health").status, 200U);
  gateway->registerWent(0, 0);
  const HttpAnswer answer = get("/health");
  EXPECT_EQ(answer.status, 503U);
  EXPECT_THAT(answer.body, HasSubstr("\"reason\":\"no SIP Server answers\""));
  gateway->registerWent(0, 200);
  EXPECT_EQ(get("/health").status, 200U);
}

TEST_F(InsidePagesTest, HealthIsBadWhileTheGatewayDrains) {
  gateway->drain().begin();
  const HttpAnswer answer = get("/health");
  EXPECT_EQ(answer.status, 503U);
  EXPECT_THAT(answer.body, HasSubstr("\"reason\":\"draining\""));
  EXPECT_THAT(get("/metrics").body, HasSubstr("\njanus_genesys_draining 1\n"));
  gateway->drain().end();
  EXPECT_EQ(get("/health").status, 200U);
  EXPECT_THAT(get("/metrics").body, HasSubstr("\njanus_genesys_draining 0\n"));
}

TEST_F(InsidePagesTest, OneOfTwoSitesWillDo) {
  config.secondSite = settings::SiteServers{};
  config.secondSite->host = "192.0.2.82";
  reopen();
  for (int i = 0; i < 2; ++i) gateway->registerWent(0, 0);
  EXPECT_EQ(get("/health").status, 200U);
  for (int i = 0; i < 2; ++i) gateway->registerWent(1, 503);
  EXPECT_EQ(get("/health").status, 503U);
}

TEST_F(InsidePagesTest, WherePasswordsRuleThereIsNoTokenToCheck) {
  EXPECT_EQ(get("/token-check").status, 204U);
  EXPECT_EQ(get("/token-check", "Bearer nonsense").status, 204U);
}

TEST_F(InsidePagesTest, ARefusedTokenIsNotRepeated) {
  byToken();
  const HttpAnswer answer = get("/token-check", "Bearer eyJsecret.eyJsecret.c2VjcmV0");
  EXPECT_EQ(answer.status, 401U);
  EXPECT_THAT(answer.body, StartsWith("{\"error_code\":460,\"error_name\":\"bad_credential\""));
  EXPECT_THAT(answer.body, Not(HasSubstr("secret")));
  EXPECT_THAT(answer.headers, testing::ElementsAre(testing::Pair(
                                  "WWW-Authenticate", "Bearer error=\"invalid_token\"")));
}

TEST_F(InsidePagesTest, OnlyABearerTokenIsLookedAt) {
  byToken();
  for (const std::string& none : {std::string(), std::string("Bearer"), std::string("Bearer  "),
                                  std::string("Basic eDp5"), "Bearer " + std::string(8193, 'x')}) {
    const HttpAnswer answer = get("/token-check", none);
    EXPECT_EQ(answer.status, 401U) << none;
    EXPECT_THAT(answer.body, HasSubstr("no bearer token")) << none;
  }
  EXPECT_EQ(get("/token-check").headers.front().second, "Bearer");
}

TEST_F(InsidePagesTest, OtherPathsAreUnknown) {
  for (const char* path : {"/", "/healthz", "/token-check/", "//health"})
    EXPECT_EQ(get(path).status, 404U) << path;
}

}  // namespace
}  // namespace genesys::plugin
