#include "plugin/call_record.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "api/json_writer.hpp"

namespace genesys::plugin {
namespace {

/// UTC with milliseconds (RFC 3339).
std::string utc(CallRecord::WallTime time) {
  using std::chrono::floor;
  const auto second = floor<std::chrono::seconds>(time);
  const auto rest = floor<Millis>(time - second).count();
  const std::time_t unix = std::chrono::system_clock::to_time_t(second);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(unix), rest);
}

const char* sideName(CallRecord::Side side) {
  switch (side) {
    case CallRecord::Side::Here:
      return "here";
    case CallRecord::Side::FarEnd:
      return "far_end";
    case CallRecord::Side::Nobody:
      break;
  }
  return "";
}

api::Json real(double value) {
  return api::Json(json_real(value));
}

api::Json streamJson(const media::StreamCounters& stream, bool received) {
  api::JsonObject json;
  json.set("packets", static_cast<int64_t>(stream.packets));
  if (received) json.set("lost", static_cast<int64_t>(stream.lost));
  if (const auto loss = lossOf(stream, received)) json.set("loss_percent", real(*loss * 100));
  if (received) json.set("jitter_ms", static_cast<int64_t>(stream.jitterMs));
  if (stream.quality.mean > 0) json.set("mos", real(stream.quality.mean));
  if (stream.quality.worst > 0) json.set("mos_worst", real(stream.quality.worst));
  if (stream.roundTripMs > 0) json.set("round_trip_ms", static_cast<int64_t>(stream.roundTripMs));
  return json.take();
}

}  // namespace

void CallRecord::responded(int status, Millis since) {
  if (code != 0 || status <= 100) return;
  if (status < 200) {
    if (!rang) rang = since;
    return;
  }
  code = status;
  if (status < 300)
    answered = since;
  else
    endedAt(since);
}

void CallRecord::endedAt(Millis since) {
  if (!ended) ended = since;
}

Millis CallRecord::talked() const {
  return answered && ended ? *ended - *answered : Millis(0);
}

const char* outcomeOf(const CallRecord& record) {
  if (record.answered) return "answered";
  // A call of ours that nobody answers in time is cancelled, too.
  const bool timedOut = record.toldCode == 408 || record.toldCode == 480;
  if (record.cancelled && !timedOut) return "cancelled";
  const int code = record.cancelled ? record.toldCode : record.code;
  if (code == 486 || code == 600) return "busy";
  if (code == 408 || code == 480) return record.rang ? "no_answer" : "unavailable";
  return code >= 300 && (code < 500 || code >= 600) ? "rejected" : "failed";
}

std::optional<double> lossOf(const media::StreamCounters& stream, bool received) {
  if (!received) {
    if (stream.quality.mean <= 0) return std::nullopt;  // the far end has reported nothing
    return stream.reportedLossPercent / 100;
  }
  const uint64_t expected = stream.packets + stream.lost;
  if (expected == 0) return std::nullopt;
  return static_cast<double>(stream.lost) / static_cast<double>(expected);
}

api::Json toJson(const CallRecord& record) {
  api::JsonObject json;
  json.set("started", utc(record.started));
  if (record.answered) json.set("answered", utc(record.started + *record.answered));
  if (record.ended) json.set("ended", utc(record.started + *record.ended));
  json.set("direction", record.outgoing ? "out" : "in");
  json.setUnlessEmpty("dn", record.dn);
  json.set("from", record.caller).set("to", record.called);
  json.setUnlessEmpty("call_id", record.callId);
  json.setUnlessEmpty("sip_call_id", record.sipCallId);
  json.setUnlessEmpty("uuid", record.uuid);
  json.set("outcome", outcomeOf(record)).set("sip_code", static_cast<int64_t>(record.code));
  json.setUnlessEmpty("reason", record.reason);
  json.setUnlessEmpty("ended_by", sideName(record.endedBy));
  if (record.rang) json.set("setup_ms", static_cast<int64_t>(record.rang->count()));
  if (record.answered) json.set("answer_ms", static_cast<int64_t>(record.answered->count()));
  json.set("duration_ms", static_cast<int64_t>(record.talked().count()));
  json.setUnlessEmpty("sip_codec", record.sipCodec);
  if (!record.sipCodec.empty()) json.setUnlessEmpty("browser_codec", record.browserCodec);
  if (record.audio) {
    json.set("received", streamJson(record.audio->received, true));
    json.set("sent", streamJson(record.audio->sent, false));
  }
  return json.take();
}

}  // namespace genesys::plugin
