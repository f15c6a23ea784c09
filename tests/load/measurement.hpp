// What a stretch of time has brought: packets counted on all calls, and compared on some.
#pragma once

#include <string>
#include <vector>

#include "comparison.hpp"
#include "line.hpp"

namespace genesys::load {

/// One direction, all calls together.
struct Direction {
  Counts sent;      ///< of the sending sides
  Counts received;  ///< of the receiving sides
  Comparison heard;
};

class Measurement {
 public:
  /// Begins at once; every `listenEvery`-th of the lines is listened to.
  Measurement(const std::vector<Line*>& lines, unsigned listenEvery);
  /// The time is over; finish() may be called later.
  void stop();
  void setLateness(std::vector<float> ms) { lateness_ = std::move(ms); }
  /// Compares, which takes a while. A line of JSON.
  std::string finish(const std::string& kind);
  /// Whether calls had faults in the meantime, or most of what was said was not found again.
  bool good() const { return good_; }

 private:
  struct Watched {
    Line* line;
    bool listened;
    Counts browser, sip;  ///< first as they were, then what has been added
    Recording browserHeard, sipHeard;
  };
  void compareAll();

  std::vector<Watched> watched_;
  Nanos begun_, cpu_;
  std::vector<float> lateness_;
  Direction toBrowser_, toSip_;
  bool good_ = false;
};

}  // namespace genesys::load
