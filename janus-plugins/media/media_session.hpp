// What a media worker has to know of any leg it owns: when it wants to act. Lives on its worker.
#pragma once

#include <memory>

#include "util/clock.hpp"

namespace genesys::media {

class MediaSession : public std::enable_shared_from_this<MediaSession> {
 public:
  virtual ~MediaSession() = default;
  /// When run() has something to do; MonoTime::max() if never. May move either way with each call
  /// of any other function.
  virtual MonoTime due() const = 0;
  virtual void run(MonoTime now) = 0;
  /// For good; twice is once.
  virtual void close(MonoTime now) = 0;

  /// For which the worker has put it on its list; the worker's own.
  MonoTime scheduled = MonoTime::max();
};

}  // namespace genesys::media
