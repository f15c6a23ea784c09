// Any octets as a session description, offered and answered on both legs; or, if they do not start
// with "v=", a Content-Type line and a body. Beyond not crashing, what we write must be readable.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "sdp/body.hpp"
#include "sdp/browser_description.hpp"
#include "sdp/negotiation.hpp"

using namespace genesys;
using namespace genesys::sdp;

namespace {

void require(bool truth, const char* what) {
  if (truth) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

/// Keys that are known, so that what is found is found again.
void countUp(std::span<uint8_t> out) {
  uint8_t octet = 0;
  for (uint8_t& one : out) one = octet++;
}

LocalAudio local(SrtpPolicy policy = SrtpPolicy::Off) {
  LocalAudio audio;
  audio.address = "192.0.2.7";
  audio.port = 30000;
  audio.codecs = {&media::pcma(), &media::pcmu()};
  audio.srtp.policy = policy;
  audio.srtp.suites.assign(media::srtpSuites().begin(), media::srtpSuites().end());
  return audio;
}

LocalAudio withKeys(SrtpPolicy policy) {
  LocalAudio audio = local(policy);
  for (const media::SrtpSuite* suite : audio.srtp.suites)
    audio.srtp.fresh.emplace_back(*suite, countUp);
  return audio;
}

constexpr SrtpPolicy kPolicies[] = {SrtpPolicy::Off, SrtpPolicy::Optional, SrtpPolicy::Mandatory};

void requireProtected(const Agreed& agreed, SrtpPolicy policy) {
  if (policy == SrtpPolicy::Off) require(!agreed.srtp, "no key where there is none");
  if (policy == SrtpPolicy::Mandatory && !agreed.remoteAddress.empty() && agreed.remotePort != 0)
    require(agreed.srtp.has_value(), "nothing flows unprotected");
  if (agreed.srtp)
    require(&agreed.srtp->send.suite() == &agreed.srtp->receive.suite(), "one suite both ways");
}

/// What we write can be read again, unless it has outgrown the limits of the reader.
std::optional<SessionDescription> reread(const SessionDescription& description) {
  const std::string text = toString(description);
  const auto lines = static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
  if (text.size() > kMaxSdpOctets || lines > kMaxSdpLines) return std::nullopt;
  auto again = parse(text);
  require(again.ok(), "what we write can be read");
  require(again->media.size() == description.media.size(), "no m= line is lost");
  return std::move(again).value();
}

void requireAnswers(const SessionDescription& offer, const SessionDescription& answer) {
  require(answer.media.size() == offer.media.size(), "an answer has as many m= lines");
  require(std::count_if(answer.media.begin(), answer.media.end(),
                        [](const Media& m) { return m.port != 0; }) == 1,
          "an answer takes one m= line");
  (void)reread(answer);
}

void asOffer(const SessionDescription& offer) {
  for (const SrtpPolicy policy : kPolicies)
    if (const auto answered = makeAnswer(offer, withKeys(policy))) {
      requireAnswers(offer, answered->answer);
      require(answered->agreed.send.codec && answered->agreed.receive.size() == 1, "one codec");
      requireProtected(answered->agreed, policy);
    }
  if (const auto answered = answerBrowser(offer, OpusHints{})) {
    requireAnswers(offer, answered->answer);
    require(acceptBrowserAnswer(answered->answer).ok(), "our answer keeps Opus");
  }
}

void asAnswer(const SessionDescription& answer) {
  for (const SrtpPolicy policy : kPolicies) {
    const auto agreed = acceptAnswer(makeOffer(withKeys(policy)), answer);
    if (!agreed) continue;
    if (agreed->remotePort != 0)
      require(agreed->send.codec && !agreed->receive.empty(), "an agreement has a codec");
    requireProtected(agreed.value(), policy);
  }
  (void)acceptBrowserAnswer(answer);
}

void inADialog(std::string_view text, SrtpPolicy policy) {
  Negotiation negotiation(1, countUp);
  if (negotiation.takeOffer(text) && !negotiation.answer(local(policy))) negotiation.reject();
  require(negotiation.offer(local(policy)).ok(), "a dialog at rest can offer");
  (void)negotiation.takeEarlyAnswer(text);
  (void)negotiation.takeAnswer(text);
  require(negotiation.state() == Negotiation::State::Idle, "an answer ends the offer");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!text.starts_with("v=")) {
    const size_t lineEnd = std::min(text.find('\n'), text.size());
    const auto found = sessionDescriptionIn(text.substr(0, lineEnd),
                                            text.substr(std::min(lineEnd + 1, text.size())));
    if (!found) return 0;
    text = found.value();
  }
  for (const SrtpPolicy policy : kPolicies) inADialog(text, policy);
  const auto description = parse(text);
  if (!description) return 0;
  if (const auto again = reread(description.value()))
    require(toString(*again) == toString(description.value()), "what we read is what we wrote");
  asOffer(description.value());
  asAnswer(description.value());
  return 0;
}
