#include "media/conference_room.hpp"

#include <algorithm>

#include "media/codec.hpp"

namespace genesys::sim {
namespace {

void add(std::vector<int>& sum, AudioSource& source) {
  std::vector<int16_t> frame(sum.size());
  source.read(frame);
  for (size_t i = 0; i < sum.size(); ++i) sum[i] += frame[i];
}

}  // namespace

/// Keeps what each other member says until it is read, as an echo does.
class ConferenceRoom::Seat : public AudioSource {
 public:
  Seat(std::shared_ptr<ConferenceRoom> room, std::vector<std::unique_ptr<AudioSource>> guests)
      : room_(std::move(room)), guests_(std::move(guests)) {
    room_->seats_.insert(this);
  }
  ~Seat() override {
    room_->seats_.erase(this);
    for (Seat* other : room_->seats_) other->voices_.erase(this);
  }

  void hear(std::span<const int16_t> samples) override {
    for (Seat* other : room_->seats_)
      if (other != this) other->voices_[this].hear(samples);
  }

  void read(std::span<int16_t> frame) override {
    std::vector<int> sum(frame.size());
    for (auto& [speaker, voice] : voices_) add(sum, voice);
    for (const auto& guest : guests_) add(sum, *guest);
    std::transform(sum.begin(), sum.end(), frame.begin(), [](int sample) {
      return static_cast<int16_t>(std::clamp(sample, -32768, 32767));
    });
  }

 private:
  std::shared_ptr<ConferenceRoom> room_;
  std::vector<std::unique_ptr<AudioSource>> guests_;
  std::map<const Seat*, Echo> voices_;
};

Result<Done> ConferenceRoom::invite(const std::string& play) {
  const auto source = sources_.make(play);
  if (!source) return Failure{source.error()};
  guests_.push_back(play);
  return Done{};
}

std::unique_ptr<AudioSource> ConferenceRoom::enter() {
  std::vector<std::unique_ptr<AudioSource>> guests;
  for (const std::string& play : guests_)
    if (auto source = sources_.make(play); source && source.value())
      guests.push_back(std::move(source).value());
  return std::make_unique<Seat>(shared_from_this(), std::move(guests));
}

}  // namespace genesys::sim
