#include "sdp/srtp_agreement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sdp/formats.hpp"
#include "util/text.hpp"

namespace genesys::sdp {
namespace {

using media::SrtpKey;
using media::SrtpKeys;
using media::SrtpSuite;

Failure<std::string> fail(std::string reason) {
  return Failure{std::move(reason)};
}

/// Why a line has no key for us.
std::string withoutKey(const Media& line) {
  std::string reason = line.crypto.empty() ? "it has no a=crypto that can be used"
                                           : "none of its suites is allowed here";
  for (const std::string& unused : line.unusedCrypto) reason += "; " + unused;
  return reason;
}

const SrtpKey* keyFor(const LocalSrtp& local, const SrtpSuite& suite) {
  const auto found = std::find_if(local.fresh.begin(), local.fresh.end(),
                                  [&](const SrtpKey& key) { return &key.suite() == &suite; });
  return found == local.fresh.end() ? nullptr : &*found;
}

}  // namespace

bool isSecureRtp(const Media& line) {
  return equalsIgnoreCase(line.protocol, "RTP/SAVP") ||
         equalsIgnoreCase(line.protocol, "RTP/SAVPF");
}

SrtpPolicy srtpAskedBy(const Media& line) {
  if (line.crypto.empty()) return SrtpPolicy::Off;
  if (isSecureRtp(line)) return SrtpPolicy::Mandatory;
  return isPlainRtp(line) ? SrtpPolicy::Optional : SrtpPolicy::Off;
}

void offerSrtp(const LocalSrtp& local, Media& line) {
  if (local.policy == SrtpPolicy::Off) return;
  if (local.policy == SrtpPolicy::Mandatory) line.protocol = "RTP/SAVP";
  uint32_t tag = 0;
  if (local.inUse) return line.crypto.push_back({++tag, local.inUse->send});
  for (const SrtpKey& key : local.fresh) line.crypto.push_back({++tag, key});
}

Result<SrtpChoice> answerSrtp(const Media& offered, const LocalSrtp& local, bool blackHole) {
  const bool secure = isSecureRtp(offered);
  if (local.policy == SrtpPolicy::Off) {
    if (secure) return fail("it asks for SRTP, which is off here");
    return SrtpChoice{};
  }
  for (const Crypto& line : offered.crypto) {
    const SrtpKey* const fresh = keyFor(local, line.key.suite());
    if (!fresh) continue;
    const bool kept = local.inUse && local.inUse->receive == line.key &&
                      &local.inUse->send.suite() == &line.key.suite();
    return SrtpChoice{SrtpKeys{kept ? local.inUse->send : *fresh, line.key}, line.tag};
  }
  if (secure && !blackHole) return fail("it asks for SRTP, but " + withoutKey(offered));
  if (local.policy == SrtpPolicy::Mandatory && !blackHole)
    return fail("SRTP is mandatory here, but " + withoutKey(offered));
  return SrtpChoice{};
}

Result<SrtpChoice> acceptSrtp(const Media& offered, const Media& answered, bool blackHole) {
  for (const Crypto& line : answered.crypto)
    for (const Crypto& ours : offered.crypto)
      if (ours.tag == line.tag && &ours.key.suite() == &line.key.suite())
        return SrtpChoice{SrtpKeys{ours.key, line.key}, line.tag};
  if (blackHole) return SrtpChoice{};
  const bool named = !answered.crypto.empty() || !answered.unusedCrypto.empty();
  if (isSecureRtp(answered) || (named && !offered.crypto.empty()))
    return fail(answered.crypto.empty() ? "it wants SRTP, but " + withoutKey(answered)
                                        : "its a=crypto was not offered");
  if (isSecureRtp(offered)) return fail("SRTP is mandatory here, and it has no a=crypto");
  return SrtpChoice{};
}

}  // namespace genesys::sdp
