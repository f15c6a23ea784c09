// A line's audio: the legs of its calls, and which of them meet the agent's browser. SIP loop.
#include "plugin/line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "plugin/audio_route.hpp"
#include "plugin/call_leg.hpp"
#include "plugin/gateway.hpp"
#include "plugin/session.hpp"
#include "sip/address.hpp"
#include "util/log.hpp"

namespace genesys::plugin {
namespace {

// Early media of either side, or answered.
bool audible(const sip::Call& call) {
  return call.answered() || (call.live() && call.hasAudio());
}

bool ofBrowser(media::AudioMissing::Side side) {
  return side == media::AudioMissing::Side::Browser;
}

std::string missingReason(const media::AudioMissing& missing) {
  if (ofBrowser(missing.side))
    return fmt::format("nothing received from the browser{}", missing.stopped ? " any more" : "");
  return fmt::format("nothing received from {}{}",
                     sip::hostPort(missing.from.address, missing.from.port),
                     missing.stopped ? " any more" : " since the media moved");
}

media::AudioLevels toLevels(const api::CallVolume& volume) {
  return {.agent = {static_cast<double>(volume.gainDb), volume.muted},
          .farEnd = {static_cast<double>(volume.peerGainDb), volume.peerMuted}};
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
  volumes_[callId] = {.gainDb = config_.gainDb, .peerGainDb = config_.peerGainDb};
  leg.value()->setLevels(toLevels(volumes_[callId]));
  const bool tones = config_.digits != settings::DigitMode::Info;
  return std::unique_ptr<sip::CallAudio>(std::make_unique<CallLeg>(leg.value(), tones));
}

api::CallVolume Line::changeVolume(const std::string& callId, const api::ChangeVolume& request) {
  api::CallVolume& volume = volumes_[callId];
  volume.muted = request.muted.value_or(volume.muted);
  volume.peerMuted = request.peerMuted.value_or(volume.peerMuted);
  volume.gainDb = request.gainDb.value_or(volume.gainDb);
  volume.peerGainDb = request.peerGainDb.value_or(volume.peerGainDb);
  if (const auto leg = legs_.find(callId); leg != legs_.end())
    leg->second->setLevels(toLevels(volume));
  return volume;
}

void Line::onLegEvent(const std::string& callId, const media::SipLegEvent& event) {
  if (dn_.find(callId) == nullptr) return;
  const auto tell = [page = pageOf(callId)](const api::Event& news) {
    if (page != nullptr) page->tell(news);
  };
  if (const auto* digit = std::get_if<media::DigitReceived>(&event))
    tell(api::DigitReceived{callId, digit->digit, digit->duration});
  if (const auto* missing = std::get_if<media::AudioMissing>(&event)) {
    std::string reason = missingReason(*missing);
    logWarning("DN {}: call {}: {}", config_.number, callId, reason);
    tell(api::AudioNews{callId, ofBrowser(missing->side), false, std::move(reason)});
  }
  if (const auto* returned = std::get_if<media::AudioReturned>(&event))
    tell(api::AudioNews{callId, ofBrowser(returned->side), true, ""});
}

std::optional<media::LegCounters> Line::counters(const std::string& callId) const {
  const auto leg = legs_.find(callId);
  if (leg == legs_.end()) return std::nullopt;
  return leg->second->counters();
}

std::shared_ptr<media::BrowserLeg> Line::audioOf(Host host) const {
  const Session* page = host ? gateway_.session(*host) : session();
  return page != nullptr ? page->peerConnection().audio() : nullptr;
}

std::shared_ptr<media::BrowserLeg> Line::audioFor(const sip::Call& call) const {
  return audioOf(hosts_.hostOf(call.facts().id));
}

std::vector<std::string> Line::heardBy(Host host, const std::string& focus) {
  std::vector<AudibleCall> audibles;
  for (const sip::Call* call : dn_.calls()) {
    const std::string& id = call->facts().id;
    if (audible(*call) && hosts_.hostOf(id) == host)
      audibles.push_back({id, call->wantsHold(), call->holdState().remote, merged_.contains(id)});
  }
  return heardCalls(audibles, focus);
}

// The one place where a call's audio meets the agent's.
void Line::routeAudio() {
  std::vector<Host> hosts{std::nullopt};
  hosts.insert(hosts.end(), hosts_.helpers().begin(), hosts_.helpers().end());
  std::set<std::string> heardSomewhere;
  std::vector<Ear*> changed;
  for (const Host host : hosts) {
    Ear& ear = ears_[host];
    auto heard = heardBy(host, ear.focus);
    auto browser = audioOf(host);
    heardSomewhere.insert(heard.begin(), heard.end());
    if (heard == ear.heard && browser == ear.browser) continue;
    ear.heard = std::move(heard);
    ear.browser = std::move(browser);
    changed.push_back(&ear);
  }
  if (changed.empty()) return;
  for (const auto& [id, leg] : legs_)
    if (!heardSomewhere.contains(id)) leg->join(nullptr);
  for (const Ear* ear : changed)
    for (const std::string& id : ear->heard) {
      const auto leg = legs_.find(id);
      if (leg == legs_.end()) continue;
      if (ear->heard.size() == 1)
        leg->second->join(ear->browser);
      else
        leg->second->joinMix(ear->browser);
    }
}

void Line::watchAudio() {
  const auto unheard = [this](const sip::Call* call) {
    return call->answered() && !audioFor(*call);
  };
  const auto calls = dn_.calls();
  if (std::none_of(calls.begin(), calls.end(), unheard)) return audioWindow_.reset();
  if (audioWindow_) return;
  audioWindow_ = gateway_.scheduler().after(gateway_.config().agent.resumeWindow, [this, unheard] {
    for (sip::Call* call : dn_.calls())
      if (unheard(call)) call->giveUp(480, "the agent's audio did not come back");
  });
}

}  // namespace genesys::plugin
