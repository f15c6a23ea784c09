// Offer and answer (RFC 3264) between the dialog with a phone and a media peer of the stand-in.
// Main thread; what goes on keeps leg and peer alive.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "call/leg.hpp"
#include "call/media_peer.hpp"

namespace genesys::sim {

/// Takes the phone's offer; the body that answers it.
Result<std::string> answerTo(MediaPeer& media, const std::string& offer);
/// Takes the phone's answer to our last offer.
Result<Done> takeAnswer(MediaPeer& media, const std::string& answer);
/// Answers a re-INVITE or UPDATE of the phone, whichever body it has; the error says why with 488.
Result<Done> answerPhone(Leg& leg, MediaPeer& media, const ServerTransactionPtr& request);

/// `status` of the phone's final answer (0: none in 32 s); `fault` of its SDP, empty if good.
using OnLinked = std::function<void(int status, const std::string& fault)>;
/// A re-INVITE that connects the phone with the media peer: with that offer, or without SDP.
void link(const std::shared_ptr<Leg>& leg, const std::shared_ptr<MediaPeer>& media,
          const std::optional<std::string>& offer, OnLinked onLinked);
/// Two re-INVITEs in a row, as for a bridge that takes none without SDP: the phone is asked for an
/// offer, which a black hole answers, and gets one.
void linkTwice(const std::shared_ptr<Leg>& leg, const std::shared_ptr<MediaPeer>& media,
               OnLinked onLinked);

}  // namespace genesys::sim
