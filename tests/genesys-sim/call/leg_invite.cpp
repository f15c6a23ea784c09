// The INVITEs of a leg: ours, their answers, ACK and CANCEL.
#include <fmt/format.h>

#include "call/leg.hpp"

namespace genesys::sim {
namespace {

constexpr const char* kSdp = "application/sdp";

std::string valueOr(const std::string* value, const std::string& fallback = {}) {
  return value ? *value : fallback;
}

}  // namespace

std::string contactOf(const std::string& user, const Peer& local, const Peer& remote) {
  return fmt::format("<sip:{}@{}{}>", user, local.hostPort(),
                     remote.transport == TransportKind::Tcp ? ";transport=tcp" : "");
}

void Leg::invite(const InviteSpec& spec) {
  const Peer& local = context_.transactions.local();
  outgoing_ = true;
  dialog_.callId = context_.ids.callId(local.ipText());
  dialog_.localTag = context_.ids.tag();
  dialog_.localValue = spec.from + ";tag=" + dialog_.localTag;
  dialog_.remoteValue = spec.to;
  dialog_.target = spec.target;
  dialog_.peer = spec.peer;
  dialog_.localContact = contactOf(spec.contactUser, local, spec.peer);
  dialog_.callUuid = spec.callUuid;
  RequestParts parts = dialog_.request("INVITE", local, context_.ids.branch());
  parts.contact = dialog_.localContact;
  parts.allow = kAllowInitial;
  parts.sessionTimer = true;
  parts.supported = spec.sdp ? "uui,100rel,timer" : "timer";
  parts.extra = spec.headers;
  parts.contentType = kSdp;
  parts.body = spec.sdp.value_or("");
  sendInvite(std::move(parts), nullptr);
}

void Leg::sendInvite(RequestParts parts, OnFinal onFinal) {
  const bool first = state_ == LegState::Calling;
  if (first) invite_ = parts;
  ClientRequest request;
  request.bytes = writeRequest(parts);
  request.method = "INVITE";
  request.branch = parts.branch;
  request.to = dialog_.peer;
  request.makeFailureAck = [parts](const SipMessage& response) {
    return writeFailureAck(parts, valueOr(response.header("To"), parts.to));
  };
  request.onResponse = [weak = weak_from_this(), first, onFinal](const SipMessage& response) {
    const auto self = weak.lock();
    if (!self) return;
    if (first)
      self->onInviteResponse(response);
    else
      self->onReinviteResponse(response, onFinal);
  };
  request.onTimeout = [weak = weak_from_this(), first, onFinal] {
    const auto self = weak.lock();
    if (!self) return;
    self->reinviting_ = false;
    if (!first) return onFinal(0, nullptr);
    self->end({false, 408, "no answer to the INVITE in 32 s", {}});
  };
  context_.transactions.send(std::move(request));
}

/// The proxies stand in the order in which the INVITE passed them (RFC 3261 section 12.1.2).
void Leg::learnRemote(const SipMessage& response) {
  dialog_.learnRoutes({response.recordRoute.rbegin(), response.recordRoute.rend()});
  dialog_.learnRemote(response, *response.header("To"), response.toTag);
}

void Leg::onInviteResponse(const SipMessage& response) {
  if (response.status < 200) {
    if (state_ == LegState::Ended) return;
    provisional_ = true;
    if (!response.toTag.empty()) learnRemote(response);
    if (response.status > 100 && state_ == LegState::Calling) state_ = LegState::Ringing;
    if (cancelled_) return cancel();
    if (response.status > 100 && observer_) observer_->onProgress(*this, response);
    return;
  }
  if (response.status >= 300)
    return end({!cancelled_, response.status, response.phrase, valueOr(response.header("Reason"))});
  if (repeatAck(response) || owedAck_ || state_ == LegState::Answered) return;
  learnRemote(response);
  owedAck_ = response.cseq;
  if (state_ == LegState::Ended) {  // we had given up on it
    ack();
    return sendBye({});
  }
  state_ = LegState::Answered;
  if (cancelled_) return hangUp();  // the CANCEL crossed the 2xx
  if (observer_) observer_->onAnswer(*this, response);
}

void Leg::onReinviteResponse(const SipMessage& response, const OnFinal& onFinal) {
  if (response.status < 200) return;
  reinviting_ = false;
  if (response.status >= 300) return onFinal(response.status, &response);
  if (repeatAck(response) || owedAck_ == response.cseq) return;
  dialog_.learnRemote(response, *response.header("To"), response.toTag);
  owedAck_ = response.cseq;
  onFinal(response.status, &response);
}

bool Leg::repeatAck(const SipMessage& response) const {
  if (lastAck_.empty() || response.cseq != lastAckCseq_) return false;
  context_.transactions.sendStateless(lastAck_, dialog_.peer);
  return true;
}

void Leg::ack(const std::optional<std::string>& sdp, bool terminal) {
  if (!owedAck_) return;
  const uint32_t counter = dialog_.cseq;
  RequestParts parts = dialog_.request("ACK", context_.transactions.local(), context_.ids.branch());
  dialog_.cseq = counter;  // an ACK takes the number of its INVITE
  parts.cseq = *owedAck_;
  parts.maxForwards = !terminal;
  parts.contentType = kSdp;
  parts.body = sdp.value_or("");
  lastAck_ = writeRequest(parts);
  lastAckCseq_ = parts.cseq;
  owedAck_.reset();
  context_.transactions.sendStateless(lastAck_, dialog_.peer);
}

void Leg::cancel() {
  if (cancelTimer_) return;
  ClientRequest request;
  request.bytes = writeCancel(invite_);
  request.method = "CANCEL";
  request.branch = invite_.branch;
  request.to = dialog_.peer;
  context_.transactions.send(std::move(request));
  cancelTimer_ = std::make_unique<Timer>(context_.loop, [weak = weak_from_this()] {
    if (const auto self = weak.lock())
      self->end({false, 408, "no answer to the cancelled INVITE in 32 s", {}});
  });
  cancelTimer_->start(kTransactionTimeout);
}

void Leg::reinvite(const std::optional<std::string>& sdp, OnFinal onFinal) {
  RequestParts parts =
      dialog_.request("INVITE", context_.transactions.local(), context_.ids.branch());
  parts.contact = dialog_.localContact;
  parts.allow = kAllowReinvite;
  parts.sessionTimer = true;
  parts.supported = "timer";
  parts.contentType = kSdp;
  parts.body = sdp.value_or("");
  reinviting_ = true;
  sendInvite(std::move(parts), std::move(onFinal));
}

}  // namespace genesys::sim
