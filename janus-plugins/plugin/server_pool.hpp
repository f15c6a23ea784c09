// The SIP Servers of the gateway: asks them how they are, chooses the one in use, and has the DNs
// register there, so many a second. SIP loop.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "plugin/pace.hpp"
#include "sip/registration.hpp"
#include "sip/server_list.hpp"
#include "sip/user_agent.hpp"
#include "util/scheduler.hpp"

namespace genesys::plugin {

class ServerPool {
 public:
  struct Settings {
    unsigned site = 0;
    sip::ServerList::Options list;
    Millis probeTimeout{2000};          ///< an OPTIONS without an answer
    unsigned registersPerSecond = 500;  ///< after a change of server; 1-10000
  };

  /// `scheduler` and `agent` outlive it. `newRound` gives what registers the DNs anew, one by one.
  ServerPool(Scheduler& scheduler, sip::UserAgent& agent, Settings settings,
             std::function<Pace::Each()> newRound);

  void setTargets(std::vector<sip::ServerTarget> targets);
  /// A REGISTER at the server in use was served, or not.
  void requestWent(bool served);
  /// The connection to a server is gone. If it is the one in use the DNs register anew, since it
  /// may have forgotten them: at once, but not again within kRegisterPause.
  void connectionLost(const sip::ServerTarget& server);
  const sip::ServerTarget* current() const { return list_.current(); }
  /// There is a server in use, and it has not failed twice in a row. One that was not asked yet
  /// counts as good.
  bool serving() const { return current() != nullptr && failures_ < kFailures; }
  /// Whether it has answered what it was asked last, a REGISTER or OPTIONS; nullopt: not asked yet.
  std::optional<bool> answers() const { return answers_; }

 private:
  void handle(const sip::ServerList::Event& event);
  void perform(const sip::ServerList::Action& action);
  void probe(const sip::ServerTarget& target);
  void use(const sip::ServerTarget& target);
  void registerAll(Millis delay);

  static constexpr unsigned kFailures = 2;

  /// What the server in use has made of a request.
  void went(bool served);

  struct Probe {
    std::unique_ptr<sip::OutOfDialogRequest> request;
    Timer limit;
  };

  Scheduler& scheduler_;
  sip::UserAgent& agent_;
  Settings settings_;
  std::function<Pace::Each()> newRound_;
  sip::ServerList list_;
  std::map<uint64_t, Probe> probes_;  ///< under way, by a number of ours
  uint64_t lastProbe_ = 0;
  unsigned failures_ = 0;  ///< in a row, of the server in use
  Timer timer_;
  Pace pace_;
  std::optional<MonoTime> registeredAll_;  ///< when the latest round begins, or began
  std::optional<bool> answers_;            ///< the server in use
  std::optional<sip::ServerTarget> used_;  ///< before: DNs that are registered follow a change
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace genesys::plugin
