#include "plugin/measures.hpp"

#include <string_view>

namespace genesys::plugin {
namespace {

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

/// Final statuses of SIP; 0 for silence and for what the stack makes up.
std::string codeLabel(int status) {
  return std::to_string(status >= 100 && status < 700 ? status : 0);
}

}  // namespace

Measures::Measures()
    : calls_(
          metrics_.counters("janus_genesys_calls_total",
                            "Calls that are over, one for each INVITE; code is its final status")),
      registers_(metrics_.counters("janus_genesys_registers_total",
                                   "REGISTER requests by final status; 0: no answer")),
      refused_(metrics_.counters("janus_genesys_refused_requests_total",
                                 "Requests of pages that were answered with an error")),
      packets_(metrics_.counters("janus_genesys_rtp_packets_total",
                                 "RTP packets of legs that are over")),
      lost_(metrics_.counters("janus_genesys_rtp_lost_packets_total",
                              "RTP packets that never came, of legs that are over")),
      discarded_(metrics_.counters("janus_genesys_rtp_discarded_packets_total",
                                   "RTP packets that were not played, of legs that are over")),
      setup_(metrics_.histograms("janus_genesys_call_setup_seconds",
                                 "From the INVITE to the first 18x",
                                 {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8})),
      answer_(metrics_.histograms("janus_genesys_call_answer_seconds", "From the INVITE to its 2xx",
                                  {0.1, 0.5, 1, 2, 4, 8, 15, 30, 60, 120})),
      duration_(metrics_.histograms("janus_genesys_call_duration_seconds",
                                    "From the 2xx to the end",
                                    {1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600})),
      mos_(metrics_.histograms("janus_genesys_audio_mos",
                               "Mean MOS of a leg by the E-model; sent: by the other side's RTCP",
                               {1.5, 2, 2.5, 3, 3.5, 3.75, 4, 4.2, 4.4})),
      loss_(metrics_.histograms("janus_genesys_audio_loss_ratio",
                                "Share of a leg's RTP packets that were lost",
                                {0.0001, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5})),
      jitter_(metrics_.histograms("janus_genesys_audio_jitter_seconds",
                                  "Jitter at the end of a leg (RFC 3550)",
                                  {0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16})) {}

void Measures::callEnded(const CallRecord& record) {
  const char* direction = record.outgoing ? "out" : "in";
  calls_.add(
      {{"direction", direction}, {"outcome", outcomeOf(record)}, {"code", codeLabel(record.code)}});
  if (record.rang) setup_.add({{"direction", direction}}, seconds(*record.rang));
  if (record.answered) {
    answer_.add({{"direction", direction}}, seconds(*record.answered));
    duration_.add({{"direction", direction}}, seconds(record.talked()));
  }
}

void Measures::audioEnded(Leg leg, const media::LegCounters& audio) {
  const char* name = leg == Leg::Sip ? "sip" : "browser";
  streamEnded(name, "received", audio.received);
  streamEnded(name, "sent", audio.sent);
}

void Measures::streamEnded(const char* leg, const char* way, const media::StreamCounters& stream) {
  const observe::Labels labels{{"leg", leg}, {"way", way}};
  packets_.add(labels, static_cast<double>(stream.packets));
  const bool received = way == std::string_view("received");
  if (stream.quality.mean > 0) mos_.add(labels, stream.quality.mean);
  if (const auto loss = lossOf(stream, received)) loss_.add(labels, *loss);
  if (!received) return;
  if (stream.packets > 0) jitter_.add(labels, stream.jitterMs / 1000.0);
  lost_.add({{"leg", leg}}, static_cast<double>(stream.lost));
  const auto discarded = [&](const char* cause, uint64_t packets) {
    discarded_.add({{"leg", leg}, {"cause", cause}}, static_cast<double>(packets));
  };
  discarded("late", stream.late);
  discarded("foreign", stream.ignored);
  discarded("srtp", stream.srtpFailed);
}

void Measures::registerWent(unsigned site, int status) {
  registers_.add({{"site", std::to_string(site + 1)}, {"code", codeLabel(status)}});
}

void Measures::requestRefused(api::ErrorCode code) {
  refused_.add({{"error", api::errorName(code)}});
}

}  // namespace genesys::plugin
