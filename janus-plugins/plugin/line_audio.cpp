// A line's audio: the legs of its calls, and which of them meet the agent's browser. SIP loop.
#include "plugin/line.hpp"

#include <algorithm>
#include <utility>

#include "plugin/audio_route.hpp"
#include "plugin/call_leg.hpp"
#include "plugin/gateway.hpp"
#include "plugin/session.hpp"

namespace genesys::plugin {
namespace {

// Early media of either side, or answered.
bool audible(const sip::Call& call) {
  return call.answered() || (call.live() && call.hasAudio());
}

}  // namespace

Result<std::unique_ptr<sip::CallAudio>> Line::openAudio(const std::string& callId) {
  const std::weak_ptr<bool> alive = alive_;
  Scheduler& scheduler = gateway_.scheduler();
  auto observer = [this, alive, callId, &scheduler](const media::SipLegEvent& event) {
    scheduler.post([this, alive, callId, event] {
      if (alive.lock()) onLegEvent(callId, event);
    });
  };
  auto leg = gateway_.media().openSipLeg(worker_, std::move(observer));
  if (!leg) return Failure{leg.error()};
  legs_[callId] = leg.value();
  return std::unique_ptr<sip::CallAudio>(std::make_unique<CallLeg>(leg.value()));
}

void Line::onLegEvent(const std::string& callId, const media::SipLegEvent& event) {
  Session* page = session();
  if (page == nullptr || dn_.find(callId) == nullptr) return;
  if (const auto* digit = std::get_if<media::DigitReceived>(&event))
    page->tell(api::DigitReceived{callId, digit->digit, digit->duration});
}

std::optional<media::LegCounters> Line::counters(const std::string& callId) const {
  const auto leg = legs_.find(callId);
  if (leg == legs_.end()) return std::nullopt;
  return leg->second->counters();
}

// The one place where a call's audio meets the agent's.
void Line::routeAudio() {
  std::vector<AudibleCall> audibles;
  for (const sip::Call* call : dn_.calls())
    if (audible(*call))
      audibles.push_back({call->facts().id, call->wantsHold(), call->holdState().remote,
                          merged_.contains(call->facts().id)});
  const auto browser = browserAudio();
  auto heard = heardCalls(audibles, focus_);
  if (heard == heard_ && browser == routedTo_) return;
  for (const auto& [id, leg] : legs_)
    if (std::find(heard.begin(), heard.end(), id) == heard.end()) leg->join(nullptr);
  for (const std::string& id : heard) {
    const auto leg = legs_.find(id);
    if (leg == legs_.end()) continue;
    if (heard.size() == 1)
      leg->second->join(browser);
    else
      leg->second->joinMix(browser);
  }
  heard_ = std::move(heard);
  routedTo_ = browser;
}

void Line::watchAudio() {
  bool waiting = false;
  for (const sip::Call* call : dn_.calls()) waiting = waiting || call->answered();
  if (!waiting || browserAudio()) return audioWindow_.reset();
  if (audioWindow_) return;
  audioWindow_ = gateway_.scheduler().after(gateway_.config().agent.resumeWindow, [this] {
    for (sip::Call* call : dn_.calls())
      if (call->answered()) call->giveUp(480, "the agent's audio did not come back");
  });
}

}  // namespace genesys::plugin
