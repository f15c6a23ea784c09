// Any octets as a run of datagrams (length in two octets, then the datagram; the first octet says
// to whom, and that of the first datagram whether digits are tones): RTP from the far end, RTP from
// the browser, RTCP. They go through both receiving halves into both sending halves, in virtual
// time. Beyond not crashing, what goes out must be RTP whose numbers never jump on the SIP side.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <span>

#include "media/browser_receiver.hpp"
#include "media/browser_sender.hpp"
#include "media/rtcp.hpp"
#include "media/sip_receiver.hpp"
#include "media/sip_sender.hpp"

using namespace genesys;
using namespace genesys::media;

namespace {

void require(bool truth, const char* what) {
  if (truth) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

class Checked : public RtpOutput {
 public:
  explicit Checked(bool unbroken) : unbroken_(unbroken) {}
  void sendRtp(std::span<const uint8_t> datagram) override {
    const auto packet = parseRtp(datagram);
    require(packet.has_value(), "what goes out is RTP");
    require(!packet->payload.empty(), "it carries something");
    if (unbroken_ && last_)
      require(packet->header.sequence == static_cast<uint16_t>(last_->sequence + 1),
              "sequence numbers never jump");
    if (last_) require(packet->header.ssrc == last_->ssrc, "the SSRC stays");
    last_ = packet->header;
  }

 private:
  const bool unbroken_;
  std::optional<RtpHeader> last_;
};

/// A call without sockets and threads.
struct Call {
  Call(MonoTime now, bool tones, bool passing) : towardsSip(!passing) {
    SipSender::Params params;
    params.codec = passing ? &opus() : &pcma();
    params.payloadType = passing ? 111 : 8;
    if (!tones) params.digitPayloadType = 101;
    params.digitsAsTones = tones;
    sipSender.configure(params, now);
    sipReceiver.configure(
        {{0, &pcmu()}, {8, &pcma()}, {9, &g722()}, {111, &opus()}, {112, &l16At16000()}},
        params.digitPayloadType, tones);
    sipReceiver.setSink(&browserSender);
    browserReceiver.setSink(&sipSender);
  }

  void run(MonoTime now) {
    sipReceiver.run(now);
    browserReceiver.run(now);
    browserSender.run(now);
    sipSender.run(now);
    require(sipSender.due() > now, "everything due was sent");
  }

  Random random{1};
  StreamGauge gauge;
  Checked towardsSip;  ///< unbroken, unless what is lost is left for the far end to conceal
  Checked towardsBrowser{false};
  SipSender sipSender{towardsSip, gauge, random};
  BrowserSender browserSender{towardsBrowser, gauge, random};
  SipReceiver sipReceiver{gauge};
  BrowserReceiver browserReceiver{gauge};
};

void deliver(Call& call, uint8_t to, std::span<const uint8_t> datagram, MonoTime now) {
  if (to % 4 == 3) {
    readRtcp(datagram, call.sipSender.ssrc());
    return;
  }
  const auto packet = parseRtp(datagram);
  if (!packet) return;
  require(packet->payload.size() + kRtpHeaderOctets <= datagram.size(), "payload fits");
  if (to % 4 == 1)
    call.browserReceiver.received(*packet, now);
  else
    call.sipReceiver.received(*packet, now);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  MonoTime now{std::chrono::hours(1)};
  Call call(now, size > 0 && data[0] & 0x20, size > 0 && data[0] & 0x40);
  std::span<const uint8_t> rest(data, size);
  for (int packets = 0; packets < 64 && rest.size() >= 3; ++packets) {
    const uint8_t to = rest[0];
    const size_t octets = std::min<size_t>(readUint16(&rest[1]), rest.size() - 3);
    rest = rest.subspan(3);
    deliver(call, to, rest.first(octets), now);
    if (to & 0x80 && !call.sipSender.queueDigit(static_cast<char>(to & 0x7f), Millis(60)))
      call.sipSender.pause(now);
    rest = rest.subspan(octets);
    now += Millis(1 << (to >> 2 & 7));  // 1-128 ms
    call.run(now);
  }
  return 0;
}
