#include "plugin/server_pool.hpp"

#include <algorithm>
#include <utility>

#include "sip/address.hpp"
#include "sip/registration.hpp"
#include "util/log.hpp"
#include "util/overloaded.hpp"

namespace genesys::plugin {
namespace {

// Between rounds of registrations for lost connections: a server that closes each connection after
// a while makes no storm.
constexpr Millis kRegisterPause{10'000};

}  // namespace

ServerPool::ServerPool(Scheduler& scheduler, sip::UserAgent& agent, Settings settings,
                       std::function<Pace::Each()> newRound)
    : scheduler_(scheduler),
      agent_(agent),
      settings_(settings),
      newRound_(std::move(newRound)),
      list_(settings.list),
      pace_(scheduler, settings.registersPerSecond) {}

void ServerPool::setTargets(std::vector<sip::ServerTarget> targets) {
  agent_.admit(settings_.site, targets);
  handle(sip::ServerList::Targets{std::move(targets)});
}

void ServerPool::went(bool served) {
  answers_ = served;
  failures_ = served ? 0 : failures_ + 1;
}

void ServerPool::requestWent(bool served) {
  went(served);
  handle(sip::ServerList::RequestWent{served});
}

void ServerPool::handle(const sip::ServerList::Event& event) {
  for (const auto& action : list_.on(event)) perform(action);
}

void ServerPool::perform(const sip::ServerList::Action& action) {
  using List = sip::ServerList;
  std::visit(Overloaded{[this](const List::Use& a) { use(a.target); },
                        [this](const List::Probe& a) { probe(a.target); },
                        [this](const List::StartTimer& a) {
                          timer_ =
                              scheduler_.after(a.delay, [this] { handle(List::TimerFired{}); });
                        }},
             action);
}

// Silence is known after probeTimeout, not after SIP's 32 s.
void ServerPool::probe(const sip::ServerTarget& target) {
  const uint64_t number = ++lastProbe_;
  const auto answered = [this, number, target, watch = std::weak_ptr(alive_)](int status) {
    // Not within the request's own call: it is destroyed here.
    scheduler_.post([this, number, target, status, watch] {
      if (!watch.lock() || probes_.erase(number) == 0) return;
      if (current() != nullptr && *current() == target) went(sip::serves(status));
      handle(sip::ServerList::ProbeAnswered{target, sip::serves(status)});
    });
  };
  Probe& probe = probes_[number];
  probe.limit = scheduler_.after(settings_.probeTimeout, [answered] { answered(0); });
  probe.request =
      agent_.probe(target, [answered](int status, const std::string&) { answered(status); });
}

void ServerPool::use(const sip::ServerTarget& target) {
  const bool another = !used_ || target != *used_;
  if (another) {
    failures_ = 0;
    answers_.reset();
  }
  agent_.setServer(settings_.site, target);
  if (!std::exchange(used_, target)) return;  // the first: the DNs are registering anyway
  logWarning("SIP Server {} {}; the DNs register there", sip::hostPort(target.address, target.port),
             another ? "is used from now on" : "has fallen silent or answers again");
  // Within the failed REGISTER's own call nothing of it may be thrown away.
  registerAll(Millis(0));
}

void ServerPool::connectionLost(const sip::ServerTarget& server) {
  if (list_.current() == nullptr || *list_.current() != server) return;
  const MonoTime now = scheduler_.now();
  const MonoTime next = registeredAll_ ? std::max(*registeredAll_ + kRegisterPause, now) : now;
  if (registeredAll_ && *registeredAll_ > now) return;  // one is coming
  registerAll(std::chrono::duration_cast<Millis>(next - now));
}

void ServerPool::registerAll(Millis delay) {
  registeredAll_ = scheduler_.now() + delay;
  pace_.begin(delay, [this, round = Pace::Each()](size_t index) mutable {
    if (index == 0) round = newRound_();
    return round(index);
  });
}

}  // namespace genesys::plugin
