#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>

#include "config_fixture.hpp"

namespace genesys::settings {
namespace {

using testing::HasSubstr;

template <auto release>
struct FreeWith {
  template <class T>
  void operator()(T* pointer) const {
    release(pointer);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;

template <class Write>
std::string pem(Write write) {
  const std::unique_ptr<BIO, FreeWith<BIO_free_all>> bio(BIO_new(BIO_s_mem()));
  write(bio.get());
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<size_t>(length)};
}

std::string keyText(EVP_PKEY* key) {
  return pem(
      [&](BIO* bio) { PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

/// Self-signed; good from a day ago for `seconds` from now.
std::string certificateText(EVP_PKEY* key, long seconds) {
  const std::unique_ptr<X509, FreeWith<X509_free>> certificate(X509_new());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -86400);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), seconds);
  X509_set_pubkey(certificate.get(), key);
  X509_sign(certificate.get(), key, EVP_sha256());
  return pem([&](BIO* bio) { PEM_write_bio_X509(bio, certificate.get()); });
}

class ConfigTlsTest : public ConfigTest {
 protected:
  ConfigTlsTest() {
    folder_.write("gw.key", keyText(key_.get()));
    folder_.write("gw.crt", certificateText(key_.get(), 3600));
    folder_.write("ca.crt", certificateText(key_.get(), 3600));
  }
  static std::string sip(const std::string& tls, const std::string& host = "sip.example.com") {
    return "sip_server = { host = \"" + host +
           "\"; local_address = \"192.0.2.10\"; transport = \"tls\";\n" + tls + "\n};\n" + kSignIn +
           kDns;
  }

  Key key_{EVP_EC_gen("P-256")};
  const std::string files_ = "tls_certificate_file = \"gw.crt\"; tls_key_file = \"gw.key\";";
  const std::string all_ = files_ + " tls_ca_file = \"ca.crt\";";
};

TEST_F(ConfigTlsTest, NameAndPortsComeByThemselves) {
  const Config config = good(sip(all_ + "backups = [\"192.0.2.2\", \"192.0.2.3:5071\"];"));
  EXPECT_EQ(config.sip.transport, sip::Transport::Tls);
  EXPECT_EQ(config.sip.port, 5061);
  EXPECT_EQ(config.sip.localPort, 5061);
  EXPECT_EQ(config.sip.backups.at(0).port, 5061);
  EXPECT_EQ(config.sip.backups.at(1).port, 5071);
  EXPECT_EQ(config.sip.tlsServerName, "sip.example.com");
  EXPECT_TRUE(config.sip.tls.verify);
  EXPECT_FALSE(config.sip.tls.askClients);
  EXPECT_THAT(config.sip.tls.key, HasSubstr("PRIVATE KEY"));
  EXPECT_THAT(config.sip.tls.authorities, HasSubstr("CERTIFICATE"));
}

TEST_F(ConfigTlsTest, ReadableKeyIsAWarning) {
  std::filesystem::permissions(folder_ / "gw.key", std::filesystem::perms(0644));
  good(sip(all_));
  EXPECT_THAT(log_, HasSubstr("gw.key holds a secret and may be read by everybody"));
}

TEST_F(ConfigTlsTest, WhatIsMissingIsNamed) {
  EXPECT_THAT(fault(sip("")), HasSubstr("sip_server.tls_certificate_file: is missing"));
  EXPECT_THAT(fault(sip(files_)), HasSubstr("sip_server.tls_ca_file: is missing"));
  EXPECT_THAT(fault(sip(all_, "192.0.2.1")), HasSubstr("sip_server.tls_server_name: is missing"));
  EXPECT_EQ(fault(sip(all_ + "tls_server_name = \"a.example.com\";", "192.0.2.1")), "accepted");
  EXPECT_EQ(fault(sip(files_ + "tls_verify = false;", "192.0.2.1")), "accepted");
  EXPECT_THAT(fault(sip(files_ + "tls_verify = false; tls_client_certificate = true;")),
              HasSubstr("sip_server.tls_ca_file: is missing"));
}

TEST_F(ConfigTlsTest, FilesAreHeldAgainstEachOther) {
  const Key other(EVP_EC_gen("P-256"));
  folder_.write("other.key", keyText(other.get()));
  folder_.write("old.crt", certificateText(key_.get(), -60));
  folder_.write("text", "no PEM");
  EXPECT_THAT(fault(sip("tls_ca_file = \"ca.crt\"; tls_certificate_file = \"gw.crt\"; "
                        "tls_key_file = \"other.key\";")),
              HasSubstr("tls_key_file = \"other.key\": is not the key of tls_certificate_file"));
  EXPECT_THAT(fault(sip("tls_ca_file = \"ca.crt\"; tls_certificate_file = \"old.crt\"; "
                        "tls_key_file = \"gw.key\";")),
              HasSubstr("holds a certificate that has expired"));
  EXPECT_THAT(fault(sip("tls_ca_file = \"ca.crt\"; tls_certificate_file = \"text\"; "
                        "tls_key_file = \"gw.key\";")),
              HasSubstr("holds no certificate in PEM"));
  EXPECT_THAT(fault(sip("tls_ca_file = \"ca.crt\"; tls_certificate_file = \"gw.crt\"; "
                        "tls_key_file = \"text\";")),
              HasSubstr("holds no private key in PEM"));
  EXPECT_THAT(fault(sip(files_ + "tls_ca_file = \"text\";")),
              HasSubstr("tls_ca_file = \"text\": holds no certificate in PEM"));
}

}  // namespace
}  // namespace genesys::settings
