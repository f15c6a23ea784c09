// A conference bridge's mixer: each member hears all the others, and guests that are only played.
// Main thread.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "media/audio_source.hpp"

namespace genesys::sim {

class ConferenceRoom : public std::enable_shared_from_this<ConferenceRoom> {
 public:
  explicit ConferenceRoom(const SourceFactory& sources) : sources_(sources) {}
  /// Somebody who has no phone: `play` as in POST /calls. Heard by those who enter afterwards.
  Result<Done> invite(const std::string& play);
  /// What a new member hears; what its endpoint hears goes to the others. It leaves when this goes.
  std::unique_ptr<AudioSource> enter();

 private:
  class Seat;

  const SourceFactory& sources_;
  std::vector<std::string> guests_;
  std::set<Seat*> seats_;
};

}  // namespace genesys::sim
