// The questions of server_lookup.hpp, asked of the C library's resolver.
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <sys/socket.h>

#include <array>
#include <memory>

#include "sip/server_lookup.hpp"

namespace genesys::sip {
namespace {

// Octets of an answer: the most that DNS has.
constexpr size_t kMaxAnswer = 65535;

/// RFC 2782: priority, weight, port, target.
std::optional<SrvRecord> recordOf(const ns_msg& message, const ns_rr& record) {
  if (ns_rr_type(record) != ns_t_srv || ns_rr_rdlen(record) < 7) return std::nullopt;
  const unsigned char* data = ns_rr_rdata(record);
  std::array<char, NS_MAXDNAME> target{};
  if (dn_expand(ns_msg_base(message), ns_msg_end(message), data + 6, target.data(),
                static_cast<int>(target.size())) < 0)
    return std::nullopt;
  return SrvRecord{ns_get16(data), ns_get16(data + 2), static_cast<uint16_t>(ns_get16(data + 4)),
                   target.data()};
}

std::optional<std::vector<SrvRecord>> servicesOf(const std::string& name) {
  // A state of its own for each question: a changed resolv.conf is heeded.
  struct __res_state state {};
  if (res_ninit(&state) != 0) return std::nullopt;
  const std::unique_ptr<struct __res_state, decltype(&res_nclose)> owned(&state, &res_nclose);
  std::vector<unsigned char> answer(kMaxAnswer);
  const int length = res_nquery(&state, name.c_str(), ns_c_in, ns_t_srv, answer.data(),
                                static_cast<int>(answer.size()));
  if (length < 0) {
    const bool none = state.res_h_errno == HOST_NOT_FOUND || state.res_h_errno == NO_DATA;
    return none ? std::optional(std::vector<SrvRecord>()) : std::nullopt;
  }
  ns_msg message{};
  if (ns_initparse(answer.data(), length, &message) != 0) return std::nullopt;
  std::vector<SrvRecord> records;
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    ns_rr record{};
    if (ns_parserr(&message, ns_s_an, i, &record) != 0) return std::nullopt;
    if (auto srv = recordOf(message, record)) records.push_back(std::move(*srv));
  }
  return records;
}

std::vector<std::string> addressesOf(const std::string& host, int family) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_family = family;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, &freeaddrinfo);
  std::vector<std::string> addresses;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    char text[NI_MAXHOST] = "";
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) ==
        0)
      addresses.emplace_back(text);
  }
  return addresses;
}

}  // namespace

Dns systemDns(int family) {
  return {&servicesOf, [family](const std::string& host) { return addressesOf(host, family); }};
}

}  // namespace genesys::sip
