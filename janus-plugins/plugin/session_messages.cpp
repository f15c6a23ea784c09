// What a page sends through its calls: transfers, INFO and MESSAGE.
#include <fmt/format.h>

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
    if (!request.callId)
      return failure(ErrorCode::MissingField, "transfer: 'call_id' is missing beside 'replace'",
                     "call_id");
  }
  const auto call = callFor(request.callId, answered, "transfer");
  if (!call) return Failure{call.error()};
  if (call.value() == other)
    return failure(ErrorCode::InvalidField, "transfer: a call cannot replace itself", "replace");
  const std::string uri =
      other != nullptr ? other->facts().peerUri : line_->dn().uriOf(request.target);
  tell(api::Transferring{call.value()->facts().id, uri});
  if (other == nullptr) {
    call.value()->transfer(uri, nullptr, line_->dn().uri());
  } else {
    const sip::DialogId replaced = other->dialogId();
    call.value()->transfer(uri, &replaced, line_->dn().uri());
  }
  return Done{};
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

}  // namespace genesys::plugin
