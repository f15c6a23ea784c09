// Finds in what one side of a call received the voice that the other side sent, and so how long
// each packet was under way. Pure.
#pragma once

#include "leg.hpp"

namespace genesys::load {

/// A stretch of two seconds is found if the levels of its packets go up and down as those of the
/// voice.
struct Comparison {
  size_t stretches = 0;       ///< that had enough ups and downs to be found
  size_t found = 0;           ///< of them
  size_t malformed = 0;       ///< packets that the codec could not decode
  double likeness = 1;        ///< least correlation of those found
  std::vector<float> delays;  ///< ms from the packet's departure to its arrival, of those found

  Comparison& operator+=(Comparison&& more);
};

/// RTP timestamps of the arrivals tell which packet follows which, even across gaps; which packet
/// sent is which packet received is then one number for each stretch, and the one with the greatest
/// correlation is taken. So a delay of more than a packet's length is measured rightly, too.
Comparison compare(const std::vector<Departure>& departures, const Voice& voice,
                   const std::vector<Arrival>& arrivals, const Format& received);

/// The value below which a share (0-1) of `values` lies; 0 without any.
float quantile(std::vector<float>& values, double share);

}  // namespace genesys::load
