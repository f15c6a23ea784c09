#include "call/leg.hpp"

#include <fmt/format.h>

namespace genesys::sim {
namespace {

constexpr const char* kSdp = "application/sdp";

std::string valueOrEmpty(const std::string* value) {
  return value ? *value : std::string();
}

}  // namespace

const char* nameOf(LegState state) {
  static constexpr const char* kNames[] = {"calling", "ringing", "answered", "ended"};
  return kNames[static_cast<int>(state)];
}

std::string Leg::dn() const {
  const size_t user = dialog_.target.find(':') + 1;
  const size_t at = dialog_.target.find('@');
  return at == std::string::npos ? std::string() : dialog_.target.substr(user, at - user);
}

void Leg::adopt(const ServerTransactionPtr& invite, const std::string& contactUser,
                const std::string& callUuid) {
  const SipMessage& request = invite->request();
  serverInvite_ = invite;
  dialog_.callId = request.callId;
  dialog_.localTag = invite->localTag();
  dialog_.localValue = *request.header("To") + ";tag=" + dialog_.localTag;
  dialog_.peer = invite->from();
  dialog_.localContact = contactOf(contactUser, context_.transactions.local(), invite->from());
  dialog_.callUuid = callUuid;
  dialog_.target = request.from.text;
  dialog_.learnRoutes(request.recordRoute);
  dialog_.learnRemote(request, *request.header("From"), request.fromTag);
  invite->onCancel = [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self || self->state_ == LegState::Ended) return;
    self->serverInvite_->respond(487);
    self->end({true, 487, "cancelled by the phone", {}});
  };
  invite->onNoAck = [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->hangUp("SIP;cause=408;text=\"no ACK\"");
  };
}

ResponseParts Leg::withContact(int status, const std::optional<std::string>& sdp) const {
  ResponseParts parts{status, {}, {}, {{"Contact", dialog_.localContact}}, kSdp, sdp.value_or("")};
  if (status < 300) parts.headers.push_back({"Allow", kAllowInitial});
  parts.headers.push_back({"X-Genesys-CallUUID", dialog_.callUuid});
  return parts;
}

void Leg::progress(int status, const std::optional<std::string>& sdp) {
  if (state_ == LegState::Answered || state_ == LegState::Ended) return;
  state_ = LegState::Ringing;
  serverInvite_->respond(withContact(status, sdp));
}

void Leg::answer(const std::string& sdp) {
  if (state_ == LegState::Answered || state_ == LegState::Ended) return;
  state_ = LegState::Answered;
  ResponseParts parts = withContact(200, sdp);
  parts.headers.push_back({"Supported", "timer"});
  serverInvite_->respond(std::move(parts));
}

void Leg::reject(int status, const std::string& phrase, std::vector<RawHeader> headers) {
  if (state_ == LegState::Answered || state_ == LegState::Ended) return;
  std::string reason;
  for (const RawHeader& header : headers)
    if (header.name == "Reason") reason = header.value;
  const std::string words = phrase.empty() ? phraseOf(status) : phrase;
  serverInvite_->respond(ResponseParts{status, words, {}, std::move(headers), {}, {}});
  end({false, status, words, reason});
}

void Leg::hangUp(const std::string& reason) {
  switch (state_) {
    case LegState::Ended:
      return;
    case LegState::Answered:
      ack();  // never BYE in front of an ACK that is owed
      sendBye(reason);
      return end({false, 0, {}, reason});
    case LegState::Calling:
    case LegState::Ringing:
      if (!outgoing_)
        return reject(
            603, {},
            reason.empty() ? std::vector<RawHeader>{} : std::vector<RawHeader>{{"Reason", reason}});
      cancelled_ = true;
      // Without a provisional answer the CANCEL waits for one, a 100 will do (RFC 3261
      // section 9.1).
      if (provisional_) cancel();
  }
}

void Leg::sendBye(const std::string& reason) {
  std::vector<RawHeader> headers;
  if (!reason.empty()) headers.push_back({"Reason", reason});
  request("BYE", std::move(headers), {}, {}, [](int, const SipMessage*) {});
}

void Leg::request(const std::string& method, std::vector<RawHeader> headers,
                  const std::string& contentType, const std::string& body, OnFinal onFinal) {
  RequestParts parts =
      dialog_.request(method, context_.transactions.local(), context_.ids.branch());
  if (method != "BYE") parts.contact = dialog_.localContact;
  parts.methodHeaders = std::move(headers);
  parts.contentType = contentType;
  parts.body = body;
  ClientRequest request;
  request.bytes = writeRequest(parts);
  request.method = method;
  request.branch = parts.branch;
  request.to = dialog_.peer;
  request.onResponse = [onFinal](const SipMessage& response) {
    if (response.status >= 200 && onFinal) onFinal(response.status, &response);
  };
  request.onTimeout = [onFinal] {
    if (onFinal) onFinal(0, nullptr);
  };
  context_.transactions.send(std::move(request));
}

void Leg::notify(const std::string& event, OnFinal onFinal) {
  request("NOTIFY", {{"Event", event}, {"Subscription-State", "active"}}, {}, {},
          std::move(onFinal));
}

void Leg::answerRequest(const ServerTransactionPtr& request, const std::string& sdp) {
  request->respond(withContact(200, sdp.empty() ? std::nullopt : std::optional(sdp)));
}

bool Leg::owns(const SipMessage& request) const {
  return request.callId == dialog_.callId && request.toTag == dialog_.localTag &&
         (dialog_.remoteTag.empty() || request.fromTag == dialog_.remoteTag);
}

void Leg::receive(const ServerTransactionPtr& request) {
  const SipMessage& message = request->request();
  if (message.method == "BYE") {
    request->respond(200);
    if (serverInvite_ && !serverInvite_->answered()) serverInvite_->respond(487);
    return end({true, 0, {}, valueOrEmpty(message.header("Reason"))});
  }
  if (state_ == LegState::Ended || !observer_) return request->respond(481);
  if (message.method == "INVITE") {
    // Glare: one offer at a time (RFC 3261 section 14.2).
    if (owedAck_ || reinviting_ || (serverInvite_ && serverInvite_->waitsForAck()) ||
        (serverInvite_ && !serverInvite_->answered()))
      return request->respond(491);
    serverInvite_ = request;
    dialog_.learnRemote(message, *message.header("From"), message.fromTag);
  }
  observer_->onRequest(*this, request);
}

void Leg::receiveAck(const SipMessage& ack) {
  if (!serverInvite_ || !serverInvite_->waitsForAck() || ack.cseq != serverInvite_->request().cseq)
    return;
  serverInvite_->acknowledged();
  if (observer_) observer_->onAck(*this, ack);
}

void Leg::end(const Ending& ending) {
  if (state_ == LegState::Ended) return;
  state_ = LegState::Ended;
  cancelTimer_.reset();
  if (observer_) observer_->onEnded(*this, ending);
}

}  // namespace genesys::sim
