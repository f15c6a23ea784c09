#include "plugin/audio_route.hpp"

#include <gmock/gmock.h>

namespace genesys::plugin {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const AudibleCall a{"a"}, b{"b"}, c{"c"};

AudibleCall heldHere(AudibleCall call) {
  call.heldHere = true;
  return call;
}
AudibleCall heldThere(AudibleCall call) {
  call.heldThere = true;
  return call;
}
AudibleCall merged(AudibleCall call) {
  call.merged = true;
  return call;
}

TEST(AudioRoute, TheFocusElseTheYoungest) {
  EXPECT_THAT(heardCalls({}, "a"), IsEmpty());
  EXPECT_THAT(heardCalls({a, b, c}, "b"), ElementsAre("b"));
  EXPECT_THAT(heardCalls({a, b, c}, ""), ElementsAre("c"));
}

TEST(AudioRoute, WhatIsHeldHereIsNeverHeard) {
  EXPECT_THAT(heardCalls({heldHere(a), b}, "a"), ElementsAre("b"));
  EXPECT_THAT(heardCalls({heldHere(a)}, "a"), IsEmpty());
}

// The desktop alternates: SIP Server holds the one and retrieves the other.
TEST(AudioRoute, ACallHeldThereGivesWayToOneThatIsNot) {
  EXPECT_THAT(heardCalls({a, heldThere(b)}, "b"), ElementsAre("a"));
  EXPECT_THAT(heardCalls({heldThere(a), b}, "b"), ElementsAre("b"));
  EXPECT_THAT(heardCalls({heldThere(a), heldThere(b)}, "a"), ElementsAre("a")) << "its music";
  EXPECT_THAT(heardCalls({heldHere(a), heldThere(b)}, "a"), ElementsAre("b"));
}

TEST(AudioRoute, AConversationIsHeardAsAWhole) {
  EXPECT_THAT(heardCalls({merged(a), merged(b), c}, "b"), ElementsAre("a", "b"));
  EXPECT_THAT(heardCalls({merged(a), merged(b), c}, "c"), ElementsAre("c"));
  EXPECT_THAT(heardCalls({merged(a), heldHere(merged(b)), c}, "a"), ElementsAre("a"));
}

}  // namespace
}  // namespace genesys::plugin
