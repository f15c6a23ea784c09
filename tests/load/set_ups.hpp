// Calls that come and go: so many a second, each of the same length, by whoever is free.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent.hpp"

namespace genesys::load {

class SetUps {
 public:
  SetUps(std::vector<std::unique_ptr<Agent>>& agents, unsigned perSecond, Nanos hold);

  /// Starts and ends the calls whose time has come.
  void onTime(bool starting);
  /// No call is left.
  bool quiet() const;
  bool good() const { return failed_ == 0 && nobodyFree_ == 0 && heard_.size() == started_; }
  /// A line of JSON.
  std::string report(double seconds);

 private:
  struct Call {
    Agent* agent;
    Nanos endsAt = 0;  ///< steady; 0: nobody has been heard yet
  };
  void start();
  void follow(Call& call);

  std::vector<std::unique_ptr<Agent>>& agents_;
  Nanos interval_, hold_, due_;
  size_t next_ = 0;  ///< agent
  std::vector<Call> calls_;
  size_t started_ = 0, failed_ = 0, nobodyFree_ = 0;
  std::string fault_;                    ///< the first
  std::vector<float> accepted_, heard_;  ///< ms
};

}  // namespace genesys::load
