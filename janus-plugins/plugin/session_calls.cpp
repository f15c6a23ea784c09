// What a page asks of the calls that it has: hold, retrieve, one conversation of several.
#include <fmt/format.h>

#include <algorithm>

#include "plugin/header_list.hpp"
#include "plugin/line.hpp"
#include "plugin/request_failure.hpp"
#include "plugin/session.hpp"
#include "plugin/srtp_wish.hpp"

namespace genesys::plugin {
namespace {

using api::ErrorCode;

bool answered(const sip::Call& call) {
  return call.answered();
}

bool held(const sip::Call& call) {
  return call.answered() && call.wantsHold();
}

bool lives(const sip::Call& call) {
  return call.live();
}

bool speaks(const sip::Call& call) {
  using State = sip::CallMachine::State;
  return call.answered() || call.state() == State::Early;
}

// A call without an offer cannot be given early media.
bool mayHaveProgress(const sip::Call& call) {
  return call.state() == sip::CallMachine::State::Ringing && !call.facts().offerless &&
         !call.hasAudio();
}

sdp::Direction directionOf(api::Hold::Direction direction) {
  switch (direction) {
    case api::Hold::Direction::Inactive:
      return sdp::Direction::Inactive;
    case api::Hold::Direction::RecvOnly:
      return sdp::Direction::RecvOnly;
    case api::Hold::Direction::SendOnly:
      break;
  }
  return sdp::Direction::SendOnly;
}

}  // namespace

Session::Outcome Session::on(const api::Hold& request, const std::optional<api::Jsep>&) {
  const auto call = callFor(request.callId, answered, "hold");
  if (!call) return Failure{call.error()};
  tell(api::Holding{call.value()->facts().id});
  call.value()->hold(directionOf(request.direction));
  line_->changed();
  return Done{};
}

Session::Outcome Session::on(const api::Record& request, const std::optional<api::Jsep>&) {
  const auto call = callFor(request.callId, speaks, "recording");
  if (!call) return Failure{call.error()};
  return line_->record(*call.value(), request);
}

Session::Outcome Session::on(const api::ChangeVolume& request, const std::optional<api::Jsep>&) {
  const auto call = callFor(request.callId, lives, "volume");
  if (!call) return Failure{call.error()};
  const std::string id = call.value()->facts().id;
  tell(api::VolumeChanged{id, line_->changeVolume(id, request)});
  line_->changed();
  return Done{};
}

Session::Outcome Session::on(const api::SendProgress& request,
                             const std::optional<api::Jsep>& jsep) {
  const auto call = callFor(request.callId, mayHaveProgress, "progress");
  if (!call) return Failure{call.error()};
  if (const auto allowed = checkHeaders(request.headers); !allowed) return allowed;
  if (const auto used = useSrtp(*call.value(), line_->config().srtp, request.srtp, "progress");
      !used)
    return used;
  if (const auto taken = takeJsep(jsep); !taken) return taken;
  line_->takeUp(call.value()->facts().id);
  call.value()->sendProgress(toSip(request.headers));
  return Done{};
}

Session::Outcome Session::on(const api::Unhold& request, const std::optional<api::Jsep>&) {
  const auto call = callFor(request.callId, held, "unhold");
  if (!call) return Failure{call.error()};
  const std::string id = call.value()->facts().id;
  tell(api::Resuming{id});
  line_->retrieve(id);
  return Done{};
}

Session::Outcome Session::on(const api::Merge& request, const std::optional<api::Jsep>&) {
  if (line_ == nullptr) return notSignedIn();
  std::vector<std::string> ids = request.callIds;
  if (ids.empty())
    for (const sip::Call* call : line_->dn().calls())
      if (call->answered() && line_->hosts(*this, call->facts().id))
        ids.push_back(call->facts().id);
  for (const std::string& id : ids) {
    const sip::Call* call = line_->dn().find(id);
    if (call == nullptr)
      return failure(ErrorCode::NoSuchCall, fmt::format("merge: no call {}", id), "call_ids");
    if (!call->answered())
      return failure(ErrorCode::WrongState, fmt::format("merge: call {} is not answered", id),
                     "call_ids");
  }
  if (ids.size() < 2)
    return failure(ErrorCode::WrongState, "merge: there are no two calls to merge", "call_ids");
  tell(api::Merged{ids});
  line_->merge(ids);
  return Done{};
}

}  // namespace genesys::plugin
