#include "call/media_peer.hpp"

namespace genesys::sim {
namespace {

/// RFC 3264 section 6.1.
std::string mirrored(const std::string& direction) {
  if (direction == "sendonly") return "recvonly";
  if (direction == "recvonly") return "sendonly";
  return direction == "inactive" ? direction : "";
}

bool sends(const std::string& direction) {
  return direction.empty() || direction == "sendrecv" || direction == "sendonly";
}

bool receives(const std::string& direction) {
  return direction.empty() || direction == "sendrecv" || direction == "recvonly";
}

PayloadFormat formatOf(const Codec& codec) {
  return {codec.payloadType, std::string(codec.name) + "/8000", {}};
}

}  // namespace

SessionDescription MediaPeer::describe(std::vector<PayloadFormat> formats,
                                       const std::string& direction) {
  direction_ = direction;
  SessionDescription sdp;
  sdp.sessionId = settings_.sessionId;
  sdp.version = ++version_;
  sdp.ip = settings_.ip;
  sdp.port = settings_.elsewhere.value_or(rtp_.port());
  sdp.formats = std::move(formats);
  sdp.direction = direction;
  return sdp;
}

SessionDescription MediaPeer::offer(const std::string& direction) {
  if (settings_.reference) return describe(referenceFormats(), direction);
  std::vector<PayloadFormat> formats;
  for (const Codec* codec : settings_.codecs) formats.push_back(formatOf(*codec));
  formats.push_back({101, "telephone-event/8000", "0-15"});
  return describe(std::move(formats), direction);
}

SessionDescription MediaPeer::blackHoleOffer() {
  direction_ = "inactive";
  return blackHole(settings_.sessionId);
}

Result<SessionDescription> MediaPeer::answer(const SessionDescription& offer) {
  direction_ = mirrored(offer.direction);
  const auto chosen = apply(offer);
  if (!chosen) return Failure{chosen.error()};
  const Codec& codec = *codecNamed(chosen.value()->name());
  std::vector<PayloadFormat> formats{formatOf(codec)};
  formats[0].payloadType = chosen.value()->payloadType;
  if (const PayloadFormat* event = offer.telephoneEvent())
    formats.push_back({event->payloadType, "telephone-event/8000", "0-15"});
  return describe(std::move(formats), direction_);
}

Result<Done> MediaPeer::accept(const SessionDescription& answer) {
  const auto chosen = apply(answer);
  if (!chosen) return Failure{chosen.error()};
  return Done{};
}

/// Points the endpoint at the other side; returns the format of the codec that both speak.
Result<const PayloadFormat*> MediaPeer::apply(const SessionDescription& remote) {
  for (const PayloadFormat& format : remote.formats) {
    const Codec* codec = codecNamed(format.name());
    if (!codec) continue;
    RemoteMedia media;
    const auto peer = makePeer(remote.ip, remote.port, TransportKind::Udp);
    if (!peer) return Failure{"c=: " + peer.error()};
    media.rtp = peer.value();
    media.codec = codec;
    media.payloadType = format.payloadType;
    if (const PayloadFormat* event = remote.telephoneEvent())
      media.eventPayloadType = event->payloadType;
    negotiatedSend_ = sends(direction_) && receives(remote.direction) && !remote.isBlackHole();
    media.send = negotiatedSend_ && !settings_.elsewhere;
    rtp_.connect(media);
    return &format;
  }
  return Failure{std::string("no G.711 in the SDP of the other side")};
}

void MediaPeer::send(bool on) {
  if (!rtp_.remote()) return;
  RemoteMedia media = *rtp_.remote();
  media.send = on;
  rtp_.connect(media);
}

}  // namespace genesys::sim
