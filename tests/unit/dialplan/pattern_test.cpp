#include "dialplan/pattern.hpp"

#include <gmock/gmock.h>

#include "rules.hpp"

namespace genesys::dialplan {
namespace {

using test::pattern;

TEST(Pattern, ClassesSetsAndLiterals) {
  EXPECT_TRUE(pattern("70XX").matches("7000"));
  EXPECT_TRUE(pattern("70XX").matches("7099"));
  EXPECT_FALSE(pattern("70XX").matches("7100"));
  EXPECT_FALSE(pattern("70XX").matches("700"));
  EXPECT_FALSE(pattern("70XX").matches("70000"));
  EXPECT_FALSE(pattern("70XX").matches("70*1"));
  EXPECT_FALSE(pattern("Z").matches("0"));
  EXPECT_TRUE(pattern("Z").matches("1"));
  EXPECT_FALSE(pattern("N").matches("1"));
  EXPECT_TRUE(pattern("N").matches("9"));
  EXPECT_TRUE(pattern("[1-35a*-]").matches("2"));
  EXPECT_TRUE(pattern("[1-35a*-]").matches("a"));
  EXPECT_TRUE(pattern("[1-35a*-]").matches("-"));
  EXPECT_FALSE(pattern("[1-35a*-]").matches("4"));
  EXPECT_TRUE(pattern("*21#").matches("*21#"));
  EXPECT_TRUE(pattern("[X]-ray").matches("X-ray"));
  EXPECT_FALSE(pattern("[X]-ray").matches("3-ray"));
  EXPECT_FALSE(pattern("abc").matches("ABC"));
  EXPECT_TRUE(pattern("a[.]b").matches("a.b"));
}

TEST(Pattern, OpenEnds) {
  EXPECT_FALSE(pattern("00.").matches("00"));
  EXPECT_TRUE(pattern("00.").matches("001"));
  EXPECT_TRUE(pattern("00.").matches("00$~'x"));
  EXPECT_TRUE(pattern("00!").matches("00"));
  EXPECT_TRUE(pattern("00!").matches("0049"));
  EXPECT_TRUE(pattern("!").matches(""));
  EXPECT_FALSE(pattern(".").matches(""));
  EXPECT_TRUE(pattern(".").matches("anything"));
  EXPECT_FALSE(pattern("00.").matches("01"));
  // What is no ASCII is in no class and in no ".".
  EXPECT_FALSE(pattern("0.").matches("0\xc3\xa4"));
}

TEST(Pattern, WhatIsNone) {
  const auto fault = [](const char* text) {
    const auto parsed = Pattern::parse(text);
    return parsed ? std::string("accepted") : parsed.error();
  };
  EXPECT_EQ(fault(""), "is empty");
  EXPECT_EQ(fault("0.1"), "has '.' before its end");
  EXPECT_EQ(fault("0!."), "has '!' before its end");
  EXPECT_EQ(fault("0 1"), "has the character ' ', which no number to match has");
  EXPECT_EQ(fault("^0"), "has the character '^', which no number to match has");
  EXPECT_EQ(fault("0]"), "has the character ']', which no number to match has");
  EXPECT_EQ(fault("[12"), "has a '[' without ']'");
  EXPECT_EQ(fault("[]"), "has an empty set '[]'");
  EXPECT_EQ(fault("[5-2]"), "has the range 5-2, which is none");
  EXPECT_EQ(fault("[1-a]"), "has the range 1-a, which is none");
  EXPECT_EQ(fault("[a-Z]"), "has the range a-Z, which is none");
  EXPECT_EQ(fault("[1 2]"), "has ' ' in a set");
  EXPECT_EQ(fault(std::string(65, '1').c_str()), "is longer than 64 characters");
  EXPECT_EQ(fault("1\xff"), "has the character '\xff', which no number to match has");
}

TEST(Pattern, Covers) {
  EXPECT_TRUE(pattern("0.").covers(pattern("0900.")));
  EXPECT_TRUE(pattern("0.").covers(pattern("0900")));
  EXPECT_TRUE(pattern("0!").covers(pattern("0")));
  EXPECT_FALSE(pattern("0.").covers(pattern("0")));
  EXPECT_FALSE(pattern("0.").covers(pattern("0!")));
  EXPECT_TRUE(pattern("0!").covers(pattern("0.")));
  EXPECT_TRUE(pattern("X").covers(pattern("[1-3]")));
  EXPECT_FALSE(pattern("N").covers(pattern("X")));
  EXPECT_FALSE(pattern("0XXX").covers(pattern("0XX.")));
  EXPECT_TRUE(pattern("!").covers(pattern("anything.")));
}

TEST(Pattern, Overlaps) {
  EXPECT_TRUE(pattern("0[89]00X").overlaps(pattern("0900.")));
  EXPECT_TRUE(pattern("0900.").overlaps(pattern("0[89]00X")));
  EXPECT_FALSE(pattern("0800X").overlaps(pattern("0900.")));
  EXPECT_FALSE(pattern("0900").overlaps(pattern("0900.")));
  EXPECT_TRUE(pattern("0900").overlaps(pattern("0900!")));
  EXPECT_TRUE(pattern("1!").overlaps(pattern("X!")));
  EXPECT_FALSE(pattern("12").overlaps(pattern("123")));
}

// The answers of covers() and overlaps() hold for every number up to four digits.
TEST(Pattern, CoversAndOverlapsAgreeWithMatches) {
  const std::vector<std::string> texts = {"!",  ".",   "1",    "1.",    "1!",   "X",    "XX",
                                          "Z.", "12",  "[12]", "[12]X", "1X",   "12!",  "1[23].",
                                          "N!", "123", "X23",  "XX.",   "1X3X", "1234", "[1-4]2!"};
  std::vector<std::string> numbers;
  for (int n = 0; n < 10000; ++n) {
    const std::string number = std::to_string(n);
    for (size_t width = number.size(); width <= 4; ++width)
      numbers.push_back(std::string(width - number.size(), '0') + number);
  }
  for (const auto& a : texts)
    for (const auto& b : texts) {
      const Pattern one = pattern(a);
      const Pattern other = pattern(b);
      bool common = false;
      bool outside = false;
      for (const auto& number : numbers) {
        common = common || (one.matches(number) && other.matches(number));
        outside = outside || (!one.matches(number) && other.matches(number));
      }
      EXPECT_EQ(one.overlaps(other), common) << a << " " << b;
      // Digits alone cannot tell "." from "X": they can refute covers(), but not prove it.
      EXPECT_FALSE(one.covers(other) && outside) << a << " " << b;
    }
}

TEST(Pattern, TheOneNumber) {
  EXPECT_EQ(pattern("7001").number(), "7001");
  EXPECT_EQ(pattern("70[0]1").number(), "7001");
  EXPECT_EQ(pattern("700X").number(), "");
  EXPECT_EQ(pattern("7001!").number(), "");
}

// No pattern needs more than one look at each character, whatever the number is.
TEST(Pattern, LongNumbersAreNoBurden) {
  const Pattern open = pattern("XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX.");
  EXPECT_TRUE(open.matches(std::string(1 << 20, '1')));
  EXPECT_FALSE(open.matches(std::string(31, '1')));
}

}  // namespace
}  // namespace genesys::dialplan
