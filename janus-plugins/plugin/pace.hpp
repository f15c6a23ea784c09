// Does something for each of many, so many a second, so that no moment has all of them. SIP loop.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "util/scheduler.hpp"

namespace genesys::plugin {

class Pace {
 public:
  /// Does it for the one of that number; false: there is none, and the round is over.
  using Each = std::function<bool(size_t)>;

  /// `perSecond`: 1-10000. `scheduler` outlives it.
  Pace(Scheduler& scheduler, unsigned perSecond)
      : scheduler_(scheduler),
        lot_(std::max(1U, perSecond / static_cast<unsigned>(Millis(1000) / kTick))),
        pause_(std::max(kTick, Millis(1000 * lot_ / perSecond))) {}

  /// From number 0 on, after `delay`, in the place of a round under way. `each` may begin another.
  void begin(Millis delay, Each each) {
    each_ = std::make_shared<const Each>(std::move(each));
    timer_ = scheduler_.after(delay, [this] { next(0); });
  }
  /// The first ones within the call.
  void beginAtOnce(Each each) {
    each_ = std::make_shared<const Each>(std::move(each));
    next(0);
  }

 private:
  // Lots of one tick, so that a high rate needs no timer of a fraction of a millisecond.
  static constexpr Millis kTick{20};

  void next(size_t index) {
    const auto each = each_;
    for (const size_t end = index + lot_; index < end; ++index)
      if (!(*each)(index)) return;
    if (each == each_) timer_ = scheduler_.after(pause_, [this, index] { next(index); });
  }

  Scheduler& scheduler_;
  size_t lot_;
  Millis pause_;
  std::shared_ptr<const Each> each_;
  Timer timer_;
};

}  // namespace genesys::plugin
