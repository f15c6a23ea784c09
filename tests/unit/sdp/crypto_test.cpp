#include "sdp/crypto.hpp"

#include <gmock/gmock.h>

#include "sdp/texts.hpp"

namespace genesys::sdp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// RFC 4568 section 9.2's example key.
constexpr const char* kKey = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj";
// 44 octets, for AES-256-GCM.
constexpr const char* kLongKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKis=";

Crypto good(const std::string& value) {
  auto crypto = parseCrypto(value);
  EXPECT_TRUE(crypto.ok()) << value << ": " << crypto.error();
  return crypto.ok() ? std::move(crypto).value() : Crypto{};
}

std::string problem(const std::string& value) {
  const auto crypto = parseCrypto(value);
  EXPECT_FALSE(crypto.ok()) << value;
  return crypto.ok() ? "" : crypto.error();
}

TEST(ParseCrypto, ReadsTheLinesThatPhonesWrite) {
  const Crypto plain = good(std::string("1 AES_CM_128_HMAC_SHA1_80 inline:") + kKey);
  EXPECT_EQ(plain.tag, 1U);
  EXPECT_EQ(&plain.key.suite(), &media::aesCm128Sha1Tag80());
  EXPECT_EQ(plain.key.octets().size(), 30U);
  EXPECT_EQ(plain.key.octets()[0], 'w');  // the key is "wDfvg&T+)xG7@fb5jU,RaA}\|p0%*#"
  EXPECT_EQ(plain.key.octets()[29], '#');
  EXPECT_EQ(plain.key.mkiOctets, 0);

  const Crypto full =
      good(std::string("7 aes_cm_128_hmac_sha1_32 INLINE:") + kKey + "|2^20|1:4 WSH=64 KDR=0 -NEW");
  EXPECT_EQ(full.tag, 7U);
  EXPECT_EQ(&full.key.suite(), &media::aesCm128Sha1Tag32());
  EXPECT_EQ(full.key.mki, 1U);
  EXPECT_EQ(full.key.mkiOctets, 4);
}

TEST(ParseCrypto, AnMkiMayComeWithoutALifetimeAndTheOtherWayRound) {
  const std::string line = std::string("1 AES_CM_128_HMAC_SHA1_80 inline:") + kKey;
  EXPECT_EQ(good(line + "|300:2").key.mki, 300U);
  EXPECT_EQ(good(line + "|1048576").key.mkiOctets, 0);
  EXPECT_THAT(problem(line + "|300:1"), HasSubstr("MKI"));
  EXPECT_THAT(problem(line + "|1:5"), HasSubstr("MKI"));
  EXPECT_THAT(problem(line + "|1:0"), HasSubstr("MKI"));
  EXPECT_THAT(problem(line + "|0"), HasSubstr("lifetime"));
  EXPECT_THAT(problem(line + "|2^"), HasSubstr("lifetime"));
  EXPECT_THAT(problem(line + "|"), HasSubstr("lifetime"));
  EXPECT_THAT(problem(line + "|1:4|2^20"), HasSubstr("more than"));
}

TEST(ParseCrypto, TheKeyIsAsLongAsItsSuiteSays) {
  EXPECT_EQ(good(std::string("1 AEAD_AES_256_GCM inline:") + kLongKey).key.octets().size(), 44U);
  EXPECT_THAT(problem(std::string("1 AEAD_AES_256_GCM inline:") + kKey), HasSubstr("44 octets"));
  EXPECT_THAT(problem(std::string("1 AES_CM_128_HMAC_SHA1_80 inline:") + kLongKey),
              HasSubstr("30 octets"));
  EXPECT_EQ(good("1 AEAD_AES_128_GCM inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw==")
                .key.octets()
                .size(),
            28U);
}

TEST(ParseCrypto, SaysWhyALineCannotBeUsed) {
  const std::string key = std::string("inline:") + kKey;
  EXPECT_THAT(problem(""), HasSubstr("no tag"));
  EXPECT_THAT(problem("x AES_CM_128_HMAC_SHA1_80 " + key), HasSubstr("no tag"));
  EXPECT_THAT(problem("1234567890 AES_CM_128_HMAC_SHA1_80 " + key), HasSubstr("no tag"));
  EXPECT_THAT(problem("1 F8_128_HMAC_SHA1_80 " + key), HasSubstr("no suite F8_128_HMAC_SHA1_80"));
  EXPECT_THAT(problem("1 AES_CM_128_HMAC_SHA1_80"), HasSubstr("inline"));
  EXPECT_THAT(problem("1 AES_CM_128_HMAC_SHA1_80 " + key + ";" + key), HasSubstr("more than one"));
  for (const char* parameter : {"UNENCRYPTED_SRTP", "UNENCRYPTED_SRTCP", "UNAUTHENTICATED_SRTP",
                                "KDR=1", "FEC_ORDER=FEC_SRTP", "NEW=1"})
    EXPECT_THAT(problem("1 AES_CM_128_HMAC_SHA1_80 " + key + " " + parameter),
                HasSubstr("session parameter"));
}

TEST(ParseCrypto, AReasonHasNothingOfTheKey) {
  for (const std::string& line :
       {std::string("1 ") + kKey, std::string("1 inline:") + kKey, std::string(kKey),
        std::string("1 AES_CM_128_HMAC_SHA1_80 inline:") + kLongKey,
        std::string("1 AES_CM_128_HMAC_SHA1_80 inline:") + kKey + " " + kLongKey,
        std::string("1 AES_CM_128_HMAC_SHA1_80 ") + kKey}) {
    EXPECT_THAT(problem(line), Not(HasSubstr("d0Rmdm")));
    EXPECT_THAT(problem(line), Not(HasSubstr("AAECAw")));
  }
}

TEST(Crypto, IsWrittenAsItWasRead) {
  for (const std::string& line :
       {std::string("1 AES_CM_128_HMAC_SHA1_80 inline:") + kKey,
        std::string("2 AES_CM_128_HMAC_SHA1_32 inline:") + kKey + "|513:2",
        std::string("999999999 AEAD_AES_256_GCM inline:") + kLongKey})
    EXPECT_EQ(toString(good(line)), line);
}

TEST(SrtpKey, TwoAreAlikeWithSuiteOctetsAndMki) {
  const auto drawn = [](uint8_t octet) {
    return media::SrtpKey(media::aes128Gcm(), [octet](std::span<uint8_t> out) {
      for (uint8_t& one : out) one = octet;
    });
  };
  EXPECT_EQ(drawn(1), drawn(1));
  EXPECT_NE(drawn(1), drawn(2));
  media::SrtpKey other = drawn(1);
  other.mki = other.mkiOctets = 1;
  EXPECT_NE(other, drawn(1));
}

// The memory is looked at after the key has gone: a key lives in storage that the test owns. One
// octet of a pointer beside it may be like one of the key, four in a row are not.
TEST(SrtpKey, IsWipedWhenItGoes) {
  alignas(media::SrtpKey) std::array<uint8_t, sizeof(media::SrtpKey)> storage{};
  auto* const key =
      new (storage.data()) media::SrtpKey(media::aes256Gcm(), [](std::span<uint8_t> out) {
        for (uint8_t& one : out) one = 0xa5;
      });
  const auto inARow = [&](int octets) {
    return std::search_n(storage.begin(), storage.end(), octets, 0xa5) != storage.end();
  };
  ASSERT_TRUE(inARow(44));
  key->~SrtpKey();
  EXPECT_FALSE(inARow(4));
}

TEST(MediaCrypto, BadLinesAreLeftOutWithTheirReason) {
  const std::string key = std::string(" inline:") + kKey + "\r\n";
  const Media line =
      test::parsed(
          "v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\n"
          "a=crypto:9 AES_CM_128_HMAC_SHA1_80" +
          key +  // not of a session: skipped
          "m=audio 4004 RTP/SAVP 8\r\n"
          "a=crypto:1 F8_128_HMAC_SHA1_80" +
          key + "a=crypto:2 AES_CM_128_HMAC_SHA1_32" + key + "a=crypto:2 AES_CM_128_HMAC_SHA1_80" +
          key + "a=crypto:3 AES_CM_128_HMAC_SHA1_80" + key)
          .media.at(0);
  ASSERT_EQ(line.crypto.size(), 2U);
  EXPECT_EQ(line.crypto[0].tag, 2U);
  EXPECT_EQ(&line.crypto[0].key.suite(), &media::aesCm128Sha1Tag32());
  EXPECT_EQ(line.crypto[1].tag, 3U);
  EXPECT_THAT(line.unusedCrypto,
              ElementsAre(HasSubstr("F8_128_HMAC_SHA1_80"), HasSubstr("a second one")));
}

TEST(MediaCrypto, OnlySoManyLinesAreRead) {
  std::string text =
      "v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\n"
      "m=audio 4004 RTP/SAVP 8\r\n";
  for (int tag = 1; tag <= 100; ++tag)
    text += "a=crypto:" + std::to_string(tag) + " AES_CM_128_HMAC_SHA1_80 inline:" + kKey + "\r\n";
  EXPECT_EQ(test::parsed(text).media.at(0).crypto.size(), 16U);
}

}  // namespace
}  // namespace genesys::sdp
