#include "media/join.hpp"

#include <fmt/format.h>

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
}

void disconnect(SipSession& sip, BrowserSession& browser, MonoTime now) {
  browser.receiver().setSink(nullptr);
  sip.receiver().setSink(nullptr);
  browser.sender().pause(now);
  sip.sender().pause(now);
  browser.setJoined(nullptr);
  sip.setJoined(nullptr);
}

std::string browserEnd(const SipSession& sip) {
  if (sip.joined() == nullptr) return "nobody";
  const Codec& codec = opus();
  return fmt::format("browser {}/{} {}", codec.name, codec.rtpClock, sip.joined()->payloadType());
}

std::string towardsSip(const SipSession& sip, const std::string& remote) {
  const SipLegParams& params = sip.params();
  if (!params.sending || params.send.codec == nullptr || !sip.filter().destination())
    return "nothing is sent";
  const Codec& codec = *params.send.codec;
  std::string digits = params.sendDigitsAs ? fmt::format(" digits {}", *params.sendDigitsAs) : "";
  return fmt::format("{} -> reorder -> opus@{} -> {} -> rtp {}{} {} ms -> {}", browserEnd(sip),
                     codec.sampleRate, codec.name, params.send.payloadType, digits, params.ptimeMs,
                     remote);
}

std::string towardsBrowser(const SipSession& sip, const std::string& remote) {
  const SipLegParams& params = sip.params();
  if (!params.receiving || !sip.filter().destination()) return "nothing is received";
  std::string formats;
  for (const auto& format : params.receive)
    if (format.codec != nullptr)
      formats += fmt::format(" {}/{}", format.payloadType, format.codec->name);
  if (params.receiveDigitsAs) formats += fmt::format(" {}/digits", *params.receiveDigitsAs);
  return fmt::format("{} -> rtp{} -> 20 ms -> {}", remote, formats, browserEnd(sip));
}

}  // namespace

void join(SipSession& sip, BrowserSession& browser, MonoTime now) {
  if (sip.joined() == &browser) return;
  part(sip, now);
  part(browser, now);
  connect(sip, browser);
}

void part(SipSession& sip, MonoTime now) {
  if (sip.joined() != nullptr) disconnect(sip, *sip.joined(), now);
}

void part(BrowserSession& browser, MonoTime now) {
  if (browser.joined() != nullptr) disconnect(*browser.joined(), browser, now);
}

std::string describePath(const SipSession& sip) {
  const auto& destination = sip.filter().destination();
  const std::string remote = destination ? destination->text() : "nowhere";
  return fmt::format("media {}: {} | {}", sip.port(), towardsSip(sip, remote),
                     towardsBrowser(sip, remote));
}

}  // namespace genesys::media
