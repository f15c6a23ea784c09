#include "dtls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>

namespace genesys::load {
namespace {

constexpr long kMtu = 1200;  // octets

std::string lastError() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  return text.data();
}

std::string fingerprintOf(const X509& certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned octets = 0;
  X509_digest(&certificate, EVP_sha256(), digest.data(), &octets);
  std::string text;
  for (unsigned i = 0; i < octets; ++i)
    text += fmt::format("{}{:02X}", i == 0 ? "" : ":", digest[i]);
  return text;
}

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Certificate selfSigned(EVP_PKEY* key) {
  Certificate certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400);
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("load"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_set_pubkey(certificate.get(), key);
  X509_sign(certificate.get(), key, EVP_sha256());
  return certificate;
}

std::string profileNames(const std::vector<const SrtpSuite*>& suites) {
  std::string names;
  for (const SrtpSuite* suite : suites)
    names += (names.empty() ? "" : ":") + std::string(suite->dtlsName);
  return names;
}

}  // namespace

void DtlsIdentity::Free::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

Result<DtlsIdentity> DtlsIdentity::create(const std::vector<const SrtpSuite*>& suites) {
  const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  if (!key) return Failure{"DTLS key: " + lastError()};
  const Certificate certificate = selfSigned(key.get());
  DtlsIdentity identity;
  identity.context_.reset(SSL_CTX_new(DTLS_method()));
  SSL_CTX* const context = identity.context();
  SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION);
  // Whose certificate it is, the fingerprint in SDP decides; here it only has to be one.
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                     [](int, X509_STORE_CTX*) { return 1; });
  if (SSL_CTX_use_certificate(context, certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, key.get()) != 1 ||
      SSL_CTX_set_tlsext_use_srtp(context, profileNames(suites).c_str()) != 0)
    return Failure{"DTLS: " + lastError()};
  identity.fingerprint_ = fingerprintOf(*certificate);
  return identity;
}

void DtlsHandshake::Free::operator()(ssl_st* connection) const {
  SSL_free(connection);
}

DtlsHandshake::DtlsHandshake(const DtlsIdentity& identity, bool client, std::string expected,
                             Send send)
    : connection_(SSL_new(identity.context())),
      client_(client),
      expected_(std::move(expected)),
      send_(std::move(send)) {
  BIO* const in = BIO_new(BIO_s_mem());
  BIO* const out = BIO_new(BIO_s_mem());
  BIO_set_mem_eof_return(in, -1);
  BIO_set_mem_eof_return(out, -1);
  SSL_set_bio(connection_.get(), in, out);
  SSL_set_options(connection_.get(), SSL_OP_NO_QUERY_MTU);
  SSL_set_mtu(connection_.get(), kMtu);
  if (client)
    SSL_set_connect_state(connection_.get());
  else
    SSL_set_accept_state(connection_.get());
  advance();
}

void DtlsHandshake::received(std::span<const uint8_t> datagram) {
  BIO_write(SSL_get_rbio(connection_.get()), datagram.data(), static_cast<int>(datagram.size()));
  advance();
}

void DtlsHandshake::onTime() {
  if (keys_ || !fault_.empty()) return;
  if (DTLSv1_handle_timeout(connection_.get()) < 0) fault_ = "DTLS: no answer";
  flush();
}

void DtlsHandshake::advance() {
  if (keys_ || !fault_.empty()) return;
  ERR_clear_error();
  const int result = SSL_do_handshake(connection_.get());
  flush();
  if (result == 1) return finish();
  if (SSL_get_error(connection_.get(), result) != SSL_ERROR_WANT_READ)
    fault_ = "DTLS: " + lastError();
}

// What lies there may be several records; a datagram may hold several.
void DtlsHandshake::flush() {
  std::array<uint8_t, 4096> datagram;
  BIO* const out = SSL_get_wbio(connection_.get());
  for (int octets = 0; (octets = BIO_read(out, datagram.data(), datagram.size())) > 0;)
    send_(std::span(datagram).first(static_cast<size_t>(octets)));
}

void DtlsHandshake::finish() {
  const Certificate theirs(SSL_get1_peer_certificate(connection_.get()), X509_free);
  if (!theirs || fingerprintOf(*theirs) != expected_) {
    fault_ = "DTLS: another certificate than SDP says";
    return;
  }
  const SRTP_PROTECTION_PROFILE* const profile = SSL_get_selected_srtp_profile(connection_.get());
  const SrtpSuite* const suite = profile ? suiteOfDtls(profile->name) : nullptr;
  if (!suite) {
    fault_ = "DTLS: no SRTP profile in common";
    return;
  }
  // Both keys, then both salts, the client's first (RFC 5764 section 4.2).
  const size_t key = suite->keyOctets;
  const size_t salt = suite->saltOctets;
  std::vector<uint8_t> material(2 * (key + salt));
  constexpr std::string_view kLabel = "EXTRACTOR-dtls_srtp";
  SSL_export_keying_material(connection_.get(), material.data(), material.size(), kLabel.data(),
                             kLabel.size(), nullptr, 0, 0);
  const auto part = [&](size_t which) {
    std::vector<uint8_t> both(key + salt);
    std::copy_n(material.begin() + static_cast<std::ptrdiff_t>(which * key), key, both.begin());
    std::copy_n(material.begin() + static_cast<std::ptrdiff_t>(2 * key + which * salt), salt,
                both.begin() + static_cast<std::ptrdiff_t>(key));
    return both;
  };
  keys_ = SrtpKeys{suite, part(client_ ? 0 : 1), part(client_ ? 1 : 0)};
}

}  // namespace genesys::load
