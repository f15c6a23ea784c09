#include "browser_encoder.hpp"

#include <opus.h>

#include <stdexcept>

namespace genesys::quality {
namespace {

// A packet of at most that many octets is DTX.
constexpr int kDtxOctets = 2;

int bandwidthOf(uint32_t playbackRate) {
  if (playbackRate <= 8000) return OPUS_BANDWIDTH_NARROWBAND;
  if (playbackRate <= 16000) return OPUS_BANDWIDTH_WIDEBAND;
  return OPUS_BANDWIDTH_FULLBAND;
}

}  // namespace

void BrowserEncoder::Destroy::operator()(::OpusEncoder* encoder) const {
  opus_encoder_destroy(encoder);
}

BrowserEncoder::BrowserEncoder(const BrowserEncoding& encoding) {
  int error = OPUS_OK;
  encoder_.reset(opus_encoder_create(static_cast<opus_int32>(encoding.captureRate), 1,
                                     OPUS_APPLICATION_VOIP, &error));
  if (error != OPUS_OK || !encoder_) throw std::runtime_error("libopus makes no encoder");
  opus_encoder_ctl(encoder_.get(), OPUS_SET_BITRATE(encoding.bitRate));
  opus_encoder_ctl(encoder_.get(), OPUS_SET_COMPLEXITY(encoding.complexity));
  opus_encoder_ctl(encoder_.get(), OPUS_SET_INBAND_FEC(1));
  opus_encoder_ctl(encoder_.get(), OPUS_SET_PACKET_LOSS_PERC(encoding.expectedLoss));
  opus_encoder_ctl(encoder_.get(), OPUS_SET_MAX_BANDWIDTH(bandwidthOf(encoding.maxPlaybackRate)));
  opus_encoder_ctl(encoder_.get(), OPUS_SET_DTX(encoding.dtx ? 1 : 0));
}

// The first DTX packet goes out and tells of the pause; the rest of them is not sent.
size_t BrowserEncoder::encode(std::span<const int16_t> pcm, std::span<uint8_t> packet) {
  const opus_int32 octets = opus_encode(encoder_.get(), pcm.data(), static_cast<int>(pcm.size()),
                                        packet.data(), static_cast<opus_int32>(packet.size()));
  if (octets <= 0) throw std::runtime_error("libopus encodes nothing");
  const bool wasInPause = inPause_;
  inPause_ = octets <= kDtxOctets;
  return inPause_ && wasInPause ? 0 : static_cast<size_t>(octets);
}

}  // namespace genesys::quality
