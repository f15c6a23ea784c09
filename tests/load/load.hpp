// The whole run: agents sign in, calls go up level by level, each level is measured, and everything
// is taken down again. One thread; what happens stands on standard output, a line of JSON each
// time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent.hpp"
#include "measurement.hpp"
#include "options.hpp"
#include "pacer.hpp"
#include "static_line.hpp"

namespace genesys::load {

class Load {
 public:
  /// Everything given outlives it.
  Load(const Options& options, const Office& office);

  /// True if all went well. Calls that are set up already take the place of the agents.
  bool run(std::vector<std::unique_ptr<StaticLine>> lines);

 private:
  bool runAgents();
  bool signIn();
  bool raise(size_t calls);
  bool hold(Nanos time);
  bool setUps();
  void measure(const std::vector<Line*>& lines);
  bool finish();
  void leave();

  /// Goes on until `done`; false, with a word, if that takes too long or a call has a fault.
  bool until(const char* what, Nanos limit, const std::function<bool()>& done);
  void turn();
  void readSockets();
  void keepAlive();
  std::string faultOfLines() const;

  const Options& options_;
  const Office& office_;
  IceLoop ice_;
  std::vector<std::unique_ptr<Agent>> agents_;
  std::vector<std::unique_ptr<StaticLine>> static_;
  std::vector<Line*> lines_;  ///< all of them
  std::vector<std::unique_ptr<Measurement>> measurements_;
  UniqueFd epoll_;
  Nanos deadline_, nextKeepAlive_;
  Pacer pacer_;  ///< last: it knows the lines
};

}  // namespace genesys::load
