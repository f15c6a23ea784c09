#include "media/join.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace genesys::media {
namespace {

// The path of the audio, assembled here and nowhere else:
//   browser RTP -> reorder -> Opus decode (BrowserReceiver) -> grid, digits, encode (SipSender)
//   SIP RTP -> order, digits, decode (SipReceiver) -> 20 ms frames, Opus encode (BrowserSender)
void connect(SipSession& sip, BrowserSession& browser) {
  sip.setJoined(&browser);
  browser.setJoined(&sip);
  browser.receiver().setSink(&sip.sender());
  sip.receiver().setSink(&browser.sender());
  sip.sender().setConcealer(&browser.receiver());
}

void disconnect(SipSession& sip, BrowserSession& browser, MonoTime now) {
  browser.receiver().setSink(nullptr);
  sip.receiver().setSink(nullptr);
  sip.sender().setConcealer(nullptr);
  browser.sender().pause(now);
  sip.sender().pause(now);
  browser.setJoined(nullptr);
  sip.setJoined(nullptr);
}

//   with several SIP legs: each receiver -> MixInput -> 20 ms of the sum of the others -> its
//   sender
void seat(SipSession& sip, BrowserSession& browser, MonoTime now) {
  sip.setJoined(&browser);
  sip.receiver().setSink(&browser.mix()->add(sip.sender(), now));
  browser.mixed().push_back(&sip);
}

void openMix(SipSession& first, BrowserSession& browser, MonoTime now) {
  disconnect(first, browser, now);
  browser.setMix(std::make_shared<Mix>());
  browser.receiver().setSink(&browser.mix()->add(browser.sender(), now));
  seat(first, browser, now);
}

void unseat(SipSession& sip, BrowserSession& browser, MonoTime now) {
  sip.receiver().setSink(nullptr);
  sip.setJoined(nullptr);
  browser.mix()->remove(sip.sender(), now);
  std::erase(browser.mixed(), &sip);
}

void closeMix(BrowserSession& browser, MonoTime now) {
  while (!browser.mixed().empty()) unseat(*browser.mixed().back(), browser, now);
  browser.receiver().setSink(nullptr);
  browser.mix()->remove(browser.sender(), now);
  browser.setMix(nullptr);
}

// Two legs need no mix.
void leaveMix(SipSession& sip, BrowserSession& browser, MonoTime now) {
  unseat(sip, browser, now);
  if (browser.mixed().size() > 1) return;
  SipSession& last = *browser.mixed().front();
  closeMix(browser, now);
  connect(last, browser);
}

std::string browserEnd(const SipSession& sip) {
  if (sip.joined() == nullptr) return "nobody";
  const Codec& codec = opus();
  const size_t others = sip.joined()->mix() ? sip.joined()->mixed().size() - 1 : 0;
  return fmt::format("{}browser {}/{} {}",
                     others > 0 ? fmt::format("mix with {} and ", others) : "", codec.name,
                     codec.rtpClock, sip.joined()->payloadType());
}

std::string encryption(const SipLegParams& params) {
  return params.srtp ? fmt::format(" -> srtp {}", params.srtp->send.suite().name) : "";
}

std::string towardsSip(const SipSession& sip, const std::string& remote) {
  const SipLegParams& params = sip.params();
  if (!params.sending || params.send.codec == nullptr || !sip.filter().destination())
    return "nothing is sent";
  const Codec& codec = *params.send.codec;
  std::string digits = params.sendDigitsAs    ? fmt::format(" digits {}", *params.sendDigitsAs)
                       : params.digitsAsTones ? " digits as tones"
                                              : "";
  const std::string coding = &codec == &opus()
                                 ? "opus, decoded if need be"
                                 : fmt::format("opus@{} -> {}", codec.sampleRate, codec.name);
  return fmt::format("{} -> reorder -> {} -> rtp {}{} {} ms{} -> {}", browserEnd(sip), coding,
                     params.send.payloadType, digits, params.ptimeMs, encryption(params), remote);
}

std::string towardsBrowser(const SipSession& sip, const std::string& remote) {
  const SipLegParams& params = sip.params();
  if (!params.receiving || !sip.filter().destination()) return "nothing is received";
  std::string formats;
  for (const auto& format : params.receive)
    if (format.codec != nullptr)
      formats += fmt::format(" {}/{}", format.payloadType, format.codec->name);
  if (params.receiveDigitsAs) formats += fmt::format(" {}/digits", *params.receiveDigitsAs);
  if (params.digitsAsTones) formats += " tones";
  const Millis time =
      sip.joined() != nullptr ? sip.joined()->sender().packetTime() : BrowserSender::kFrame;
  return fmt::format("{}{} -> rtp{} -> {} ms -> {}", remote, encryption(params), formats,
                     time.count(), browserEnd(sip));
}

}  // namespace

void join(SipSession& sip, BrowserSession& browser, MonoTime now) {
  if (browser.joined() == &sip) return;
  part(sip, now);
  part(browser, now);
  connect(sip, browser);
}

void joinMix(SipSession& sip, BrowserSession& browser, MonoTime now) {
  if (sip.joined() == &browser) return;
  part(sip, now);
  if (browser.joined() == nullptr && !browser.mix()) return connect(sip, browser);
  if (!browser.mix()) openMix(*browser.joined(), browser, now);
  seat(sip, browser, now);
}

void part(SipSession& sip, MonoTime now) {
  BrowserSession* const browser = sip.joined();
  if (browser == nullptr) return;
  if (browser->mix()) return leaveMix(sip, *browser, now);
  disconnect(sip, *browser, now);
}

void part(BrowserSession& browser, MonoTime now) {
  if (browser.mix()) return closeMix(browser, now);
  if (browser.joined() != nullptr) disconnect(*browser.joined(), browser, now);
}

std::string describePath(const SipSession& sip) {
  const auto& destination = sip.filter().destination();
  const std::string remote = destination ? destination->text() : "nowhere";
  return fmt::format("media {}: {} | {}", sip.port(), towardsSip(sip, remote),
                     towardsBrowser(sip, remote));
}

}  // namespace genesys::media
