#include "test_tokens.hpp"

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <array>
#include <memory>
#include <vector>

namespace genesys::settings {
namespace {

template <auto release>
struct FreeWith {
  template <class T>
  void operator()(T* pointer) const {
    release(pointer);
  }
};
using Bio = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;
using Ecdsa = std::unique_ptr<ECDSA_SIG, FreeWith<ECDSA_SIG_free>>;

const unsigned char* octetsOf(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string contentOf(BIO* bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  return {data, static_cast<size_t>(length)};
}

KeyPair pairOf(EVP_PKEY* key) {
  EXPECT_NE(key, nullptr);
  const Bio secret(BIO_new(BIO_s_mem()));
  const Bio open(BIO_new(BIO_s_mem()));
  EXPECT_EQ(PEM_write_bio_PrivateKey(secret.get(), key, nullptr, nullptr, 0, nullptr, nullptr), 1);
  EXPECT_EQ(PEM_write_bio_PUBKEY(open.get(), key), 1);
  return {contentOf(secret.get()), contentOf(open.get())};
}

/// DER to R || S, 32 octets each.
std::string rawEcdsa(const std::vector<unsigned char>& der) {
  const unsigned char* at = der.data();
  const Ecdsa signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  std::array<unsigned char, 64> raw{};
  EXPECT_EQ(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw.data(), 32), 32);
  EXPECT_EQ(BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw.data() + 32, 32), 32);
  return {raw.begin(), raw.end()};
}

std::string headAndPayload(const std::string& header, const std::string& payload) {
  return base64url(header) + "." + base64url(payload);
}

std::string hmac(const EVP_MD* digest, const std::string& text, const std::string& secret) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned length = 0;
  HMAC(digest, secret.data(), static_cast<int>(secret.size()), octetsOf(text), text.size(),
       mac.data(), &length);
  return {mac.begin(), mac.begin() + length};
}

}  // namespace

KeyPair rsaKey(unsigned bits) {
  return pairOf(Key(EVP_RSA_gen(bits)).get());
}
KeyPair ecKey(const char* curve) {
  return pairOf(Key(EVP_EC_gen(curve)).get());
}

std::string base64url(const std::string& octets) {
  std::vector<unsigned char> encoded(4 * ((octets.size() + 2) / 3) + 1);
  const int length =
      EVP_EncodeBlock(encoded.data(), octetsOf(octets), static_cast<int>(octets.size()));
  std::string out(encoded.begin(), encoded.begin() + length);
  for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
  out.erase(out.find_last_not_of('=') + 1);
  return out;
}

std::string hs256Token(const std::string& payload, const std::string& secret,
                       const std::string& header) {
  const std::string text = headAndPayload(header, payload);
  return text + "." + base64url(hmac(EVP_sha256(), text, secret));
}

std::string hmacToken(const std::string& payload, const std::string& secret,
                      const std::string& algorithm) {
  const std::string text = headAndPayload(R"({"alg":")" + algorithm + R"("})", payload);
  return text + "." +
         base64url(hmac(algorithm == "HS512" ? EVP_sha512() : EVP_sha256(), text, secret));
}

std::string noneToken(const std::string& payload) {
  return headAndPayload(R"({"alg":"none"})", payload) + ".";
}

std::string signedToken(const std::string& payload, const std::string& algorithm,
                        const KeyPair& pair) {
  const std::string text = headAndPayload(R"({"alg":")" + algorithm + R"(","typ":"JWT"})", payload);
  const Bio bio(BIO_new_mem_buf(pair.privatePem.data(), static_cast<int>(pair.privatePem.size())));
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  const Digest digest(EVP_MD_CTX_new());
  size_t length = 0;
  EXPECT_EQ(EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.get()), 1);
  EXPECT_EQ(EVP_DigestSign(digest.get(), nullptr, &length, octetsOf(text), text.size()), 1);
  std::vector<unsigned char> signature(length);
  EXPECT_EQ(EVP_DigestSign(digest.get(), signature.data(), &length, octetsOf(text), text.size()),
            1);
  signature.resize(length);
  const std::string raw =
      algorithm == "ES256" ? rawEcdsa(signature) : std::string(signature.begin(), signature.end());
  return text + "." + base64url(raw);
}

}  // namespace genesys::settings
