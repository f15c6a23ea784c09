#include "call/caller_call.hpp"

#include <fmt/format.h>

namespace genesys::sim {

CallerCall::CallerCall(const CallContext& context, std::string id, CallerOptions options)
    : MediaCall(context, std::move(id), "caller", options.from, options.to),
      options_(std::move(options)),
      talkTimer_(context.sip.loop, [this] { talk(); }),
      ackTimer_(context.sip.loop, [this] { acknowledge(); }),
      reinviteTimer_(context.sip.loop, [this] { (void)reinvite({}); }),
      ringTimer_(context.sip.loop, [this] {
        if (state() != LegState::Answered) hangUp({});
      }) {}

Result<Done> CallerCall::start(const Binding& binding) {
  const auto opened = openMedia(options_.media, options_.play, options_.record);
  if (!opened) return opened;
  InviteSpec spec;
  spec.from = options_.fromUri;
  spec.to = binding.aor;
  spec.target = binding.contact.text;
  spec.peer = binding.peer;
  spec.contactUser = options_.from;
  spec.callUuid = callUuid();
  spec.headers = options_.headers;
  if (!options_.offerless) spec.sdp = writeSdp(media()->offer());
  note(options_.offerless ? "INVITE without SDP" : "INVITE");
  addLeg()->invite(spec);
  if (options_.ringTimeout.count() > 0) ringTimer_.start(options_.ringTimeout);
  return Done{};
}

void CallerCall::onProgress(Leg&, const SipMessage& response) {
  note(fmt::format("{} {}", response.status, response.phrase));
  ringing();
  if (!response.body.empty() && !options_.offerless) acceptAnswer(response.body);
  if (!options_.desktopAnswer || talked_ || response.toTag.empty()) return;
  talked_ = true;
  if (options_.talkDelay.count() > 0)
    talkTimer_.start(options_.talkDelay);
  else
    talk();
}

void CallerCall::talk() {
  if (state() == LegState::Ended) return;
  note("NOTIFY Event: talk");
  leg().notify("talk", [weak = weak_from_this()](int status, const SipMessage*) {
    if (const auto self = weak.lock())
      std::static_pointer_cast<CallerCall>(self)->note(fmt::format("NOTIFY answered {}", status));
  });
}

void CallerCall::onAnswer(Leg&, const SipMessage& response) {
  ringTimer_.cancel();
  answered();
  if (options_.offerless)
    offer_ = response.body;
  else
    acceptAnswer(response.body);
  if (options_.ackDelay.count() > 0)
    ackTimer_.start(options_.ackDelay);
  else
    acknowledge();
}

std::string CallerCall::ackBody() {
  if (options_.ackSdp == "echo") return offer_;
  if (options_.ackSdp == "blackhole") return writeSdp(media()->blackHoleAnswer());
  const auto answer = answerTo(offer_);
  if (answer) return answer.value();
  note("bad offer: " + answer.error());
  return writeSdp(media()->blackHoleAnswer());
}

void CallerCall::acknowledge() {
  if (!leg().owesAck()) return;
  if (options_.offerless)
    leg().ack(ackBody(), options_.ackSdp == "echo");
  else
    leg().ack();
  note("ACK");
  if (onConnected) return onConnected(*this);
  if (!options_.reinviteAfterAck) return;
  if (options_.reinviteDelay.count() > 0)
    reinviteTimer_.start(options_.reinviteDelay);
  else
    (void)reinvite({});
}

}  // namespace genesys::sim
