#include "sip/reason.hpp"

#include <gtest/gtest.h>

namespace genesys::sip {
namespace {

TEST(Reason, IsReadWithItsParameters) {
  const auto reason = parseReason("SIP;cause=403;text=\"Forbidden\"");
  ASSERT_TRUE(reason);
  EXPECT_EQ(reason->protocol, "SIP");
  EXPECT_EQ(reason->cause, 403);
  EXPECT_EQ(reason->text, "Forbidden");
}

TEST(Reason, PrefersSipAndHeedsQuotes) {
  const auto reason = parseReason(R"(Q.850;cause=16;text="a;b, \"c\"" , SIP ; cause = 486)");
  ASSERT_TRUE(reason);
  EXPECT_EQ(reason->protocol, "SIP");
  EXPECT_EQ(reason->cause, 486);
  const auto other = parseReason(R"(Q.850;cause=16;text="a;b, \"c\"")");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->text, "a;b, \"c\"");
}

TEST(Reason, SurvivesGarbage) {
  EXPECT_FALSE(parseReason(""));
  EXPECT_FALSE(parseReason("  , "));
  EXPECT_EQ(parseReason("SIP;cause=abc;;=;text")->cause, 0);
  EXPECT_EQ(parseReason("SIP;text=\"open")->text, "\"open");
  EXPECT_EQ(parseReason("SIP;cause=99999999999")->cause, 0);
}

TEST(Reason, IsExplainedToTheAgent) {
  EXPECT_EQ(explainFailure({"SIP", 403, "Forbidden"}, "sip:5551234@192.0.2.81:5060"),
            "403 Forbidden from 5551234");
  EXPECT_EQ(explainFailure({"SIP", 486, ""}, "sip:5551234@192.0.2.81"),
            "486 Busy Here from 5551234");
}

}  // namespace
}  // namespace genesys::sip
