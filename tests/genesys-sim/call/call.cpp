#include "call/call.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "util/log.hpp"
#include "util/text.hpp"

namespace genesys::sim {
namespace {

constexpr size_t kMaxNotes = 500;
constexpr size_t kMaxNotedBody = 512;
constexpr const char* kForm = "application/x-www-form-urlencoded";

std::string decoded(std::string_view text) {
  std::string blanks(text);
  std::replace(blanks.begin(), blanks.end(), '+', ' ');
  return unescapeUri(blanks);
}

}  // namespace

std::map<std::string, std::string> parseForm(const std::string& body) {
  std::map<std::string, std::string> out;
  for (size_t at = 0; at < body.size();) {
    const size_t end = std::min(body.find('&', at), body.size());
    const std::string_view pair = std::string_view(body).substr(at, end - at);
    const size_t equals = pair.find('=');
    if (equals != std::string_view::npos)
      out[decoded(pair.substr(0, equals))] = decoded(pair.substr(equals + 1));
    at = end + 1;
  }
  return out;
}

Result<std::shared_ptr<MediaPeer>> CallContext::openPeer(const MediaPeer::Settings& settings,
                                                         const std::string& play,
                                                         bool atMediaServer) const {
  auto source = sources.make(play);
  if (!source) return Failure{source.error()};
  auto taken = (atMediaServer ? mediaServerPorts : ports).take();
  if (!taken) return Failure{taken.error()};
  MediaPeer::Settings filled = settings;
  filled.ip = atMediaServer ? mediaServerIp : mediaIp;
  filled.sessionId = 1'700'000'000 + sip.ids.random32() % 100'000'000;
  auto peer =
      std::make_shared<MediaPeer>(sip.loop, std::move(taken).value(), filled, sip.ids.random32());
  peer->play(play, std::move(source).value());
  return peer;
}

Call::Call(const CallContext& context, std::string id, std::string kind, std::string from,
           std::string to)
    : context_(context),
      id_(std::move(id)),
      kind_(std::move(kind)),
      from_(std::move(from)),
      to_(std::move(to)),
      callUuid_(context.sip.ids.callUuid()) {}

Call::~Call() {
  for (const auto& leg : legs_) leg->detach(*this);
}

std::shared_ptr<Leg> Call::addLeg() {
  return legs_.emplace_back(std::make_shared<Leg>(context_.sip, *this));
}

void Call::takeLeg(const std::shared_ptr<Leg>& leg) {
  leg->observe(*this);
  leg->dialog().callUuid = callUuid_;
  legs_.push_back(leg);
}

std::shared_ptr<Leg> Call::releaseLeg(const Leg& leg) {
  const auto found = std::find_if(legs_.begin(), legs_.end(),
                                  [&](const auto& candidate) { return candidate.get() == &leg; });
  if (found == legs_.end()) return nullptr;
  auto out = *found;
  legs_.erase(found);
  return out;
}

std::shared_ptr<Leg> Call::legOf(const std::string& dn) const {
  if (legs_.empty()) return nullptr;
  if (dn.empty()) return legs_.back();
  for (const auto& leg : legs_)
    if (leg->dn() == dn) return leg;
  return nullptr;
}

std::optional<int64_t> Call::since(const std::optional<MonoTime>& time) const {
  if (!time) return std::nullopt;
  return std::chrono::duration_cast<Millis>(*time - createdAt_).count();
}

void Call::note(std::string text) {
  logInfo("call {} ({} to {}): {}", id_, from_, to_, text);
  if (notes_.size() < kMaxNotes) notes_.push_back({*since(MonoClock::now()), std::move(text)});
}

void Call::ringing() {
  if (state_ != LegState::Calling) return;
  state_ = LegState::Ringing;
  ringingAt_ = MonoClock::now();
  if (onRinging) onRinging(*this);
}

void Call::answered() {
  if (state_ == LegState::Answered || state_ == LegState::Ended) return;
  state_ = LegState::Answered;
  answeredAt_ = MonoClock::now();
  note("answered");
}

void Call::over(const Ending& ending) {
  if (state_ == LegState::Ended) return;
  state_ = LegState::Ended;
  endedAt_ = MonoClock::now();
  ending_ = ending;
  note(fmt::format("ended by {}{}{}", ending.byRemote ? "the phone" : "us",
                   ending.status ? fmt::format(": {} {}", ending.status, ending.phrase) : "",
                   ending.reason.empty() ? "" : " (" + ending.reason + ")"));
  if (onOver) onOver(*this);
}

void Call::setCallUuid(const std::string& uuid) {
  callUuid_ = uuid;
  for (const auto& leg : legs_) leg->dialog().callUuid = uuid;
}

void Call::dissolve() {
  for (const auto& [name, media] : parties()) media->rtp().close();
  over({});
}

Result<Done> Call::hold(Leg&) {
  ReinviteOptions options;
  options.sdp = "blackhole";
  return reinvite(options);
}

Result<Done> Call::retrieve(Leg&) {
  return reinvite({});
}

void Call::refer(Leg& leg, const std::string& to, const std::string& replaces,
                 const std::string& referredBy) {
  const std::string at = context_.sip.transactions.local().hostPort();
  referral_.emplace();
  referral_->referTo = fmt::format("<sip:{}@{}{}>", to, at,
                                   replaces.empty() ? "" : "?Replaces=" + escapeForUri(replaces));
  note("REFER to " + referral_->referTo);
  std::vector<RawHeader> headers{{"Refer-To", referral_->referTo},
                                 {"Referred-By", fmt::format("<sip:{}@{}>", referredBy, at)}};
  leg.request("REFER", std::move(headers), {}, {},
              [weak = weak_from_this()](int status, const SipMessage*) {
                const auto self = weak.lock();
                if (!self) return;
                self->referral_->status = status ? status : 408;
                self->note(fmt::format("REFER answered {}", status));
              });
}

void Call::readNotify(Leg& leg, const SipMessage& notify) {
  if (referral_ && referral_->read(notify) && referral_->succeeded()) leg.hangUp();
}

void Call::readInfo(const SipMessage& info) {
  if (!startsWithIgnoreCase(info.contentType, kForm)) return;
  for (const auto& [name, value] : parseForm(info.body)) userData_[name] = value;
}

bool Call::answerCommon(Leg& leg, const ServerTransactionPtr& request) {
  const SipMessage& message = request->request();
  note(fmt::format("{} {}{}", message.method, message.contentType,
                   message.body.empty() ? "" : ": " + message.body.substr(0, kMaxNotedBody)));
  if (message.method == "INVITE" || message.method == "UPDATE") return false;
  if (message.method == "REFER") {
    context_.onRefer(*this, leg, request);
  } else if (message.method == "SUBSCRIBE" || message.method == "PUBLISH") {
    request->respond(ResponseParts{405, {}, {}, {{"Allow", kAllowInitial}}, {}, {}});
  } else {
    leg.answerRequest(request, {});
    if (message.method == "INFO") readInfo(message);
    if (message.method == "NOTIFY") readNotify(leg, message);
  }
  return true;
}

}  // namespace genesys::sim
