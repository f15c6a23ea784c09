// A call as the pacer and the checks see it: its two sides, of which each may not be there (yet).
#pragma once

#include <string>

#include "leg.hpp"

namespace genesys::load {

class Line {
 public:
  virtual ~Line() = default;
  virtual Leg* browser() = 0;
  virtual Leg* sip() = 0;
  /// Both sides send while it holds.
  virtual bool talking() const = 0;
  /// Empty while all is well.
  virtual const std::string& fault() const = 0;
};

}  // namespace genesys::load
