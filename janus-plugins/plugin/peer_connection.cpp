#include "plugin/peer_connection.hpp"

#include <fmt/format.h>

#include <utility>

#include "sdp/browser_description.hpp"

namespace genesys::plugin {
namespace {

using api::ApiError;
using api::ErrorCode;

class JanusSink : public media::BrowserSink {
 public:
  explicit JanusSink(std::shared_ptr<JanusHandle> janus) : janus_(std::move(janus)) {}
  void relayRtp(std::span<const uint8_t> packet) override { janus_->relayRtp(packet); }

 private:
  std::shared_ptr<JanusHandle> janus_;
};

Failure<ApiError> unusable(const std::string& reason) {
  return Failure{ApiError{ErrorCode::UnusableJsep, "jsep: " + reason, "jsep.sdp"}};
}

Result<sdp::SessionDescription, ApiError> read(const api::Jsep& jsep) {
  auto description = sdp::parse(jsep.sdp);
  if (description) return std::move(description).value();
  return unusable(fmt::format("line {}: {}", description.error().line, description.error().reason));
}

}  // namespace

Result<api::Jsep, ApiError> PeerConnection::takeOffer(const api::Jsep& offer,
                                                      const BrowserAudio& audio) {
  auto description = read(offer);
  if (!description) return Failure{description.error()};
  auto answered = sdp::answerBrowser(description.value(), audio.hints);
  if (!answered) return unusable(answered.error().reason);
  open(audio.worker);
  leg_->setOpusPayloadType(answered->opusPayloadType);
  leg_->setPacketTime(answered->ptimeMs);
  return api::Jsep{api::Jsep::Type::Answer, sdp::toString(answered->answer)};
}

api::Jsep PeerConnection::makeOffer(const BrowserAudio& audio) {
  open(audio.worker);
  ++offers_;
  return {api::Jsep::Type::Offer,
          sdp::toString(sdp::offerToBrowser(audio.hints, port_->page() + 1, offers_))};
}

Result<Done, ApiError> PeerConnection::takeAnswer(const api::Jsep& answer) {
  if (phase_ != Phase::Negotiating)
    return Failure{
        ApiError{ErrorCode::WrongState, "jsep: no offer of ours is waiting for an answer", "jsep"}};
  auto description = read(answer);
  if (!description) return Failure{description.error()};
  const auto opus = sdp::acceptBrowserAnswer(description.value());
  if (!opus) return unusable(opus.error().reason);
  leg_->setOpusPayloadType(opus->payloadType);
  leg_->setPacketTime(opus->ptimeMs);
  return Done{};
}

void PeerConnection::open(unsigned worker) {
  // Janus hands over a new offer only after the old PeerConnection is cleaned away.
  if (phase_ != Phase::None && phase_ != Phase::Closing) return;
  leg_ = engine_.openBrowserLeg(worker, std::make_shared<JanusSink>(port_->janus()));
  port_->connect(leg_);
  phase_ = Phase::Negotiating;
}

void PeerConnection::up() {
  if (phase_ == Phase::Negotiating) phase_ = Phase::Up;
}

void PeerConnection::down() {
  phase_ = Phase::None;
  port_->connect(nullptr);
  if (leg_) onAudioEnded_(leg_->counters());
  if (leg_) leg_->close();
  leg_.reset();
}

}  // namespace genesys::plugin
