// What one INVITE outside of every dialog came to: the line that is written of it, and what the
// figures count. A value; pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "api/event.hpp"
#include "media/media_engine.hpp"
#include "util/clock.hpp"

namespace genesys::plugin {

struct CallRecord {
  using WallTime = std::chrono::system_clock::time_point;

  bool outgoing = false;
  std::string dn;      ///< of ours: that answered, else that it was for; "" if none
  std::string caller;  ///< user parts
  std::string called;
  std::string callId;  ///< ours; "" if there never was a call
  std::string sipCallId;
  std::string uuid;  ///< X-Genesys-CallUUID
  WallTime started;
  MonoTime begun{};  ///< the same moment
  // Since then.
  std::optional<Millis> rang;      ///< the first provisional response beyond 100
  std::optional<Millis> answered;  ///< 2xx
  std::optional<Millis> ended;
  int code = 0;            ///< final SIP status of the INVITE; 0: none
  bool cancelled = false;  ///< before an answer, by whoever called
  int toldCode = 0;        ///< what the page was told
  std::string reason;      ///< in words
  enum class Side { Nobody, Here, FarEnd } endedBy = Side::Nobody;
  std::string sipCodec;
  std::string browserCodec;
  std::optional<media::LegCounters> audio;  ///< of the SIP side

  /// A response to the INVITE; those of a re-INVITE are none of it.
  void responded(int status, Millis since);
  /// BYE or CANCEL, or the dialog is gone.
  void endedAt(Millis since);
  /// Between answer and end.
  Millis talked() const;
};

/// "answered", "cancelled", "busy", "no_answer" (it rang), "unavailable" (nothing rang),
/// "rejected" or "failed".
const char* outcomeOf(const CallRecord& record);

/// Share of the packets that should have come, 0 to 1; nullopt if it is not known.
std::optional<double> lossOf(const media::StreamCounters& stream, bool received);

/// One object without what is not known (docs/operations.md).
api::Json toJson(const CallRecord& record);

}  // namespace genesys::plugin
