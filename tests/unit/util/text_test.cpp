#include "util/text.hpp"

#include <gtest/gtest.h>

namespace genesys {
namespace {

TEST(Text, FindsControls) {
  EXPECT_FALSE(hasControls("Übergröße 12"));
  EXPECT_TRUE(hasControls("a\r\nVia: x"));
  EXPECT_TRUE(hasControls(std::string_view("a\0b", 3)));
  EXPECT_TRUE(hasControls("\x7f"));
}

TEST(Text, EscapesControlsAndNothingElse) {
  EXPECT_EQ(escapeControls("a\nb\x1b[31mc"), "a\\x0ab\\x1b[31mc");
  EXPECT_EQ(escapeControls("Jürgen"), "Jürgen");
}

TEST(Text, ComparesHeaderNames) {
  EXPECT_TRUE(equalsIgnoreCase("X-Genesys-CallUUID", "x-genesys-calluuid"));
  EXPECT_FALSE(equalsIgnoreCase("From", "Fro"));
  EXPECT_TRUE(startsWithIgnoreCase("X-Genesys-A", "x-genesys-"));
  EXPECT_FALSE(startsWithIgnoreCase("X", "X-"));
}

TEST(Text, Trims) {
  EXPECT_EQ(trim(" \t a b \t"), "a b");
  EXPECT_EQ(trim(" \t "), "");
}

}  // namespace
}  // namespace genesys
