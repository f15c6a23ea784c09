// When each side of each call has its turn: once in 20 ms, spread evenly, on one thread that sleeps
// in between. Late turns are made up for, and counted.
#pragma once

#include <array>
#include <vector>

#include "line.hpp"

namespace genesys::load {

class Pacer {
 public:
  Pacer();

  /// Lines outlive the pacer.
  void add(Line& line);
  /// Sleeps until the next slot, then gives their turn to all who are due.
  void turn();

  /// How late slots were since the last call, ms.
  std::vector<float> takeLateness() { return std::exchange(lateness_, {}); }

 private:
  static constexpr size_t kSlots = 40;  // of half a millisecond
  static constexpr Nanos kSlot = kFrame / kSlots;
  struct Side {
    Line* line;
    Leg* (Line::*leg)();
  };

  std::array<std::vector<Side>, kSlots> slots_;
  size_t lines_ = 0;
  Nanos due_;  ///< steady
  size_t next_ = 0;
  DatagramBatch batch_;
  std::vector<float> lateness_;
};

}  // namespace genesys::load
