#include "sip/registrar.hpp"

#include <fmt/format.h>

#include "util/text.hpp"

namespace genesys::sim {
namespace {

std::vector<RawHeader> contactEcho(const SipMessage& request, uint32_t seconds) {
  std::vector<RawHeader> headers{{"Expires", std::to_string(seconds)}};
  if (request.contact)
    headers.push_back({"Contact", fmt::format("<{}>;expires={}", request.contact->text, seconds)});
  return headers;
}

ResponseParts answer(int status, std::vector<RawHeader> headers = {}) {
  return ResponseParts{status, phraseOf(status), {}, std::move(headers), {}, {}};
}

/// With `use-contact-as-dn` the user part of the Contact names the DN.
const std::string& dnOf(const SipMessage& request) {
  const bool byContact = request.contact && !request.contact->user.empty();
  return byContact ? request.contact->user : request.to.user;
}

Result<Peer> contactPeer(const SipUri& contact, const Peer& from) {
  TransportKind transport = from.transport;
  if (!contact.transport.empty())
    transport =
        equalsIgnoreCase(contact.transport, "tcp") ? TransportKind::Tcp : TransportKind::Udp;
  return makePeer(contact.host, contact.port ? contact.port : 5060, transport);
}

}  // namespace

void Registrar::provision(const std::string& dn, const std::string& password) {
  dns_[dn] = password;
}

ResponseParts Registrar::onRegister(const SipMessage& request, const Peer& from, MonoTime now) {
  ++counters_.registers;
  const std::string& dn = dnOf(request);
  const uint32_t seconds =
      request.contactExpires.value_or(request.expires.value_or(settings_.defaultExpires));
  if (!isProvisioned(dn)) {
    ++counters_.unknownDn;
    return answer(404, contactEcho(request, seconds));
  }
  if (settings_.authenticateRegister)
    if (auto refusal = challenge(request, dn, 401, now)) return *refusal;
  if (request.contactStar || (request.contact && seconds == 0)) {
    // Whoever asks: the binding of another endpoint goes too, as observed.
    counters_.removed += bindings_.erase(dn);
    return answer(200, contactEcho(request, 0));
  }
  if (!request.contact) return current(dn, now);
  if (seconds < settings_.minExpires) {
    ++counters_.tooBrief;
    return answer(423, {{"Min-Expires", std::to_string(settings_.minExpires)}});
  }
  return bind(request, dn, from, seconds, now);
}

ResponseParts Registrar::bind(const SipMessage& request, const std::string& dn, const Peer& from,
                              uint32_t seconds, MonoTime now) {
  const auto peer = contactPeer(*request.contact, from);
  if (!peer) return ResponseParts{400, "Contact host " + peer.error(), {}, {}, {}, {}};
  const std::string* agent = request.header("User-Agent");
  bindings_[dn] =
      Binding{*request.contact, peer.value(), request.to.text,       agent ? *agent : "",
              seconds,          now,          now + Seconds(seconds)};
  ++counters_.granted;
  return answer(200, contactEcho(request, seconds));
}

ResponseParts Registrar::current(const std::string& dn, MonoTime now) const {
  const auto binding = find(dn, now);
  if (!binding) return answer(200);
  const auto left = std::chrono::duration_cast<Seconds>(binding->until - now).count();
  return answer(200, {{"Expires", std::to_string(left)},
                      {"Contact", fmt::format("<{}>;expires={}", binding->contact.text, left)}});
}

std::optional<ResponseParts> Registrar::challengeInvite(const SipMessage& invite,
                                                        const std::string& dn, MonoTime now) {
  if (!settings_.authenticateInvite) return std::nullopt;
  return challenge(invite, dn, settings_.inviteChallenge, now);
}

std::optional<ResponseParts> Registrar::challenge(const SipMessage& request, const std::string& dn,
                                                  int status, MonoTime now) {
  const auto known = dns_.find(dn);
  if (known == dns_.end() || known->second.empty()) return std::nullopt;
  using Verdict = DigestChallenger::Verdict;
  Verdict verdict = digest_.check(request.credentials, dn, known->second, request.method, now);
  if (verdict == Verdict::Valid && forcedStale_ > 0) {
    --forcedStale_;
    verdict = Verdict::Stale;
  }
  if (verdict == Verdict::Valid) return std::nullopt;
  ++counters_.challenged;
  return answer(status, {{status == 407 ? "Proxy-Authenticate" : "WWW-Authenticate",
                          digest_.challenge(verdict == Verdict::Stale, now)}});
}

std::optional<Binding> Registrar::find(const std::string& dn, MonoTime now) const {
  const auto found = bindings_.find(dn);
  if (found == bindings_.end() || found->second.until <= now) return std::nullopt;
  return found->second;
}

std::map<std::string, Binding> Registrar::bindings(MonoTime now) const {
  std::map<std::string, Binding> alive;
  for (const auto& [dn, binding] : bindings_)
    if (binding.until > now) alive.emplace(dn, binding);
  return alive;
}

}  // namespace genesys::sim
