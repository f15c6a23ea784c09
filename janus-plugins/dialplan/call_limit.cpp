#include "dialplan/call_limit.hpp"

namespace genesys::dialplan {
namespace {

constexpr Seconds kWindow{60};

}  // namespace

bool CallLimit::admit(unsigned perMinute, MonoTime now) {
  while (!started_.empty() && started_.front() + kWindow <= now) started_.pop_front();
  if (perMinute == 0) {
    started_.clear();
    return true;
  }
  if (started_.size() >= perMinute) return false;
  started_.push_back(now);
  return true;
}

bool CallLimit::idle(MonoTime now) const {
  return started_.empty() || started_.back() + kWindow <= now;
}

}  // namespace genesys::dialplan
