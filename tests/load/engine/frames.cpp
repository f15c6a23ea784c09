#include "engine/frames.hpp"

#include <fstream>
#include <span>
#include <stdexcept>

#include "media/g711.hpp"
#include "media/opus.hpp"

namespace genesys::load {

std::vector<int16_t> readSpeech(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<int16_t> speech;
  std::vector<int16_t> frame(kFrame);
  while (file.read(reinterpret_cast<char*>(frame.data()), 2 * kFrame))
    speech.insert(speech.end(), frame.begin(), frame.end());
  if (speech.size() < 8000) throw std::runtime_error(path + ": not a second of speech");
  return speech;
}

Frames browserFrames(const std::vector<int16_t>& speech) {
  auto encoder = media::OpusVoiceEncoder::create(8000, {false, 9, 16000, false, 0});
  if (!encoder) throw std::runtime_error("libopus has no memory");
  Frames frames;
  for (size_t at = 0; at + kFrame <= speech.size(); at += kFrame) {
    std::vector<uint8_t> packet(1275);  // the longest (RFC 6716 section 3.4)
    packet.resize(encoder->encode(std::span(speech).subspan(at, kFrame), packet));
    frames.push_back(std::move(packet));
  }
  return frames;
}

Frames farEndFrames(const std::vector<int16_t>& speech) {
  Frames frames;
  for (size_t at = 0; at + kFrame <= speech.size(); at += kFrame) {
    frames.emplace_back(kFrame);
    media::encodeG711(media::aLaw(), std::span(speech).subspan(at, kFrame), frames.back());
  }
  return frames;
}

}  // namespace genesys::load
