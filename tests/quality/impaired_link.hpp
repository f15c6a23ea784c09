// What a network does to packets: loss (alone or in bursts), delay, jitter, reordering and
// duplication, from a seed. A value without I/O; time is a parameter.
#pragma once

#include <optional>
#include <string_view>

#include "util/clock.hpp"
#include "util/random.hpp"

namespace genesys::quality {

struct Impairment {
  double loss = 0;   ///< share of packets lost in the long run, 0 to below 1
  double burst = 0;  ///< mean length of a run of lost packets (Gilbert's model); 0: each by itself
  Millis delay{20};  ///< that every packet has
  Millis jitter{0};  ///< further delay, evenly spread from 0; packets do not overtake by it
  double reorder = 0;    ///< share of packets that are held back, so that later ones overtake
  Millis reorderBy{30};  ///< for how long
  double duplicate = 0;  ///< share of packets that come a second time, kDuplicateAfter later

  /// From "loss=0.05,burst=3,jitter=100"; delay, jitter and reorder_by in ms. nullopt if a name is
  /// unknown or a number out of its range.
  static std::optional<Impairment> parse(std::string_view text);
};

inline constexpr Millis kDuplicateAfter{5};

class ImpairedLink {
 public:
  ImpairedLink(const Impairment& impairment, uint64_t seed)
      : impairment_(impairment), random_(seed) {}

  struct Arrivals {
    std::optional<MonoTime> first;   ///< none: lost
    std::optional<MonoTime> second;  ///< of the duplicate
  };
  /// When the next packet, sent at `sent`, arrives. In the order of sending. The fate of the n-th
  /// packet depends on the seed and on n alone, so that two paths can meet the same losses.
  Arrivals pass(MonoTime sent);

 private:
  double even();
  bool lost(double chance);

  Impairment impairment_;
  Random random_;
  bool bad_ = false;  ///< in a run of losses
  MonoTime last_{};   ///< arrival of the last packet that kept its place
};

}  // namespace genesys::quality
