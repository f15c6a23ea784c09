#include "media/voice_quality.hpp"

#include <algorithm>
#include <cmath>

namespace genesys::media {
namespace {

// R of a path without loss or delay, with every other parameter at its default.
constexpr double kBest = 93.2;
// What is played after it came in: a packet, and twice the jitter that a buffer has to cover.
constexpr Millis kPlayout{20};

/// Idd, section 7.4: nobody minds the first 100 ms.
double delayImpairment(Millis delay) {
  const double ms = static_cast<double>(delay.count());
  if (ms <= 100) return 0;
  const double x = std::log2(ms / 100);
  const auto root = [](double value) { return std::pow(1 + std::pow(value, 6), 1.0 / 6); };
  return 25 * (root(x) - 3 * root(x / 3) + 2);
}

}  // namespace

double ratingOf(const Impairment& impairment, double lossPercent, Millis delay) {
  const auto& [equipment, robustness] = impairment;
  // Ie,eff, section 7.5, with BurstR = 1.
  const double loss = equipment + (95 - equipment) * lossPercent / (lossPercent + robustness);
  return std::clamp(kBest - delayImpairment(delay) - loss, 0.0, kBest);
}

double mosOf(double rating) {
  if (rating <= 0) return 1;
  if (rating >= 100) return 4.5;
  return std::max(1.0, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
}

bool QualityMeter::update(const Totals& totals, MonoTime now) {
  if (!begin_) {
    begin_ = now;
    before_ = totals;
    return false;
  }
  if (now - *begin_ < kInterval) return false;
  const auto since = [](uint64_t later, uint64_t earlier) {
    return later > earlier ? static_cast<double>(later - earlier) : 0.0;
  };
  const double lost = since(totals.lost, before_.lost) + since(totals.useless, before_.useless);
  const double sent = since(totals.packets, before_.packets) + since(totals.lost, before_.lost);
  begin_ = now;
  before_ = totals;
  if (sent <= 0) return false;
  const Millis delay = totals.delay + 2 * totals.jitter + kPlayout;
  add(std::min(100.0, 100 * lost / sent), delay);
  return true;
}

void QualityMeter::add(double lossPercent, Millis delay) {
  const double rating = ratingOf(impairment_, lossPercent, delay);
  const double mos = mosOf(rating);
  if (!figures_) figures_ = Figures{mos, mos, mos, rating};
  ++intervals_;
  figures_->mean += (mos - figures_->mean) / intervals_;
  figures_->worst = std::min(figures_->worst, mos);
  figures_->last = mos;
  figures_->rating = rating;
}

}  // namespace genesys::media
