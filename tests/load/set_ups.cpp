#include "set_ups.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "comparison.hpp"

namespace genesys::load {
namespace {

float millis(Nanos time) {
  return static_cast<float>(time) / static_cast<float>(kMilli);
}

}  // namespace

SetUps::SetUps(std::vector<std::unique_ptr<Agent>>& agents, unsigned perSecond, Nanos hold)
    : agents_(agents), interval_(kSecond / perSecond), hold_(hold), due_(steadyNow()) {}

void SetUps::onTime(bool starting) {
  for (; starting && due_ <= steadyNow(); due_ += interval_) start();
  for (Call& call : calls_) follow(call);
  std::erase_if(calls_, [](const Call& call) {
    return call.agent->state() == Agent::State::Idle || !call.agent->fault().empty();
  });
}

void SetUps::start() {
  for (size_t tried = 0; tried < agents_.size(); ++tried) {
    Agent& agent = *agents_[next_++ % agents_.size()];
    if (agent.state() != Agent::State::Idle || !agent.fault().empty()) continue;
    agent.call();
    ++started_;
    calls_.push_back({&agent});
    return;
  }
  ++nobodyFree_;
}

void SetUps::follow(Call& call) {
  Agent& agent = *call.agent;
  if (!agent.fault().empty()) {
    if (failed_++ == 0) fault_ = agent.fault();
    return;
  }
  if (call.endsAt == 0 && agent.heard()) {
    accepted_.push_back(millis(agent.acceptedAfter()));
    heard_.push_back(millis(agent.heardAfter()));
    call.endsAt = steadyNow() + hold_;
  }
  if (call.endsAt != 0 && call.endsAt <= steadyNow() && agent.talking()) agent.hangUp();
}

bool SetUps::quiet() const {
  return calls_.empty();
}

std::string SetUps::report(double seconds) {
  const auto times = [](std::vector<float>& values) {
    return fmt::format(R"({{"p50_ms": {:.2f}, "p99_ms": {:.2f}, "max_ms": {:.2f}}})",
                       quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1));
  };
  return fmt::format(
      R"({{"event": "set_ups", "started": {}, "heard": {}, "failed": {}, "nobody_free": {}, )"
      R"("per_second": {:.2f}, "accepted": {}, "both_hear": {}, "fault": "{}", "good": {}}})",
      started_, heard_.size(), failed_, nobodyFree_, static_cast<double>(heard_.size()) / seconds,
      times(accepted_), times(heard_), fault_, good());
}

}  // namespace genesys::load
