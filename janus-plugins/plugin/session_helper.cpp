// A page that is a helper: for further calls of an agent who has signed in elsewhere, with a
// PeerConnection of its own, as clients of Janus's SIP plugin have it.
#include <fmt/format.h>

#include <utility>

#include "plugin/gateway.hpp"
#include "plugin/line.hpp"
#include "plugin/request_failure.hpp"
#include "plugin/session.hpp"
#include "util/log.hpp"

namespace genesys::plugin {

using api::ErrorCode;

// The page shows that it belongs to the agent by a number that only the agent's page was told.
Session::Outcome Session::joinAsHelper(const api::Register& request,
                                       const std::optional<api::Jsep>& jsep) {
  if (line_ != nullptr && !helper_)
    return failure(ErrorCode::AlreadySignedIn,
                   fmt::format("register: this page is signed in to DN {}; unregister first",
                               line_->config().number),
                   "type");
  Line* line = gateway_.line(request.dn);
  if (line != nullptr && line_ == nullptr &&
      line->helpers() + 1 >= gateway_.config().signIn.maxHandlesPerSubject)
    return failure(ErrorCode::TooManyHandles, "register: this subject has too many pages open");
  if (line == nullptr || !line->admitHelper(*this, *request.masterId)) {
    logWarning("DN {}: helper refused: no such master_id", request.dn);
    return failure(ErrorCode::BadCredential,
                   "register: no page that is signed in to this DN has this master_id",
                   "master_id");
  }
  std::optional<api::Jsep> answer;
  if (jsep) {
    auto taken = pc_.takeOffer(*jsep, line->browserAudio());
    if (!taken) {
      if (line_ == nullptr) line->helperLost(page());
      return Failure{taken.error()};
    }
    answer = std::move(taken).value();
  }
  line_ = line;
  helper_ = true;
  subject_ = line->ownership().subject();
  incomingOffer_ = request.incomingOffer;
  ignored_ = request.ignored;
  logInfo("DN {}: a helper of {}", request.dn, subject_);
  answerState(std::move(answer));
  ignored_.clear();
  line_->browserAudioChanged();
  return Done{};
}

Session::Outcome Session::leaveAsHelper() {
  Line* line = line_;
  tell(api::Unregistering{line->config().number});
  tell(api::Unregistered{line->config().number});
  leaveLine();
  line->helperLost(page());
  return Done{};
}

void Session::dismissed(bool takenOver) {
  if (line_ == nullptr) return;
  if (takenOver)
    tell(api::TakenOver{line_->config().number});
  else
    tell(api::Unregistered{line_->config().number});
  leaveLine();
}

}  // namespace genesys::plugin
