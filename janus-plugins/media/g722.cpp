#include "media/g722.hpp"

#include <spandsp.h>

#include <cassert>
#include <new>

namespace genesys::media {
namespace {

constexpr int kBitRate = 64000;  // bit/s, the only one that RTP has (RFC 3551 section 4.5.2)
constexpr int kNoOptions = 0;    // 16 kHz, octets not packed

}  // namespace

void G722Encoder::Free::operator()(g722_encode_state_s* state) const {
  g722_encode_free(state);
}

G722Encoder::G722Encoder() : state_(g722_encode_init(nullptr, kBitRate, kNoOptions)) {
  if (!state_) throw std::bad_alloc();
}

size_t G722Encoder::encode(std::span<const int16_t> pcm, std::span<uint8_t> octets) {
  assert(octets.size() >= pcm.size() / 2);
  return static_cast<size_t>(
      g722_encode(state_.get(), octets.data(), pcm.data(), static_cast<int>(pcm.size())));
}

void G722Decoder::Free::operator()(g722_decode_state_s* state) const {
  g722_decode_free(state);
}

G722Decoder::G722Decoder() : state_(g722_decode_init(nullptr, kBitRate, kNoOptions)) {
  if (!state_) throw std::bad_alloc();
}

size_t G722Decoder::decode(std::span<const uint8_t> octets, std::span<int16_t> pcm) {
  assert(pcm.size() >= 2 * octets.size());
  return static_cast<size_t>(
      g722_decode(state_.get(), pcm.data(), octets.data(), static_cast<int>(octets.size())));
}

}  // namespace genesys::media
