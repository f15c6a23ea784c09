#include "sip/server_list.hpp"

#include <algorithm>
#include <utility>

#include "util/overloaded.hpp"

namespace genesys::sip {

ServerList::Actions ServerList::on(const Event& event) {
  return std::visit(Overloaded{[this](const Targets& e) { return targets(e.targets); },
                               [this](const ProbeAnswered& e) { return probeAnswered(e); },
                               [this](const RequestWent& e) { return requestWent(e.served); },
                               [this](const TimerFired&) { return timerFired(); }},
                    event);
}

const ServerTarget* ServerList::current() const {
  return servers_.empty() ? nullptr : &servers_[current_].target;
}

// The one in use stays in use if it is still there: a change of DNS moves nobody without need.
ServerList::Actions ServerList::targets(const std::vector<ServerTarget>& targets) {
  if (targets.empty()) return {};
  const bool first = servers_.empty();
  const ServerTarget before = first ? ServerTarget{} : servers_[current_].target;
  std::vector<Server> servers;
  for (const ServerTarget& target : targets) {
    const auto known = std::ranges::find(servers_, target, &Server::target);
    servers.push_back(known == servers_.end() ? Server{target} : *known);
  }
  servers_ = std::move(servers);
  const auto kept = std::ranges::find(servers_, before, &Server::target);
  const bool moved = first || kept == servers_.end();
  current_ = moved ? 0 : static_cast<size_t>(kept - servers_.begin());
  Actions actions;
  if (moved) actions = use(0);
  if (first) actions.push_back(StartTimer{options_.probeInterval});
  return actions;
}

ServerList::Actions ServerList::timerFired() {
  Actions actions{StartTimer{options_.probeInterval}};
  if (servers_.size() < 2 && !options_.probeAlone) return actions;  // there is nowhere to go
  for (size_t i = 0; i <= current_; ++i) actions.push_back(Probe{servers_[i].target});
  return actions;
}

ServerList::Actions ServerList::probeAnswered(const ProbeAnswered& answer) {
  const auto server = std::ranges::find(servers_, answer.target, &Server::target);
  if (server == servers_.end()) return {};
  const auto index = static_cast<size_t>(server - servers_.begin());
  server->failures = answer.alive ? 0 : server->failures + 1;
  server->answers = answer.alive ? server->answers + 1 : 0;
  if (answer.alive && std::exchange(silent_, false)) return use(index);
  if (index < current_ && server->answers >= options_.answersToReturn) return use(index);
  if (index != current_ || answer.alive) return {};
  // The first failure may have been a lost packet: ask again at once.
  return server->failures < options_.failuresToLeave ? Actions{Probe{answer.target}} : leave();
}

ServerList::Actions ServerList::requestWent(bool served) {
  requestFailures_ = served ? 0 : requestFailures_ + 1;
  if (served) silent_ = false;
  return requestFailures_ < options_.failuresToLeave ? Actions{} : leave();
}

// The next that is not known to be dead; with none, simply the next.
ServerList::Actions ServerList::leave() {
  if (servers_.size() < 2) {
    if (!options_.probeAlone || std::exchange(silent_, true)) return {};
    return {Use{servers_[current_].target}};
  }
  servers_[current_].failures = std::max(servers_[current_].failures, options_.failuresToLeave);
  servers_[current_].answers = 0;
  for (size_t step = 1; step < servers_.size(); ++step) {
    const size_t index = (current_ + step) % servers_.size();
    if (servers_[index].failures == 0) return use(index);
  }
  return use((current_ + 1) % servers_.size());
}

ServerList::Actions ServerList::use(size_t index) {
  current_ = index;
  servers_[index].failures = 0;
  requestFailures_ = 0;
  return {Use{servers_[index].target}};
}

}  // namespace genesys::sip
