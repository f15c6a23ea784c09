// The limit: the same frames through the bare library calls and the bare socket calls, with nothing
// around them.
#pragma once

#include "engine/frames.hpp"

namespace genesys::load {

/// CPU of one frame pair of one of `calls` calls, microseconds: recv, A-law, Opus; Opus, A-law,
/// sendto; `rounds` frames of each call, all calls in turn, as they come in a gateway.
double bareMicros(const Frames& browser, const Frames& farEnd, unsigned calls, unsigned rounds);

}  // namespace genesys::load
