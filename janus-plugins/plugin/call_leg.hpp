// The audio of one call: what offer/answer agreed on, turned into what the media leg must do.
// SIP loop.
#pragma once

#include <memory>

#include "media/media_engine.hpp"
#include "sip/call_audio.hpp"

namespace genesys::plugin {

class CallLeg : public sip::CallAudio {
 public:
  /// `tones`: where no telephone-event is agreed on, digits are tones in the audio.
  CallLeg(std::shared_ptr<media::SipLeg> leg, bool tones) : leg_(std::move(leg)), tones_(tones) {}
  ~CallLeg() override { leg_->close(); }

  uint16_t localPort() const override { return leg_->localPort(); }
  void apply(const sdp::Agreed& agreed) override { leg_->configure(toParams(agreed, tones_)); }

  static media::SipLegParams toParams(const sdp::Agreed& agreed, bool tones);

 private:
  std::shared_ptr<media::SipLeg> leg_;
  const bool tones_;
};

}  // namespace genesys::plugin
