#include "api/address.hpp"

#include <gtest/gtest.h>

namespace genesys::api {
namespace {

TEST(Address, UserIsWhatStandsBeforeTheHost) {
  EXPECT_EQ(splitAddress("7001").user, "7001");
  EXPECT_EQ(splitAddress("sip:7001").user, "7001");
  EXPECT_EQ(splitAddress("SIP:7001@evil.example;transport=tcp?Subject=x").user, "7001");
  EXPECT_EQ(splitAddress("sips:7001@h").user, "7001");
  EXPECT_EQ(splitAddress("7001@h").user, "7001");
  EXPECT_TRUE(splitAddress("sip:7001@h").hostDropped);
  EXPECT_FALSE(splitAddress("sip:7001").hostDropped);
}

TEST(Address, TelLosesItsVisualSeparators) {
  EXPECT_EQ(splitAddress("tel:+49-30-(555).12").user, "+493055512");
}

TEST(Address, SecondAtOrSchemeDoesNotGetIntoTheUser) {
  EXPECT_EQ(splitAddress("sip:7001@a@b").user, "7001");
  EXPECT_FALSE(isDialable(splitAddress("sip:sip:7001").user));
  EXPECT_FALSE(isDialable(splitAddress("<sip:7001@h>").user));
}

TEST(Address, DialableHasNoCharacterThatEndsTheUserPart) {
  EXPECT_TRUE(isDialable("+49*#5._~!$&'()-"));
  for (const char bad : std::string(";?@%:/,=<>\"\\ []{}|^`") + '\0' + "\r\n\x7f\xc3") {
    const std::string user = std::string("5") + bad + "5";
    EXPECT_FALSE(isDialable(user)) << user;
  }
  EXPECT_TRUE(isDialable(std::string(64, '5')));
  EXPECT_FALSE(isDialable(std::string(65, '5')));
  EXPECT_FALSE(isDialable(""));
}

TEST(Address, DnIsNarrower) {
  EXPECT_TRUE(isDn("Agent_7001.a-b+*#"));
  EXPECT_FALSE(isDn("7001!"));
  EXPECT_FALSE(isDn(""));
  EXPECT_TRUE(isDn(std::string(32, '7')));
  EXPECT_FALSE(isDn(std::string(33, '7')));
}

}  // namespace
}  // namespace genesys::api
