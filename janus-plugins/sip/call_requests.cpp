// What a call sends and gets inside its dialog besides INVITE and BYE: INFO, MESSAGE, REFER,
// NOTIFY. SIP loop.
#include <utility>

#include "sip/call.hpp"
#include "sip/phrase.hpp"
#include "util/log.hpp"
#include "util/text.hpp"

namespace genesys::sip {

void Call::transfer(const std::string& uri, const DialogId* replaced, const std::string& by) {
  dialog_->send(SendRefer{formatReferTo(uri, replaced), "<" + by + ">"});
}

void Call::reportReferral(int status, const std::string& phrase) {
  if (live()) dialog_->send(SendReferProgress{status, phrase});
}

// What sip-cti-control of the DN has SIP Server send (dialect, section 3.1), and how far a transfer
// of ours is. Everything else has had its 200 and means nothing.
void Call::notified(const SipMessage& message) {
  if (learn(message)) observer_.onChanged(*this);
  if (message.event == "talk") return observer_.onTalk(*this);
  if (message.event == "hold") return observer_.onHold(*this);
  if (message.event != "refer") return;
  observer_.onCallRequest(*this, NotifyCame{message});
  const SipfragStatus status = parseSipfrag(message.body);
  const bool over = startsWithIgnoreCase(message.header("Subscription-State"), "terminated");
  transferWent(status.code, status.phrase, over || status.code >= 200);
}

// The transferor ends its own call once the other side has somebody to talk to (RFC 5589 section
// 6).
void Call::transferWent(int code, const std::string& phrase, bool final) {
  observer_.onCallRequest(*this, TransferProgress{code, phrase, final});
  if (final && code >= 200 && code < 300) giveUp(200, "transferred");
}

void Call::requestAnswered(const RequestAnswered& answer) {
  if (answer.method == "REFER" && answer.status >= 300)
    transferWent(answer.status, answer.phrase, true);
  if (answer.method == "MESSAGE")
    observer_.onCallRequest(*this, MessageDelivered{answer.status, answer.phrase});
  if (answer.method == "INFO" && answer.status >= 300)
    logWarning("call {}: INFO refused with {} {}", facts_.id, answer.status, answer.phrase);
}

void Call::infoReceived(const SipMessage& message) {
  if (learn(message)) observer_.onChanged(*this);
  if (const auto digit = parseDigitInfo(message.contentType, message.body))
    return observer_.onCallRequest(*this, DigitByInfo{digit->digit, Millis(digit->durationMs)});
  observer_.onCallRequest(*this, InfoCame{message});
}

void Call::referReceived(const SipMessage& message) {
  learn(message);
  const auto target = parseReferTo(message.referTo);
  if (!target) return dialog_->respondToRefer(400, "Bad Refer-To");
  const int status = answered() ? observer_.onRefer(*this, *target, message) : 603;
  dialog_->respondToRefer(status, status == 202 ? "Accepted" : reasonPhrase(status));
}

DialogId Call::dialogId() const {
  return {facts_.sipCallId, facts_.localTag, facts_.remoteTag};
}

// Requests of the far end carry its tag in From, answers to ours carry it in To (RFC 3261 12.1).
bool Call::learn(const SipMessage& message) {
  const bool answer = message.status != 0;
  const std::string& local = answer ? message.fromTag : message.toTag;
  const std::string& remote = answer ? message.toTag : message.fromTag;
  if (!local.empty()) facts_.localTag = local;
  if (!remote.empty()) facts_.remoteTag = remote;
  if (facts_.sipCallId.empty()) facts_.sipCallId = message.callId;
  const auto uuid = message.header("X-Genesys-CallUUID");
  if (uuid.empty() || uuid == facts_.uuid) return false;
  facts_.uuid = uuid;
  return true;
}

}  // namespace genesys::sip
