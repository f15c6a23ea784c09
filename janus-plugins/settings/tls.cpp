// The TLS options of sip_server: files are read and checked against each other at the start, so
// that no call is the first to find a wrong one.
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "settings/rules.hpp"
#include "settings/sections.hpp"

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
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;

Bio bioOf(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Certificate certificateIn(const std::string& pem) {
  return Certificate(PEM_read_bio_X509(bioOf(pem).get(), nullptr, nullptr, nullptr));
}

/// A key with a passphrase has nobody to ask for it.
Key keyIn(const std::string& pem) {
  const auto none = [](char*, int, int, void*) { return 0; };
  return Key(PEM_read_bio_PrivateKey(bioOf(pem).get(), nullptr, none, nullptr));
}

void checkCertificate(Group& group, const sip::TlsSettings& tls) {
  const Certificate certificate = certificateIn(tls.certificate);
  const Key key = keyIn(tls.key);
  if (!certificate)
    group.refuse("tls_certificate_file", "holds no certificate in PEM");
  else if (!key)
    group.refuse("tls_key_file", "holds no private key in PEM without a passphrase");
  else if (X509_check_private_key(certificate.get(), key.get()) != 1)
    group.refuse("tls_key_file", "is not the key of tls_certificate_file");
  else if (X509_cmp_current_time(X509_get0_notAfter(certificate.get())) < 0)
    group.refuse("tls_certificate_file", "holds a certificate that has expired");
}

}  // namespace

sip::TlsSettings readTls(Group& group, bool used) {
  sip::TlsSettings tls;
  tls.certificate = readFileOption(group, "tls_certificate_file", false);
  tls.key = readFileOption(group, "tls_key_file", true);
  tls.authorities = readFileOption(group, "tls_ca_file", false);
  tls.verify = group.flag("tls_verify", tls.verify);
  tls.askClients = group.flag("tls_client_certificate", tls.askClients);
  if (!used || group.reading().error()) return tls;
  for (const char* required : {"tls_certificate_file", "tls_key_file"})
    if (!group.find(required))
      group.refuse(required, "is missing; TLS needs it, since SIP Server connects to us as well");
  if (group.reading().error()) return tls;
  checkCertificate(group, tls);
  const bool authority = certificateIn(tls.authorities) != nullptr;
  if ((tls.verify || tls.askClients) && !authority)
    group.refuse("tls_ca_file", tls.authorities.empty()
                                    ? "is missing; it must name who signs SIP Server's certificate"
                                    : "holds no certificate in PEM");
  return tls;
}

}  // namespace genesys::settings
