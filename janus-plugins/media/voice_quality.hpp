// How good a stream sounds where it is heard, by the E-model (ITU-T G.107, defaults of table 2),
// from what came in alone: the far end's RTCP may be missing. Values; time is a parameter.
#pragma once

#include <cstdint>
#include <optional>

#include "util/clock.hpp"

namespace genesys::media {

/// What a coder and its concealment cost (G.113 appendix I).
struct Impairment {
  double equipment;   ///< Ie: without any loss
  double robustness;  ///< Bpl: how well loss is concealed
};
/// Loss that the listener's jitter buffer conceals, as every browser's does: G.711 with appendix I.
/// Opus without in-band FEC and G.722 do no worse; on the narrow-band scale they cost nothing more.
inline constexpr Impairment kConcealed{0, 25.1};
/// Loss that is heard as a gap.
inline constexpr Impairment kBare{0, 4.3};

/// The rating R, 0-93.2, of a path that loses `lossPercent` of its packets at random and takes
/// `delay` from mouth to ear.
double ratingOf(const Impairment& impairment, double lossPercent, Millis delay);
/// G.107 annex B: 1.0-4.5.
double mosOf(double rating);

/// Follows one incoming stream in intervals of kInterval.
class QualityMeter {
 public:
  static constexpr Seconds kInterval{5};

  explicit QualityMeter(const Impairment& impairment) : impairment_(impairment) {}

  /// Totals of the stream so far. `useless`: packets that came too late. `delay` besides that of
  /// jitter. True if there is a new interval.
  struct Totals {
    uint64_t packets = 0, lost = 0, useless = 0;
    Millis jitter{0}, delay{0};
  };
  bool update(const Totals& totals, MonoTime now);
  /// One interval as the other end has measured it.
  void add(double lossPercent, Millis delay);

  struct Figures {
    double last = 0;    ///< of the last whole interval
    double worst = 0;   ///< of any
    double mean = 0;    ///< of all
    double rating = 0;  ///< R of the last
  };
  /// nullopt before the first interval is over.
  const std::optional<Figures>& figures() const { return figures_; }

 private:
  const Impairment impairment_;
  std::optional<MonoTime> begin_;
  Totals before_;
  unsigned intervals_ = 0;
  std::optional<Figures> figures_;
};

}  // namespace genesys::media
