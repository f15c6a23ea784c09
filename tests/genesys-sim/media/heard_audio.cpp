#include "media/heard_audio.hpp"

namespace genesys::sim {

void HeardAudio::add(std::span<const int16_t> samples, MonoTime now) {
  pieces_.push_back({now, {samples.begin(), samples.end()}});
  while (pieces_.front().at + Seconds(1) < now) pieces_.pop_front();
}

std::vector<int16_t> HeardAudio::lastSecond(MonoTime now) const {
  std::vector<int16_t> samples;
  for (const Piece& piece : pieces_)
    if (piece.at + Seconds(1) >= now)
      samples.insert(samples.end(), piece.samples.begin(), piece.samples.end());
  return samples;
}

}  // namespace genesys::sim
