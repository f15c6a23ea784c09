// How long packets took: a histogram of 10 µs steps, one writer each.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace genesys::load {

class Delays {
 public:
  void add(double micros);
  void add(const Delays& other);
  uint64_t count() const { return count_; }
  /// Microseconds below which `share` (0-1) of them lie.
  double quantile(double share) const;
  double longest() const { return longest_; }

 private:
  static constexpr double kStep = 10;     ///< µs
  static constexpr size_t kSteps = 5000;  ///< the last one holds all that took longer
  std::vector<uint32_t> steps_ = std::vector<uint32_t>(kSteps);
  uint64_t count_ = 0;
  double longest_ = 0;
};

}  // namespace genesys::load
