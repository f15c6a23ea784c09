#include "media/digits.hpp"

#include "media/codec.hpp"

namespace genesys::sim {
namespace {

constexpr size_t kMaxWaiting = 64;
constexpr size_t kMaxCollected = 4096;
constexpr int kEventSteps = 8;  // 160 ms
constexpr int kEndSteps = 3;    // the end is sent three times (RFC 4733 section 2.5.1.4)
constexpr int kPauseSteps = 3;  // 60 ms

}  // namespace

bool DigitSender::queue(const std::string& digits) {
  if (waiting_.size() + digits.size() > kMaxWaiting) return false;
  for (const char digit : digits)
    if (eventOfDigit(digit) < 0) return false;
  for (const char digit : digits) waiting_.push_back(eventOfDigit(digit));
  return true;
}

std::optional<DigitSender::Step> DigitSender::next(uint32_t timestamp) {
  if (waiting_.empty()) return std::nullopt;
  const int step = step_++;
  if (step >= kEventSteps + kEndSteps) {
    if (step + 1 == kEventSteps + kEndSteps + kPauseSteps) {
      waiting_.pop_front();
      step_ = 0;
    }
    return std::nullopt;
  }
  if (step == 0) begin_ = timestamp;
  TelephoneEvent event;
  event.event = waiting_.front();
  event.end = step >= kEventSteps;
  event.duration = static_cast<uint16_t>(std::min(step + 1, kEventSteps) * kFrameSamples);
  return Step{event, step == 0, begin_};
}

void DigitReceiver::receive(const RtpPacket& packet) {
  const auto event = parseTelephoneEvent(packet.payload);
  if (!event || event->event > 15 || lastTimestamp_ == packet.timestamp) return;
  lastTimestamp_ = packet.timestamp;
  if (digits_.size() < kMaxCollected) digits_ += digitOfEvent(event->event);
}

}  // namespace genesys::sim
