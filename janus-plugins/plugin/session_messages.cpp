// What a page sends through its calls: transfers, INFO and MESSAGE.
#include <fmt/format.h>

#include <algorithm>

#include "plugin/gateway.hpp"
#include "plugin/header_list.hpp"
#include "plugin/line.hpp"
#include "plugin/request_failure.hpp"
#include "plugin/session.hpp"

namespace genesys::plugin {
namespace {

using api::ErrorCode;

bool answered(const sip::Call& call) {
  return call.answered();
}

}  // namespace

Session::Outcome Session::on(const api::Transfer& request, const std::optional<api::Jsep>&) {
  if (line_ == nullptr) return notSignedIn();
  const sip::Call* other = nullptr;
  if (!request.replace.empty()) {
    other = line_->dn().find(request.replace);
    if (other == nullptr)
      return failure(ErrorCode::NoSuchCall, fmt::format("transfer: no call {}", request.replace),
                     "replace");
    if (!other->answered() || !other->dialogId().complete())
      return failure(ErrorCode::WrongState, "transfer: the other call is not answered", "replace");
  }
  const auto call = other != nullptr && !request.callId
                        ? onlyOther(*other)
                        : callFor(request.callId, answered, "transfer");
  if (!call) return Failure{call.error()};
  if (call.value() == other)
    return failure(ErrorCode::InvalidField, "transfer: a call cannot replace itself", "replace");
  std::string uri = other != nullptr ? other->facts().peerUri : "";
  if (other == nullptr) {
    // SIP Server makes the call, but this agent is who has it called.
    const auto number = line_->admit(request.target, false);
    if (!number) return Failure{toError(number.error(), "transfer")};
    uri = line_->dn().uriOf(number.value());
  }
  tell(api::Transferring{call.value()->facts().id, uri});
  if (other == nullptr) {
    call.value()->transfer(uri, nullptr, line_->dn().uri());
  } else {
    const sip::DialogId replaced = other->dialogId();
    call.value()->transfer(uri, &replaced, line_->dn().uri());
  }
  return Done{};
}

// A client of Janus's SIP plugin names the consultation call alone.
Result<sip::Call*, api::ApiError> Session::onlyOther(const sip::Call& consultation) {
  sip::Call* only = nullptr;
  for (sip::Call* call : line_->dn().calls()) {
    if (call == &consultation || !call->answered()) continue;
    if (only != nullptr)
      return failure(ErrorCode::MissingField, "transfer: several calls could be meant, name one",
                     "call_id");
    only = call;
  }
  if (only != nullptr) return only;
  return failure(ErrorCode::WrongState, "transfer: there is no other call");
}

Session::Outcome Session::on(const api::SendInfo& request, const std::optional<api::Jsep>&) {
  const auto call = callFor(request.callId, answered, "info");
  if (!call) return Failure{call.error()};
  if (const auto allowed = checkHeaders(request.headers); !allowed) return allowed;
  tell(api::InfoSent{call.value()->facts().id});
  call.value()->sendInfo({request.type, request.content, toSip(request.headers)});
  return Done{};
}

Session::Outcome Session::on(const api::SendMessage& request, const std::optional<api::Jsep>&) {
  if (line_ == nullptr) return notSignedIn();
  if (const auto allowed = checkHeaders(request.headers); !allowed) return allowed;
  sip::SipContent content{request.type, request.content, toSip(request.headers)};
  if (request.target.empty()) {
    const auto call = callFor(request.callId, answered, "message");
    if (!call) return Failure{call.error()};
    tell(api::MessageSent{call.value()->facts().id});
    call.value()->sendMessage(std::move(content));
    return Done{};
  }
  if (!line_->sendMessage(request.target, std::move(content)))
    return failure(ErrorCode::WrongState, "message: too many are under way");
  tell(api::MessageSent{});
  return Done{};
}

Session::Outcome Session::on(const api::Subscribe& request, const std::optional<api::Jsep>&) {
  if (line_ == nullptr) return notSignedIn();
  const auto& events = gateway_.config().agent.subscribeEvents;
  if (std::find(events.begin(), events.end(), request.event) == events.end())
    return failure(ErrorCode::InvalidField,
                   fmt::format("subscribe: event package '{}' is not configured", request.event),
                   "event");
  if (!line_->inService())
    return failure(ErrorCode::NotInService, "subscribe: the DN is not in service");
  api::Subscribe about = request;
  if (about.target.empty()) about.target = line_->config().number;
  tell(api::Subscribing{about.event, about.target});
  if (!line_->subscribe(about))
    tell(api::SubscribeFailed{about.event, about.target, 503, "too many subscriptions"});
  return Done{};
}

Session::Outcome Session::on(const api::Unsubscribe& request, const std::optional<api::Jsep>&) {
  if (line_ == nullptr) return notSignedIn();
  api::Unsubscribe about = request;
  if (about.target.empty()) about.target = line_->config().number;
  if (!line_->unsubscribe(about))
    return failure(ErrorCode::WrongState, "unsubscribe: there is no such subscription");
  tell(api::Unsubscribing{about.event, about.target});
  return Done{};
}

}  // namespace genesys::plugin
