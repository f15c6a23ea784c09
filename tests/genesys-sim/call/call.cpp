#include "call/call.hpp"

#include <fmt/format.h>

#include "util/log.hpp"

namespace genesys::sim {
namespace {

constexpr size_t kMaxNotes = 500;
constexpr size_t kMaxNotedBody = 512;

}  // namespace

Call::Call(const CallContext& context, std::string id, std::string kind, std::string from,
           std::string to)
    : context_(context),
      id_(std::move(id)),
      kind_(std::move(kind)),
      from_(std::move(from)),
      to_(std::move(to)),
      callUuid_(context.sip.ids.callUuid()) {}

Call::~Call() {
  for (const auto& leg : legs_) leg->detach();
}

std::shared_ptr<Leg> Call::addLeg() {
  return legs_.emplace_back(std::make_shared<Leg>(context_.sip, *this));
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

bool Call::answerCommon(Leg& leg, const ServerTransactionPtr& request) {
  const SipMessage& message = request->request();
  note(fmt::format("{} {}{}", message.method, message.contentType,
                   message.body.empty() ? "" : ": " + message.body.substr(0, kMaxNotedBody)));
  if (message.method == "INVITE" || message.method == "UPDATE") return false;
  if (message.method == "REFER") {
    request->respond(501);
  } else if (message.method == "SUBSCRIBE" || message.method == "PUBLISH") {
    request->respond(ResponseParts{405, {}, {}, {{"Allow", kAllowInitial}}, {}, {}});
  } else {
    leg.answerRequest(request, {});
  }
  return true;
}

}  // namespace genesys::sim
