// A new configuration while the gateway runs. Lines, Admission and Switchboard refer to the parts
// of the configuration, so each part is changed in its place.
#include <utility>

#include "plugin/gateway.hpp"
#include "plugin/line.hpp"
#include "util/log.hpp"

namespace genesys::plugin {

void Gateway::reconfigure(settings::Config next) {
  settings::Config& config = parts_.config;
  config.signIn = std::move(next.signIn);
  signIn_ = settings::SignIn(config.signIn);
  config.ice = std::move(next.ice);
  config.agent = std::move(next.agent);
  config.dialPlan = std::move(next.dialPlan);
  config.sip.trustedPeers = std::move(next.sip.trustedPeers);
  config.sip.realm = std::move(next.sip.realm);
  config.sip.registerExpires = next.sip.registerExpires;
  config.options = std::move(next.options);
  agent_->trust(peersOf(config));
  updateDns(std::move(next.dns));
  warnOfReadableKeys();
}

void Gateway::updateDns(std::map<std::string, settings::DnConfig> next) {
  auto& dns = parts_.config.dns;
  const Retirement others = drain_.on() ? Retirement::Draining : Retirement::None;
  for (const auto& [number, line] : lines_) {
    const auto now = next.find(number);
    if (now == next.end()) {
      line->retire(Retirement::Removed);
      continue;
    }
    const settings::DnConfig before = std::exchange(dns[number], std::move(now->second));
    next.erase(now);
    line->retire(others);  // one that was leaving stays
    line->reconfigured(before);
  }
  for (auto& [number, dn] : next) {
    const auto& added = dns[number] = std::move(dn);
    const auto& line = lines_.emplace(number, std::make_unique<Line>(*this, added)).first->second;
    line->retire(others);
  }
  forEachLine([](Line& line) {
    line.leaveIfIdle();
    if (!line.inService()) line.start(true);
  });
}

void Gateway::lineLeft(const std::string& number) {
  // Not within the line's own code.
  parts_.scheduler.post([this, number] { dropLine(number); });
}

void Gateway::dropLine(const std::string& number) {
  const auto found = lines_.find(number);
  if (found == lines_.end() || closing_ || !found->second->gone()) return;
  logInfo("DN {}: removed", number);
  lines_.erase(found);
  parts_.config.dns.erase(number);
}

}  // namespace genesys::plugin
