#include "util/base64.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace genesys {
namespace {

std::string encoded(std::string_view text) {
  return encodeBase64({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

std::optional<std::string> decoded(std::string_view text, size_t room = 64) {
  std::vector<uint8_t> out(room);
  const auto octets = decodeBase64(text, out);
  if (!octets) return std::nullopt;
  return std::string(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(*octets));
}

// RFC 4648 section 10.
TEST(Base64, TestVectors) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(encoded(plain), text);
    EXPECT_EQ(decoded(text), plain);
  }
}

TEST(Base64, EveryOctetGoesThereAndBack) {
  std::string all;
  for (int octet = 0; octet < 256; ++octet) all += static_cast<char>(octet);
  EXPECT_EQ(decoded(encoded(all), 256), all);
}

TEST(Base64, PaddingMayBeMissingAndNothingElse) {
  EXPECT_EQ(decoded("Zm8"), "fo");
  EXPECT_EQ(decoded("Zg"), "f");
  EXPECT_FALSE(decoded("Z"));
  EXPECT_FALSE(decoded("Zm9vZ"));
  EXPECT_FALSE(decoded("Zm=v"));
  EXPECT_FALSE(decoded("Zg==="));
  EXPECT_FALSE(decoded("Zm 9"));
  EXPECT_FALSE(decoded("Zm-_"));
}

TEST(Base64, NeverWritesBehindTheEnd) {
  EXPECT_TRUE(decoded("Zm9v", 3));
  EXPECT_FALSE(decoded("Zm9v", 2));
  EXPECT_FALSE(decoded("Zm9vYmFy", 5));
}

}  // namespace
}  // namespace genesys
