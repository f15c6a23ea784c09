#include "comparison.hpp"

#include <algorithm>
#include <cmath>

namespace genesys::load {
namespace {

constexpr size_t kStretch = 100;       // packets
constexpr int64_t kLongestDelay = 50;  // packets
constexpr float kFloorDbov = -60;      // below, levels are those of noise, and differ
constexpr double kLivelyDb = 4;        // standard deviation of levels that can be found again
constexpr double kAlike = 0.75;
// Packets of speech in a stretch: the edge of a pause alone does not tell one packet from the next.
constexpr double kLeastSpeech = kStretch / 3.0;
constexpr float kSpeechDbov = -50;

struct Heard {
  int64_t index;  // in packets since the first arrival, by RTP timestamp
  Nanos at;
  float level;
};

std::vector<Heard> decode(const std::vector<Arrival>& arrivals, const Format& format,
                          size_t& malformed) {
  LevelDecoder decoder(format.coding);
  std::vector<Heard> heard;
  int64_t units = 0;
  for (size_t i = 0; i < arrivals.size(); ++i) {
    if (i > 0) units += static_cast<int32_t>(arrivals[i].timestamp - arrivals[i - 1].timestamp);
    const float level = decoder.level(arrivals[i].payload);
    if (level <= -127) ++malformed;
    heard.push_back({units / format.unitsPerFrame, arrivals[i].at, std::max(level, kFloorDbov)});
  }
  return heard;
}

class Search {
 public:
  Search(const std::vector<Departure>& departures, const Voice& voice)
      : departures_(departures), voice_(voice) {}

  struct Likeness {
    double correlation = 0;
    double deviation = 0;  // of the voice that was sent, dB
    double speech = 0;     // packets of it

    bool lively() const { return deviation >= kLivelyDb && speech >= kLeastSpeech; }
  };

  /// How alike they are if packet i of the arrivals is packet i + `shift` of the departures.
  Likeness likeness(std::span<const Heard> stretch, int64_t shift) const {
    double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0, speech = 0;
    for (const Heard& one : stretch) {
      const int64_t at = one.index + shift;
      if (at < 0 || at >= static_cast<int64_t>(departures_.size())) continue;
      const double sent =
          std::max(voice_.levels[departures_[static_cast<size_t>(at)].index], kFloorDbov);
      n += 1, x += sent, y += one.level;
      if (sent > kSpeechDbov) speech += 1;
      xx += sent * sent, yy += double{one.level} * one.level, xy += sent * one.level;
    }
    if (n < kStretch / 2) return {};
    const double sent = xx / n - x / n * x / n;
    const double heard = yy / n - y / n * y / n;
    const double both = xy / n - x / n * y / n;
    const double product = std::sqrt(std::max(sent, 0.0) * std::max(heard, 0.0));
    return {product > 1e-9 ? both / product : 0, std::sqrt(std::max(sent, 0.0)), speech};
  }

  /// The latest packet that had gone out when this one came, as a shift.
  int64_t latest(const Heard& heard) const {
    const auto after = std::ranges::upper_bound(departures_, heard.at, {}, &Departure::at);
    return after - departures_.begin() - 1 - heard.index;
  }

  void measure(std::span<const Heard> stretch, Comparison& result) const {
    const int64_t most = latest(stretch.front());
    Likeness best;
    int64_t shift = most;
    for (int64_t one = most; one >= most - kLongestDelay; --one) {
      const Likeness found = likeness(stretch, one);
      if (found.correlation <= best.correlation) continue;
      best = found;
      shift = one;
    }
    if (!best.lively() && !likeness(stretch, most).lively()) return;
    ++result.stretches;
    if (best.correlation < kAlike) return;
    ++result.found;
    result.likeness = std::min(result.likeness, best.correlation);
    for (const Heard& one : stretch) {
      const int64_t at = one.index + shift;
      if (at < 0 || at >= static_cast<int64_t>(departures_.size())) continue;
      const Nanos delay = one.at - departures_[static_cast<size_t>(at)].at;
      result.delays.push_back(static_cast<float>(delay) / static_cast<float>(kMilli));
    }
  }

 private:
  const std::vector<Departure>& departures_;
  const Voice& voice_;
};

}  // namespace

Comparison& Comparison::operator+=(Comparison&& more) {
  stretches += more.stretches;
  found += more.found;
  malformed += more.malformed;
  likeness = std::min(likeness, more.likeness);
  delays.insert(delays.end(), more.delays.begin(), more.delays.end());
  return *this;
}

Comparison compare(const std::vector<Departure>& departures, const Voice& voice,
                   const std::vector<Arrival>& arrivals, const Format& received) {
  Comparison result;
  const std::vector<Heard> heard = decode(arrivals, received, result.malformed);
  const Search search(departures, voice);
  for (size_t at = 0; at + kStretch <= heard.size(); at += kStretch)
    search.measure(std::span(heard).subspan(at, kStretch), result);
  return result;
}

float quantile(std::vector<float>& values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<size_t>(share * static_cast<double>(values.size() - 1) + 0.5);
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(at);
  std::ranges::nth_element(values, place);
  return *place;
}

}  // namespace genesys::load
