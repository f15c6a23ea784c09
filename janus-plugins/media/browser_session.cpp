#include "media/browser_session.hpp"

#include <algorithm>

#include "media/join.hpp"

namespace genesys::media {

BrowserSession::BrowserSession(std::shared_ptr<BrowserSink> sink)
    : BrowserSession(std::move(sink), Random::fromSystem()) {}

BrowserSession::BrowserSession(std::shared_ptr<BrowserSink> sink, Random random)
    : sink_(std::move(sink)), receiver_(gauge_.received), sender_(*this, gauge_.sent, random) {}

void BrowserSession::receive(std::span<const uint8_t> datagram, MonoTime now) {
  if (closed()) return;
  gauge_.received.ignored.add(refused_.exchange(0, std::memory_order_relaxed));
  const auto packet = parseRtp(datagram);
  if (packet)
    receiver_.received(*packet, now);
  else
    gauge_.received.ignored.add(1);
}

void BrowserSession::setPayloadType(uint8_t payloadType) {
  payloadType_ = payloadType;
  receiver_.setPayloadType(payloadType);
  sender_.setPayloadType(payloadType);
}

MonoTime BrowserSession::due() const {
  return closed() ? MonoTime::max() : std::min(receiver_.due(), sender_.due());
}

void BrowserSession::run(MonoTime now) {
  receiver_.run(now);
  sender_.run(now);
}

void BrowserSession::close(MonoTime now) {
  part(*this, now);
  sink_.reset();
}

bool BrowserSession::mayEnter() {
  if (waiting_.fetch_add(1, std::memory_order_relaxed) < kMostWaiting) return true;
  waiting_.fetch_sub(1, std::memory_order_relaxed);
  refused_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

void BrowserSession::sendRtp(std::span<const uint8_t> packet) {
  if (sink_) sink_->relayRtp(packet);
}

}  // namespace genesys::media
