// Recordings of a line's calls: each belongs to its call, whatever becomes of the page. SIP loop.
#include <fmt/format.h>

#include <utility>

#include "plugin/gateway.hpp"
#include "plugin/line.hpp"
#include "plugin/recording_name.hpp"
#include "plugin/request_failure.hpp"
#include "plugin/session.hpp"
#include "util/log.hpp"

namespace genesys::plugin {
namespace {

using api::ErrorCode;
using Action = api::Record::Action;

media::RecordingPlan planFor(const std::string& dn, const sip::Call& call,
                             const api::Record& request) {
  using Format = media::RecordingPlan::Format;
  media::RecordingPlan plan;
  if (request.format == api::Record::Format::Wav) plan.format = Format::Wav;
  if (request.format == api::Record::Format::Opus) plan.format = Format::Opus;
  plan.name = recordingName(std::chrono::system_clock::now(), dn, call.facts().id, request.tag);
  plan.agent = request.audio;
  plan.farEnd = request.peerAudio;
  if (call.codec() == &media::pcma()) plan.law = &media::pcma();
  return plan;
}

Failure<api::ApiError> refused(const std::string& why) {
  return failure(ErrorCode::RecordingFailed, "recording: " + why);
}

}  // namespace

Result<Done, api::ApiError> Line::record(const sip::Call& call, const api::Record& request) {
  if (gateway_.recorder() == nullptr) return refused("it is not configured (recording.folder)");
  if (!config_.recording) return refused("it is not allowed for this DN");
  if (request.action == Action::Start) return startRecording(call, request);
  const std::string& id = call.facts().id;
  const auto found = recordings_.find(id);
  const auto leg = legs_.find(id);
  if (found == recordings_.end() || leg == legs_.end()) return refused("the call is not recorded");
  Taped& taped = found->second;
  if (request.action == Action::Stop) {
    leg->second->record(nullptr);
    tellRecording(id, "stopping");
    return Done{};
  }
  taped.paused = request.action == Action::Pause;
  leg->second->pauseRecording(taped.paused);
  tellRecording(id, taped.paused ? "paused" : "recording");
  changed();
  return Done{};
}

Result<Done, api::ApiError> Line::startRecording(const sip::Call& call,
                                                 const api::Record& request) {
  const std::string& id = call.facts().id;
  if (!request.audio && !request.peerAudio)
    return refused("at least one of 'audio' and 'peer_audio' must be true");
  if (recordings_.contains(id)) return refused("the call is recorded already");
  const auto leg = legs_.find(id);
  if (leg == legs_.end()) return refused("the call has no audio");
  media::RecordingPlan plan = planFor(config_.number, call, request);
  Taped& taped = recordings_[id];
  taped.files = plan.files();
  taped.host = hosts_.hostOf(id);
  Scheduler& scheduler = gateway_.scheduler();
  leg->second->record(gateway_.recorder()->open(
      std::move(plan),
      [this, alive = std::weak_ptr(alive_), id, &scheduler](const media::RecordingEnd& end) {
        scheduler.post([this, alive, id, end] {
          if (alive.lock()) recordingOver(id, end);
        });
      }));
  for (const std::string& file : taped.files)
    logInfo("DN {}: call {} is recorded: {}", config_.number, id, file);
  tellRecording(id, "recording");
  changed();
  return Done{};
}

void Line::recordingOver(const std::string& callId, const media::RecordingEnd& end) {
  const auto node = recordings_.extract(callId);
  if (node.empty()) return;
  std::string reason = end.reason;
  if (reason.empty() && dn_.find(callId) == nullptr) reason = "the call has ended";
  if (end.failed)
    logError("DN {}: recording of call {} failed after {} s: {}", config_.number, callId,
             end.length.count() / 1000, reason);
  else
    logInfo("DN {}: recording of call {} is complete: {} s{}{}", config_.number, callId,
            end.length.count() / 1000, reason.empty() ? "" : ", ", reason);
  if (const auto leg = legs_.find(callId); leg != legs_.end()) leg->second->record(nullptr);
  if (Session* page = recordingPage(callId, node.mapped()))
    page->tell(api::RecordingUpdated{callId, end.failed ? "failed" : "stopped", node.mapped().files,
                                     std::move(reason), end.length, end.dropped});
  changed();
}

// A call that has ended is nobody's; who was told that it is recorded is told the end of it.
Session* Line::recordingPage(const std::string& callId, const Taped& taped) {
  if (dn_.find(callId) != nullptr) return pageOf(callId);
  Session* const there = taped.host ? gateway_.session(*taped.host) : nullptr;
  return there != nullptr ? there : session();
}

void Line::tellRecording(const std::string& callId, const char* state) {
  if (Session* page = pageOf(callId))
    page->tell(api::RecordingUpdated{callId, state, recordings_[callId].files, "", {}, {}});
}

std::string Line::recordingState(const std::string& callId) const {
  const auto taped = recordings_.find(callId);
  if (taped == recordings_.end()) return "";
  return taped->second.paused ? "paused" : "on";
}

}  // namespace genesys::plugin
