// Notices that nothing comes from where something should: the usual way for one-way audio to begin
// is a media address that leads nowhere. A value; time is a parameter.
#pragma once

#include <optional>
#include <utility>

#include "util/clock.hpp"

namespace genesys::media {

class ArrivalWatch {
 public:
  /// Nothing for so long since the address became known, or is another.
  static constexpr Seconds kAfterMove{3};
  /// Nothing for so long after there was something: a far end that is silent may stop sending.
  static constexpr Seconds kAfterVoice{10};

  /// `expected`: something should come; `moved`: from elsewhere than before.
  void configure(bool expected, bool moved, MonoTime now) {
    if (moved || (expected && !expected_)) {
      since_ = now;
      heard_ = missing_ = false;
    }
    expected_ = expected;
  }
  /// True if it was missing.
  bool arrived(MonoTime now) {
    since_ = now;
    heard_ = true;
    return std::exchange(missing_, false);
  }

  enum class Missing {
    SinceMoved,  ///< nothing at all came
    Stopped,
  };
  /// Says so once.
  std::optional<Missing> run(MonoTime now) {
    if (now < due()) return std::nullopt;
    missing_ = true;
    return heard_ ? Missing::Stopped : Missing::SinceMoved;
  }
  /// When run() has something to say; MonoTime::max() if never.
  MonoTime due() const {
    if (!expected_ || missing_) return MonoTime::max();
    return since_ + (heard_ ? kAfterVoice : kAfterMove);
  }

 private:
  bool expected_ = false;
  bool heard_ = false;
  bool missing_ = false;
  MonoTime since_{};
};

}  // namespace genesys::media
