#include "plugin/media_status.hpp"

#include "api/json_writer.hpp"

namespace genesys::plugin {
namespace {

using api::Json;
using api::JsonObject;

/// What is not known is not there.
void setQuality(JsonObject& json, const media::StreamCounters& stream) {
  const media::StreamQuality& quality = stream.quality;
  if (quality.last > 0)
    json.set("mos", Json(json_real(quality.last)))
        .set("mos_worst", Json(json_real(quality.worst)))
        .set("mos_mean", Json(json_real(quality.mean)));
  if (stream.roundTripMs > 0) json.set("round_trip_ms", static_cast<int64_t>(stream.roundTripMs));
}

Json streamStatus(const media::StreamCounters& stream) {
  JsonObject json;
  const auto count = [&json](const char* name, auto number) {
    json.set(name, static_cast<int64_t>(number));
  };
  count("packets", stream.packets);
  count("octets", stream.octets);
  count("lost", stream.lost);
  count("late", stream.late);
  count("ignored", stream.ignored);
  count("concealed", stream.concealed);
  count("comfort_noise", stream.comfortNoise);
  count("jitter_ms", stream.jitterMs);
  count("srtp_failed", stream.srtpFailed);
  setQuality(json, stream);
  count("silent", stream.silent);
  count("level_dbov", stream.levelDbov);
  return json.take();
}

}  // namespace

Json legStatus(const media::LegCounters& leg) {
  return JsonObject()
      .set("received", streamStatus(leg.received))
      .set("sent", streamStatus(leg.sent))
      .take();
}

}  // namespace genesys::plugin
