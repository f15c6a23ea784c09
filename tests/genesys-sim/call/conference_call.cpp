#include "call/conference_call.hpp"

#include <fmt/format.h>

#include "call/media_link.hpp"

namespace genesys::sim {

Result<Done> ConferenceCall::seat(const std::shared_ptr<Leg>& leg) {
  auto port = context_.openPeer({}, "silence", true);
  if (!port) return Failure{port.error()};
  port.value()->play("conference", room_->enter());
  ports_[leg.get()] = std::move(port).value();
  takeLeg(leg);
  return Done{};
}

void ConferenceCall::begin(const std::string& sdp) {
  answered();
  for (const auto& leg : legs()) connect(leg, sdp);
}

std::shared_ptr<MediaPeer> ConferenceCall::portOf(const Leg& leg) const {
  const auto found = ports_.find(&leg);
  return found == ports_.end() ? nullptr : found->second;
}

void ConferenceCall::connect(const std::shared_ptr<Leg>& leg, const std::string& sdp) {
  const auto port = portOf(*leg);
  const OnLinked linked = [weak = weak_from_this(), dn = leg->dn()](int status,
                                                                    const std::string& fault) {
    const auto self = weak.lock();
    if (self) self->note(fmt::format("re-INVITE to {} answered {} {}", dn, status, fault));
  };
  if (sdp == "twice") return linkTwice(leg, port, linked);
  link(leg, port, sdp == "none" ? std::nullopt : std::optional(writeSdp(port->offer())), linked);
}

std::map<std::string, MediaPeer*> ConferenceCall::parties() {
  std::map<std::string, MediaPeer*> out;
  for (const auto& leg : legs())
    if (const auto port = portOf(*leg)) out[leg->dn()] = port.get();
  return out;
}

void ConferenceCall::hangUp(const std::string& reason) {
  const auto all = legs();
  for (const auto& leg : all) leg->hangUp(reason);
}

Result<Done> ConferenceCall::reinvite(const ReinviteOptions& options) {
  if (options.sdp != "none" && options.sdp != "full" && options.sdp != "twice")
    return Failure{std::string("sdp: only none, full and twice are possible in a conference")};
  for (const auto& leg : legs())
    if (leg->isNegotiating()) return Failure{std::string("an INVITE is under way")};
  if (options.newCallUuid) setCallUuid(context_.sip.ids.callUuid());
  for (const auto& leg : legs())
    if (leg->state() != LegState::Ended) connect(leg, options.sdp);
  return Done{};
}

Result<Done> ConferenceCall::hold(Leg& leg) {
  const auto port = portOf(leg);
  if (!port || leg.isNegotiating()) return Failure{std::string("not now")};
  link(leg.shared_from_this(), port, writeSdp(port->blackHoleOffer()),
       [](int, const std::string&) {});
  return Done{};
}

Result<Done> ConferenceCall::retrieve(Leg& leg) {
  if (!portOf(leg) || leg.isNegotiating()) return Failure{std::string("not now")};
  connect(leg.shared_from_this(), "none");
  return Done{};
}

void ConferenceCall::onAck(Leg& leg, const SipMessage& ack) {
  if (const auto port = portOf(leg); port && !ack.body.empty()) (void)takeAnswer(*port, ack.body);
}

void ConferenceCall::onRequest(Leg& leg, const ServerTransactionPtr& request) {
  if (answerCommon(leg, request)) return;
  const auto port = portOf(leg);
  if (!port) return request->respond(481);
  const auto done = answerPhone(leg, *port, request);
  if (!done) note("refused: " + done.error());
}

void ConferenceCall::onEnded(Leg& leg, const Ending& ending) {
  const auto keep = shared_from_this();
  note(leg.dn() + " has left");
  if (const auto port = portOf(leg)) {
    port->rtp().play(nullptr);  // gives up its seat
    port->rtp().close();
  }
  for (const auto& other : legs())
    if (other->state() != LegState::Ended) return;
  over(ending);
}

}  // namespace genesys::sim
