#include "load.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>

#include <array>
#include <cstdio>

#include "set_ups.hpp"

namespace genesys::load {
namespace {

constexpr Nanos kKeepAlive = 20 * kSecond;  // Janus gives a session up after 60
constexpr Nanos kSettle = 2 * kSecond;      // from the last call of a level to its measurement
constexpr Nanos kPatience = 20 * kSecond;   // for one step of the last agent

void say(const std::string& line) {
  std::puts(line.c_str());
  std::fflush(stdout);
}

}  // namespace

Load::Load(const Options& options, const Office& office)
    : options_(options),
      office_(office),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      deadline_(steadyNow() + options.deadline * kSecond),
      nextKeepAlive_(steadyNow() + kKeepAlive) {}

bool Load::run(std::vector<std::unique_ptr<StaticLine>> lines) {
  if (lines.empty()) return runAgents();
  static_ = std::move(lines);
  for (const auto& line : static_) {
    lines_.push_back(line.get());
    pacer_.add(*line);
    line->talk();
  }
  if (!hold(kSettle)) return false;
  measure(lines_);
  return finish();
}

bool Load::runAgents() {
  bool good = signIn();
  if (good && options_.holdMs > 0) {
    good = setUps();
  } else if (good) {
    for (const unsigned calls : options_.levels) {
      good = good && raise(calls) && hold(kSettle);
      if (good) measure({lines_.begin(), lines_.begin() + calls});
    }
    good = finish() && good;
  }
  leave();
  return good;
}

bool Load::signIn() {
  const Nanos begun = steadyNow();
  const Nanos interval = kSecond / options_.perSecond;
  const uint64_t first = std::stoull(options_.firstDn);
  Random random(first);
  while (agents_.size() < options_.calls()) {
    const size_t i = agents_.size();
    agents_.push_back(std::make_unique<Agent>(office_, ice_, std::to_string(first + i),
                                              static_cast<uint16_t>(options_.firstPort + 2 * i), i,
                                              Random(random.next())));
    Agent& agent = *agents_.back();
    lines_.push_back(&agent);
    pacer_.add(agent);
    agent.signIn();
    epoll_event event{.events = EPOLLIN, .data = {.ptr = &agent}};
    if (agent.fd() >= 0) epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, agent.fd(), &event);
    const Nanos next = begun + static_cast<Nanos>(i + 1) * interval;
    if (!until("the next sign-in", kPatience, [=] { return steadyNow() >= next; })) return false;
  }
  const bool all = until("everybody is signed in", kPatience, [&] {
    for (const auto& agent : agents_)
      if (agent->state() != Agent::State::Idle) return false;
    return true;
  });
  if (all)
    say(fmt::format(R"({{"event": "signed_in", "agents": {}, "seconds": {:.2f}, "srtp": "{}"}})",
                    agents_.size(), static_cast<double>(steadyNow() - begun) / kSecond,
                    !agents_.empty() && agents_[0]->suite() ? agents_[0]->suite()->sdpName : ""));
  return all;
}

bool Load::raise(size_t calls) {
  const Nanos interval = kSecond / options_.perSecond;
  for (size_t i = 0; i < calls; ++i) {
    if (agents_[i]->state() != Agent::State::Idle) continue;
    agents_[i]->call();
    const Nanos next = steadyNow() + interval;
    if (!until("the next call", kPatience, [=] { return steadyNow() >= next; })) return false;
  }
  return until("everybody hears", kPatience, [&] {
    for (size_t i = 0; i < calls; ++i)
      if (!agents_[i]->heard()) return false;
    return true;
  });
}

bool Load::hold(Nanos time) {
  const Nanos end = steadyNow() + time;
  return until("the end of a wait", time + kPatience, [=] { return steadyNow() >= end; });
}

void Load::measure(const std::vector<Line*>& lines) {
  (void)pacer_.takeLateness();
  say(fmt::format(R"({{"event": "measuring", "calls": {}}})", lines.size()));
  auto measurement = std::make_unique<Measurement>(lines, options_.listenEvery);
  const bool whole = hold(options_.seconds * kSecond);
  measurement->stop();
  say(fmt::format(R"({{"event": "measured", "calls": {}, "whole": {}}})", lines.size(), whole));
  measurement->setLateness(pacer_.takeLateness());
  measurements_.push_back(std::move(measurement));
}

bool Load::setUps() {
  SetUps setUps(agents_, options_.perSecond, options_.holdMs * kMilli);
  const Nanos begun = steadyNow();
  const Nanos end = begun + options_.seconds * kSecond;
  say(R"({"event": "measuring", "calls": 0})");
  while (steadyNow() < end && steadyNow() < deadline_) {
    turn();
    setUps.onTime(true);
  }
  const double seconds = static_cast<double>(steadyNow() - begun) / kSecond;
  say(R"({"event": "measured", "calls": 0, "whole": true})");
  const Nanos limit = steadyNow() + kPatience;
  while (!setUps.quiet() && steadyNow() < limit) {
    turn();
    setUps.onTime(false);
  }
  say(setUps.report(seconds));
  return setUps.good();
}

// Comparing takes a while, in which nobody sends: so it is the last thing that is done with the
// calls.
bool Load::finish() {
  bool good = true;
  for (const auto& measurement : measurements_) {
    say(measurement->finish("result"));
    good = measurement->good() && good;
  }
  return good;
}

void Load::leave() {
  for (const auto& agent : agents_) agent->leave();
  const Nanos end = steadyNow() + kSecond;
  while (steadyNow() < end) turn();
}

bool Load::until(const char* what, Nanos limit, const std::function<bool()>& done) {
  const Nanos end = std::min(steadyNow() + limit, deadline_);
  while (!done()) {
    turn();
    std::string fault = faultOfLines();
    if (fault.empty() && steadyNow() > end) fault = fmt::format("not in time: {}", what);
    if (fault.empty()) continue;
    std::fprintf(stderr, "webrtc_load: %s\n", fault.c_str());
    return false;
  }
  return true;
}

void Load::turn() {
  pacer_.turn();
  if (agents_.empty()) return;
  readSockets();
  ice_.turn();
  for (const auto& agent : agents_) agent->onTime();
  keepAlive();
}

void Load::readSockets() {
  std::array<epoll_event, 64> events;
  const int count = epoll_wait(epoll_.get(), events.data(), events.size(), 0);
  for (int i = 0; i < count; ++i)
    static_cast<Agent*>(events[static_cast<size_t>(i)].data.ptr)->read();
}

void Load::keepAlive() {
  if (steadyNow() < nextKeepAlive_) return;
  nextKeepAlive_ += kKeepAlive;
  for (const auto& agent : agents_)
    if (agent->fault().empty() && agent->state() != Agent::State::Gone) agent->keepAlive();
}

std::string Load::faultOfLines() const {
  for (const Line* line : lines_)
    if (!line->fault().empty()) return line->fault();
  return {};
}

}  // namespace genesys::load
