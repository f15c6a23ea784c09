#include "control/call_json.hpp"

#include <cmath>

namespace genesys::sim {
namespace {

Json endingJson(const Ending& ending) {
  Json out(json_object());
  put(out.get(), "by", ending.byRemote ? "phone" : "sim");
  put(out.get(), "status", int64_t{ending.status});
  put(out.get(), "phrase", ending.phrase);
  put(out.get(), "reason", ending.reason);
  return out;
}

Json legJson(const Leg& leg) {
  const Dialog& dialog = leg.dialog();
  Json out(json_object());
  put(out.get(), "state", nameOf(leg.state()));
  put(out.get(), "role", leg.isCalling() ? "uac" : "uas");
  put(out.get(), "call_id", dialog.callId);
  put(out.get(), "local_tag", dialog.localTag);
  put(out.get(), "remote_tag", dialog.remoteTag);
  put(out.get(), "remote_target", dialog.target);
  put(out.get(), "peer", dialog.peer.text());
  put(out.get(), "cseq", int64_t{dialog.cseq});
  put(out.get(), "owes_ack", leg.owesAck());
  return out;
}

double rounded(double value) {
  return std::round(value * 10) / 10;
}

void putReception(json_t* out, const MediaCounters& counters) {
  put(out, "packets_received", static_cast<int64_t>(counters.received.packets));
  put(out, "octets_received", static_cast<int64_t>(counters.received.octets));
  put(out, "lost", static_cast<int64_t>(counters.received.lost));
  put(out, "reordered", static_cast<int64_t>(counters.received.reordered));
  put(out, "ssrc_received", int64_t{counters.received.ssrc});
  put(out, "ssrc_changes", static_cast<int64_t>(counters.received.ssrcChanges));
  put(out, "timestamp_jumps", static_cast<int64_t>(counters.received.timestampJumps));
  put(out, "comfort_noise", static_cast<int64_t>(counters.comfortNoise));
  put(out, "event_packets", static_cast<int64_t>(counters.events));
  put(out, "unknown_payload", static_cast<int64_t>(counters.unknownPayload));
  put(out, "malformed", static_cast<int64_t>(counters.malformed));
  put(out, "rtcp_received", static_cast<int64_t>(counters.rtcp));
  put(out, "longest_gap_ms", rounded(counters.longestGap));
  put(out, "last_packet_ms_ago", counters.lastPacketAgo);
}

Json mediaJson(const MediaPeer& media, MonoTime now) {
  const RtpEndpoint& rtp = media.rtp();
  const MediaCounters counters = rtp.counters(now);
  Json out(json_object());
  put(out.get(), "packets_sent", static_cast<int64_t>(counters.sentPackets));
  put(out.get(), "ssrc_sent", int64_t{counters.sentSsrc});
  putReception(out.get(), counters);
  put(out.get(), "level_dbfs", rounded(counters.level));
  put(out.get(), "frequency_hz",
      Json(counters.frequency ? json_real(rounded(*counters.frequency)) : json_null()));
  put(out.get(), "digits", counters.digits);
  put(out.get(), "first_rtp_in_ms", jsonOptional(counters.firstIn));
  put(out.get(), "first_rtp_out_ms", jsonOptional(counters.firstOut));
  put(out.get(), "source", counters.source);
  put(out.get(), "local_port", int64_t{counters.localPort});
  put(out.get(), "remote", rtp.remote() ? rtp.remote()->rtp.hostPort() : "");
  put(out.get(), "codec", rtp.remote() ? rtp.remote()->codec->name : "");
  put(out.get(), "sending", rtp.remote() && rtp.remote()->send);
  put(out.get(), "recording", rtp.recordingPath());
  return out;
}

Json notesJson(const Call& call) {
  Json out(json_array());
  for (const Call::Note& note : call.notes()) {
    Json entry(json_object());
    put(entry.get(), "ms", note.at);
    put(entry.get(), "text", note.text);
    json_array_append_new(out.get(), entry.release());
  }
  return out;
}

Json partiesJson(Call& call, MonoTime now) {
  Json out(json_object());
  for (const auto& [name, media] : call.parties())
    put(out.get(), name.c_str(), mediaJson(*media, now));
  return out;
}

Json referralJson(const std::optional<Referral>& referral) {
  if (!referral) return Json(json_null());
  Json out(json_object());
  put(out.get(), "refer_to", referral->referTo);
  put(out.get(), "status", int64_t{referral->status});
  Json progress(json_array());
  for (const int status : referral->progress)
    json_array_append_new(progress.get(), json_integer(status));
  put(out.get(), "progress", std::move(progress));
  put(out.get(), "over", referral->over);
  return out;
}

Json userDataJson(const Call& call) {
  Json out(json_object());
  for (const auto& [name, value] : call.userData()) put(out.get(), name.c_str(), value);
  return out;
}

}  // namespace

Json callJson(Call& call, bool detail, MonoTime now) {
  Json out(json_object());
  put(out.get(), "id", call.id());
  put(out.get(), "kind", call.kind());
  put(out.get(), "from", call.from());
  put(out.get(), "to", call.to());
  put(out.get(), "state", nameOf(call.state()));
  put(out.get(), "call_uuid", call.callUuid());
  put(out.get(), "ringing_ms", jsonOptional(call.ringingAfter()));
  put(out.get(), "answered_ms", jsonOptional(call.answeredAfter()));
  put(out.get(), "ended_ms", jsonOptional(call.endedAfter()));
  put(out.get(), "ended", call.ending() ? endingJson(*call.ending()) : Json(json_null()));
  if (!detail) return out;
  Json legs(json_array());
  for (const auto& leg : call.legs()) json_array_append_new(legs.get(), legJson(*leg).release());
  put(out.get(), "legs", std::move(legs));
  put(out.get(), "media", call.media() ? mediaJson(*call.media(), now) : Json(json_null()));
  put(out.get(), "parties", partiesJson(call, now));
  put(out.get(), "referral", referralJson(call.referral()));
  put(out.get(), "user_data", userDataJson(call));
  put(out.get(), "notes", notesJson(call));
  return out;
}

Json registrationsJson(const Registrar& registrar, MonoTime now) {
  Json out(json_object());
  for (const auto& [dn, binding] : registrar.bindings(now)) {
    Json entry(json_object());
    put(entry.get(), "contact", binding.contact.text);
    put(entry.get(), "peer", binding.peer.text());
    put(entry.get(), "aor", binding.aor);
    put(entry.get(), "user_agent", binding.userAgent);
    put(entry.get(), "granted", int64_t{binding.granted});
    put(entry.get(), "expires_in",
        int64_t{std::chrono::duration_cast<Seconds>(binding.until - now).count()});
    put(entry.get(), "age_ms",
        int64_t{std::chrono::duration_cast<Millis>(now - binding.since).count()});
    put(out.get(), dn.c_str(), std::move(entry));
  }
  return out;
}

Json statusJson(SipServer& server) {
  const Registrar& registrar = server.registrar();
  const auto& counters = registrar.counters();
  Json registers(json_object());
  put(registers.get(), "received", static_cast<int64_t>(counters.registers));
  put(registers.get(), "granted", static_cast<int64_t>(counters.granted));
  put(registers.get(), "removed", static_cast<int64_t>(counters.removed));
  put(registers.get(), "challenged", static_cast<int64_t>(counters.challenged));
  put(registers.get(), "unknown_dn", static_cast<int64_t>(counters.unknownDn));
  put(registers.get(), "too_brief", static_cast<int64_t>(counters.tooBrief));
  Json faults(json_object());
  for (const auto& [method, fault] : server.faults()) {
    Json entry(json_object());
    put(entry.get(), "answer", fault.status ? std::to_string(fault.status) : "silent");
    put(entry.get(), "left", fault.count);
    put(entry.get(), "spoilt", static_cast<int64_t>(fault.spoilt));
    put(faults.get(), method.c_str(), std::move(entry));
  }
  Json out(json_object());
  put(out.get(), "listen", server.transactions().local().hostPort());
  put(out.get(), "dns", static_cast<int64_t>(registrar.provisioned()));
  put(out.get(), "registered", static_cast<int64_t>(registrar.bindings(MonoClock::now()).size()));
  put(out.get(), "calls", static_cast<int64_t>(server.calls().active().size()));
  put(out.get(), "calls_total", static_cast<int64_t>(server.calls().total()));
  put(out.get(), "rtp_ports_in_use", static_cast<int64_t>(server.rtpPortsInUse()));
  put(out.get(), "transactions", static_cast<int64_t>(server.transactions().openTransactions()));
  put(out.get(), "malformed", static_cast<int64_t>(server.transactions().malformed()));
  put(out.get(), "registers", std::move(registers));
  put(out.get(), "faults", std::move(faults));
  return out;
}

}  // namespace genesys::sim
