#include "media/opus.hpp"

#include <opus.h>
#include <opus_multistream.h>

#include <array>

namespace genesys::media {

namespace {

constexpr size_t kMaxFrameOctets = 1275;  // RFC 6716 section 3.4
constexpr size_t kMaxFrames = 48;         // of 2.5 ms in a packet, section 3.2.5
constexpr size_t kFramesOf30Ms = 3;

}  // namespace

size_t opusSamplesIn(std::span<const uint8_t> packet, uint32_t sampleRate) {
  if (packet.empty()) return 0;
  const auto octets = static_cast<opus_int32>(packet.size());
  std::array<const unsigned char*, kMaxFrames> frames;
  std::array<opus_int16, kMaxFrames> sizes;
  unsigned char toc = 0;
  int offset = 0;
  if (opus_packet_parse(packet.data(), octets, &toc, frames.data(), sizes.data(), &offset) < 0)
    return 0;
  const int samples =
      opus_packet_get_nb_samples(packet.data(), octets, static_cast<opus_int32>(sampleRate));
  return samples > 0 ? static_cast<size_t>(samples) : 0;
}

void OpusVoiceEncoder::Destroy::operator()(::OpusEncoder* encoder) const {
  opus_encoder_destroy(encoder);
}

void OpusVoiceEncoder::Destroy::operator()(::OpusRepacketizer* packer) const {
  opus_repacketizer_destroy(packer);
}

std::optional<OpusVoiceEncoder> OpusVoiceEncoder::create(uint32_t sampleRate,
                                                         const OpusSetting& setting) {
  int error = OPUS_OK;
  const int application =
      setting.lowDelay ? OPUS_APPLICATION_RESTRICTED_LOWDELAY : OPUS_APPLICATION_VOIP;
  OpusVoiceEncoder made(
      opus_encoder_create(static_cast<opus_int32>(sampleRate), 1, application, &error), sampleRate);
  ::OpusEncoder* encoder = made.encoder_.get();
  if (error != OPUS_OK || encoder == nullptr) return std::nullopt;
  opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(setting.complexity));
  opus_encoder_ctl(encoder, OPUS_SET_BITRATE(setting.bitRate));
  opus_encoder_ctl(encoder, OPUS_SET_INBAND_FEC(setting.inBandFec ? 1 : 0));
  opus_encoder_ctl(encoder, OPUS_SET_PACKET_LOSS_PERC(setting.expectedLoss));
  opus_encoder_ctl(encoder, OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
  return made;
}

size_t OpusVoiceEncoder::encode(std::span<const int16_t> pcm, std::span<uint8_t> packet) {
  const bool of30Ms = pcm.size() * 1000 == size_t{30} * sampleRate_;
  return of30Ms ? encodeThreeFrames(pcm, packet) : encodeFrame(pcm, packet);
}

// A packet may be 30 ms long (RFC 6716 section 3.2.5), though no frame is.
size_t OpusVoiceEncoder::encodeThreeFrames(std::span<const int16_t> pcm,
                                           std::span<uint8_t> packet) {
  if (!packer_) packer_.reset(opus_repacketizer_create());
  if (!packer_) return 0;
  opus_repacketizer_init(packer_.get());
  std::array<std::array<uint8_t, kMaxFrameOctets>, kFramesOf30Ms> frames;
  const size_t samples = pcm.size() / kFramesOf30Ms;
  for (auto& frame : frames) {
    const size_t octets = encodeFrame(pcm.first(samples), frame);
    pcm = pcm.subspan(samples);
    if (octets == 0 || opus_repacketizer_cat(packer_.get(), frame.data(),
                                             static_cast<opus_int32>(octets)) != OPUS_OK)
      return 0;
  }
  const opus_int32 octets =
      opus_repacketizer_out(packer_.get(), packet.data(), static_cast<opus_int32>(packet.size()));
  return octets > 0 ? static_cast<size_t>(octets) : 0;
}

size_t OpusVoiceEncoder::encodeFrame(std::span<const int16_t> pcm, std::span<uint8_t> packet) {
  const opus_int32 octets = opus_encode(encoder_.get(), pcm.data(), static_cast<int>(pcm.size()),
                                        packet.data(), static_cast<opus_int32>(packet.size()));
  return octets > 0 ? static_cast<size_t>(octets) : 0;
}

void OpusVoiceDecoder::Destroy::operator()(::OpusDecoder* decoder) const {
  opus_decoder_destroy(decoder);
}

std::optional<OpusVoiceDecoder> OpusVoiceDecoder::create(uint32_t sampleRate) {
  int error = OPUS_OK;
  OpusVoiceDecoder made(opus_decoder_create(static_cast<opus_int32>(sampleRate), 1, &error));
  if (error != OPUS_OK || !made.decoder_) return std::nullopt;
  return made;
}

size_t OpusVoiceDecoder::decode(std::span<const uint8_t> packet, std::span<int16_t> pcm) {
  // To libopus an empty packet means loss; here it is a malformed one.
  if (packet.empty()) return 0;
  const int samples =
      opus_decode(decoder_.get(), packet.data(), static_cast<opus_int32>(packet.size()), pcm.data(),
                  static_cast<int>(pcm.size()), 0);
  return samples > 0 ? static_cast<size_t>(samples) : 0;
}

bool OpusVoiceDecoder::conceal(std::span<const uint8_t> next, std::span<int16_t> pcm) {
  const bool recover = !next.empty();
  const int samples = opus_decode(decoder_.get(), recover ? next.data() : nullptr,
                                  static_cast<opus_int32>(next.size()), pcm.data(),
                                  static_cast<int>(pcm.size()), recover ? 1 : 0);
  return samples == static_cast<int>(pcm.size());
}

void OpusVoiceDecoder::reset() {
  opus_decoder_ctl(decoder_.get(), OPUS_RESET_STATE);
}

void OpusPairEncoder::Destroy::operator()(::OpusMSEncoder* encoder) const {
  opus_multistream_encoder_destroy(encoder);
}

std::optional<OpusPairEncoder> OpusPairEncoder::create(uint32_t sampleRate, int bitRate) {
  constexpr unsigned char mapping[] = {0, 1};
  int error = OPUS_OK;
  OpusPairEncoder made(opus_multistream_encoder_create(static_cast<opus_int32>(sampleRate), 2, 2, 0,
                                                       mapping, OPUS_APPLICATION_VOIP, &error));
  if (error != OPUS_OK || !made.encoder_) return std::nullopt;
  opus_multistream_encoder_ctl(made.encoder_.get(), OPUS_SET_BITRATE(bitRate));
  opus_multistream_encoder_ctl(made.encoder_.get(), OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
  return made;
}

size_t OpusPairEncoder::encode(std::span<const int16_t> pcm, std::span<uint8_t> packet) {
  const int octets =
      opus_multistream_encode(encoder_.get(), pcm.data(), static_cast<int>(pcm.size() / 2),
                              packet.data(), static_cast<opus_int32>(packet.size()));
  return octets > 0 ? static_cast<size_t>(octets) : 0;
}

unsigned OpusPairEncoder::lookahead() const {
  opus_int32 samples = 0;
  opus_multistream_encoder_ctl(encoder_.get(), OPUS_GET_LOOKAHEAD(&samples));
  return static_cast<unsigned>(samples);
}

}  // namespace genesys::media
