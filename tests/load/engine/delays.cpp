#include "engine/delays.hpp"

#include <algorithm>

namespace genesys::load {

void Delays::add(double micros) {
  const double step = std::clamp(micros / kStep, 0.0, static_cast<double>(kSteps - 1));
  ++steps_[static_cast<size_t>(step)];
  ++count_;
  longest_ = std::max(longest_, micros);
}

void Delays::add(const Delays& other) {
  for (size_t i = 0; i < kSteps; ++i) steps_[i] += other.steps_[i];
  count_ += other.count_;
  longest_ = std::max(longest_, other.longest_);
}

double Delays::quantile(double share) const {
  const auto wanted = static_cast<uint64_t>(share * static_cast<double>(count_));
  uint64_t seen = 0;
  for (size_t i = 0; i < kSteps; ++i) {
    seen += steps_[i];
    if (seen > wanted) return static_cast<double>(i + 1) * kStep;
  }
  return longest_;
}

}  // namespace genesys::load
