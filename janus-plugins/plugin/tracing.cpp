#include "plugin/tracing.hpp"

#include <algorithm>
#include <utility>

#include "plugin/gateway.hpp"
#include "util/log.hpp"

namespace genesys::plugin {

bool Tracing::start(const std::string& dn, Seconds length) {
  const MonoTime now = gateway_.scheduler().now();
  if (!trace_.start(dn, now + length, now)) return false;
  logInfo("DN {}: its SIP messages are traced for {} s", dn, length.count());
  update();
  return true;
}

void Tracing::stop(const std::string& dn) {
  if (trace_.stop(dn)) logInfo("DN {}: its SIP messages are traced no more", dn);
  update();
}

std::vector<std::pair<std::string, Seconds>> Tracing::list() {
  const MonoTime now = gateway_.scheduler().now();
  std::vector<std::pair<std::string, Seconds>> left;
  for (const auto& [dn, until] : trace_.traced())
    if (until > now) left.emplace_back(dn, std::chrono::ceil<Seconds>(until - now));
  return left;
}

void Tracing::received(const sip::WireMessage& message) {
  for (const std::string& line : trace_.read(message, gateway_.scheduler().now()))
    logInfo("{}", line);
  if (capture_) capture_->send(message, std::chrono::system_clock::now());
}

void Tracing::capture(std::unique_ptr<Capture> capture) {
  capture_ = std::move(capture);
  update();
}

void Tracing::close() {
  timer_.reset();
  if (std::exchange(tapped_, false)) gateway_.agent().tap(nullptr);
}

// The stack tells its messages only while somebody reads them.
void Tracing::update() {
  const MonoTime now = gateway_.scheduler().now();
  for (const std::string& dn : trace_.expire(now)) logInfo("DN {}: its trace is over", dn);
  const auto& traced = trace_.traced();
  const bool wanted = !traced.empty() || capture_;
  if (wanted != tapped_) {
    tapped_ = wanted;
    if (wanted)
      gateway_.agent().tap([this](const sip::WireMessage& message) { received(message); });
    else
      gateway_.agent().tap(nullptr);
  }
  timer_.reset();
  if (traced.empty()) return;
  const auto next = std::ranges::min_element(
      traced, [](const auto& a, const auto& b) { return a.second < b.second; });
  timer_ = gateway_.scheduler().after(std::chrono::ceil<Millis>(next->second - now),
                                      [this] { update(); });
}

}  // namespace genesys::plugin
