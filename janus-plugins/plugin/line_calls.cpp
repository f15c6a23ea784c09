// What happens to a line's calls: the agent and the desktop answer, hold, retrieve and merge them,
// and the page is told. SIP loop.
#include "plugin/line.hpp"

#include <algorithm>
#include <utility>

#include "plugin/call_info.hpp"
#include "plugin/gateway.hpp"
#include "plugin/session.hpp"
#include "util/log.hpp"

namespace genesys::plugin {
namespace {

using State = sip::CallMachine::State;

}  // namespace

std::vector<api::CallInfo> Line::calls() {
  std::vector<api::CallInfo> infos;
  for (const sip::Call* call : dn_.calls()) infos.push_back(describe(*call));
  return infos;
}

api::CallInfo Line::describe(const sip::Call& call) const {
  api::CallInfo info =
      describeCall(call, gateway_.config().agent.readableHeaders, gateway_.scheduler().now());
  info.merged = merged_.contains(info.callId);
  for (const auto& [host, ear] : ears_)
    info.heard = info.heard || std::ranges::find(ear.heard, info.callId) != ear.heard.end();
  info.recording = recordingState(info.callId);
  if (const auto volume = volumes_.find(info.callId); volume != volumes_.end())
    info.volume = volume->second;
  return info;
}

// A page has one ear: whoever takes a call up there puts the others on hold first.
void Line::takeUp(const std::string& callId) {
  const bool merged = merged_.contains(callId);
  const Host host = hosts_.hostOf(callId);
  for (sip::Call* other : dn_.calls()) {
    const std::string& id = other->facts().id;
    if (id == callId || hosts_.hostOf(id) != host || (merged && merged_.contains(id))) continue;
    if (other->answered() && !other->wantsHold() && !other->holdState().remote)
      other->hold(sdp::Direction::SendOnly);
  }
  ears_[host].focus = callId;
  routeAudio();
}

void Line::retrieve(const std::string& callId) {
  takeUp(callId);
  const bool merged = merged_.contains(callId);
  for (sip::Call* call : dn_.calls())
    if (call->facts().id == callId || (merged && merged_.contains(call->facts().id)))
      call->unhold();
  changed();
}

void Line::merge(const std::vector<std::string>& callIds) {
  merged_ = {callIds.begin(), callIds.end()};
  const Host host = hosts_.hostOf(callIds.back());
  for (const std::string& id : callIds) hosts_.assign(id, host);
  retrieve(callIds.back());
}

void Line::onCallNews(sip::Call& call, const sip::CallNews& news) {
  using Kind = sip::CallNews::Kind;
  const std::string& id = call.facts().id;
  Session* page = pageOf(id);  // a call that has ended has none
  if (news.kind == Kind::HungUp) {
    logInfo("DN {}: call {} ended: {} {} uuid={} sip_call_id={}", config_.number, id, news.code,
            news.reason, call.facts().uuid, call.facts().sipCallId);
    const api::CallInfo info = describe(call);
    gateway_.ledger().hungUp(call, news,
                             {config_.number, info.sipCodec, info.browserCodec, counters(id)});
    forget(id);
  }
  if (news.kind == Kind::Calling && dialling_) hosts_.assign(id, dialling_);
  if (news.kind == Kind::Incoming) chooseHost(id);
  if (news.kind != Kind::HungUp) page = pageOf(id);
  // A call that a REFER asked for was dialled by nobody here.
  if (news.kind == Kind::Calling && !call.facts().referredBy.empty())
    ears_[hosts_.hostOf(id)].focus = id;
  // The audio first, the news after it: who reads `accepted` can be heard.
  routeAudio();
  watchAudio();
  const auto leg = legs_.find(id);
  if (news.kind == Kind::Accepted && leg != legs_.end()) leg->second->expectAudio();
  if (page != nullptr) {
    page->callNews(call, news);
    if (news.kind != Kind::HungUp) told_[id] = comparable(call);
  }
  changed();
}

void Line::forget(const std::string& callId) {
  if (const auto audio = counters(callId))
    gateway_.measures().audioEnded(Measures::Leg::Sip, *audio);
  legs_.erase(callId);
  volumes_.erase(callId);
  told_.erase(callId);
  merged_.erase(callId);
  if (merged_.size() < 2) merged_.clear();
  hosts_.ended(callId);
  for (auto& [host, ear] : ears_)
    if (ear.focus == callId) ear.focus.clear();
}

void Line::answer(sip::Call& call) {
  takeUp(call.facts().id);
  call.accept(audioFor(call) != nullptr);
}

void Line::onTalk(sip::Call& call) {
  if (call.answered()) {
    if (call.wantsHold()) retrieve(call.facts().id);
    return;
  }
  if (call.state() != State::Ringing || config_.talkAnswers == settings::TalkPolicy::Ignore) return;
  const bool answers = config_.talkAnswers == settings::TalkPolicy::Answer;
  const char* waitsFor = !answers ? "agent" : audioFor(call) == nullptr ? "audio" : "";
  if (Session* page = pageOf(call.facts().id))
    page->tell(api::Talk{call.facts().id, answers, waitsFor});
  if (answers) answer(call);
}

void Line::onHold(sip::Call& call) {
  if (!call.answered()) return;
  call.hold(sdp::Direction::SendOnly);
  changed();
}

void Line::onAutoAnswer(sip::Call& call) {
  if (call.state() == State::Ringing) answer(call);
}

void Line::onChanged(sip::Call&) {
  changed();
}

void Line::onHoldFailed(sip::Call& call, const sip::HoldMachine::Failed& failed) {
  const std::string& id = call.facts().id;
  logWarning("DN {}: call {}: {} refused: {}", config_.number, id,
             failed.hold ? "hold" : "retrieve", failed.reason);
  if (Session* page = pageOf(id))
    page->tell(api::UpdateFailed{id, failed.hold ? "hold" : "unhold", failed.code, failed.reason});
  changed();
}

void Line::onReleased(sip::Call& call) {
  forget(call.facts().id);
  leaveSoon();
}

// Without what changes by itself.
api::CallInfo Line::comparable(const sip::Call& call) const {
  api::CallInfo info = describe(call);
  info.age = info.answered = Millis(0);
  info.state.clear();
  return info;
}

void Line::rememberTold() {
  told_.clear();
  for (const sip::Call* call : dn_.calls()) told_[call->facts().id] = comparable(*call);
}

// Tells the page of calls that look different from what it was told last.
void Line::changed() {
  routeAudio();
  for (const sip::Call* call : dn_.calls()) {
    Session* page = pageOf(call->facts().id);
    if (page == nullptr) continue;
    const auto told = told_.find(call->facts().id);
    if (told == told_.end()) continue;  // not announced yet
    api::CallInfo now = comparable(*call);
    if (now == told->second) continue;
    told->second = std::move(now);
    page->tell(api::CallChanged{call->facts().id, describe(*call)});
  }
}

}  // namespace genesys::plugin
