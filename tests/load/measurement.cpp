#include "measurement.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace genesys::load {
namespace {

constexpr double kFoundAgain = 0.9;  // share of the stretches

std::string describe(Direction& direction) {
  auto& delays = direction.heard.delays;
  const Counts& in = direction.received;
  return fmt::format(
      R"({{"sent": {}, "received": {}, "lost": {}, "late": {}, "strange": {}, "forged": {}, )"
      R"("ssrc_changes": {}, "refused": {}, "stretches": {}, "found": {}, "malformed": {}, )"
      R"("likeness": {:.3f}, "delays": {}, "p50_ms": {:.3f}, "p99_ms": {:.3f}, "max_ms": {:.3f}}})",
      direction.sent.sent, in.received, in.lost, in.late, in.strange, in.forged, in.ssrcChanges,
      direction.sent.refused, direction.heard.stretches, direction.heard.found,
      direction.heard.malformed, direction.heard.likeness, delays.size(), quantile(delays, 0.5),
      quantile(delays, 0.99), quantile(delays, 1));
}

bool isGood(const Direction& direction) {
  const Comparison& heard = direction.heard;
  return direction.received.received > 0 && heard.malformed == 0 && heard.stretches > 0 &&
         static_cast<double>(heard.found) >= kFoundAgain * static_cast<double>(heard.stretches);
}

}  // namespace

Measurement::Measurement(const std::vector<Line*>& lines, unsigned listenEvery)
    : begun_(steadyNow()), cpu_(cpuNow()) {
  for (size_t i = 0; i < lines.size(); ++i) {
    Line* const line = lines[i];
    watched_.push_back(
        {line, i % listenEvery == 0, line->browser()->counts(), line->sip()->counts(), {}, {}});
    if (!watched_.back().listened) continue;
    line->browser()->listen(true);
    line->sip()->listen(true);
  }
}

void Measurement::stop() {
  begun_ = steadyNow() - begun_;
  cpu_ = cpuNow() - cpu_;
  for (Watched& one : watched_) {
    Leg& browser = *one.line->browser();
    Leg& sip = *one.line->sip();
    one.browser = browser.counts() - one.browser;
    one.sip = sip.counts() - one.sip;
    if (!one.listened) continue;
    browser.listen(false);
    sip.listen(false);
    one.browserHeard = browser.takeRecording();
    one.sipHeard = sip.takeRecording();
  }
}

void Measurement::compareAll() {
  for (Watched& one : watched_) {
    toBrowser_.sent += one.sip;
    toBrowser_.received += one.browser;
    toSip_.sent += one.browser;
    toSip_.received += one.sip;
    if (!one.listened) continue;
    const Leg& browser = *one.line->browser();
    const Leg& sip = *one.line->sip();
    toBrowser_.heard +=
        compare(one.sipHeard.departures, sip.voice(), one.browserHeard.arrivals, browser.format());
    toSip_.heard +=
        compare(one.browserHeard.departures, browser.voice(), one.sipHeard.arrivals, sip.format());
  }
}

std::string Measurement::finish(const std::string& kind) {
  compareAll();
  good_ = watched_.empty() || (isGood(toBrowser_) && isGood(toSip_));
  return fmt::format(R"({{"event": "{}", "calls": {}, "seconds": {:.3f}, "generator_cpu": {:.4f}, )"
                     R"("pacer_late_p99_ms": {:.3f}, "pacer_late_max_ms": {:.3f}, "good": {}, )"
                     R"("to_browser": {}, "to_sip": {}}})",
                     kind, watched_.size(), static_cast<double>(begun_) / kSecond,
                     static_cast<double>(cpu_) / static_cast<double>(std::max<Nanos>(begun_, 1)),
                     quantile(lateness_, 0.99), quantile(lateness_, 1), good_, describe(toBrowser_),
                     describe(toSip_));
}

}  // namespace genesys::load
