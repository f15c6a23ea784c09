#include "media/dtmf.hpp"

#include <algorithm>
#include <cassert>
#include <string_view>

#include "media/rtp_packet.hpp"

namespace genesys::media {
namespace {

constexpr std::string_view kDigits = "0123456789*#ABCD";
// The final packet goes out three times, at the interval of the others (section 2.5.1.4).
constexpr unsigned kEnds = 3;
// Between two digits, so that receivers that listen for gaps tell them apart; 40 ms is the least.
constexpr uint32_t kPauseSlots = 3;
constexpr Millis kLostEnd{200};

bool before(uint32_t a, uint32_t b) {
  return static_cast<int32_t>(a - b) < 0;
}

}  // namespace

std::optional<uint8_t> eventOfDigit(char digit) {
  if (digit >= 'a' && digit <= 'd') digit = static_cast<char>(digit - 'a' + 'A');
  const size_t at = kDigits.find(digit);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<uint8_t>(at);
}

std::optional<char> digitOfEvent(uint8_t event) {
  if (event >= kDigits.size()) return std::nullopt;
  return kDigits[event];
}

std::optional<TelephoneEvent> parseTelephoneEvent(std::span<const uint8_t> payload) {
  if (payload.size() < kEventOctets) return std::nullopt;
  return TelephoneEvent{.event = payload[0],
                        .end = (payload[1] & 0x80) != 0,
                        .volume = static_cast<uint8_t>(payload[1] & 0x3f),
                        .duration = readUint16(&payload[2])};
}

void writeTelephoneEvent(const TelephoneEvent& event, std::span<uint8_t> payload) {
  assert(payload.size() >= kEventOctets);
  payload[0] = event.event;
  payload[1] = static_cast<uint8_t>((event.end ? 0x80 : 0) | (event.volume & 0x3f));
  writeUint16(&payload[2], event.duration);
}

bool DigitSender::queue(char digit, Millis duration) {
  const auto event = eventOfDigit(digit);
  if (!event || duration < kShortestDigit || duration > kLongestDigit || count_ == kMostWaiting)
    return false;
  waiting_[(first_ + count_++) % kMostWaiting] = {*event, duration};
  return true;
}

void DigitSender::clear() {
  count_ = 0;
  active_ = false;
}

void DigitSender::setClocks(uint32_t stream, uint32_t events) {
  if (stream == streamClock_ && events == eventClock_) return;
  streamClock_ = stream;
  eventClock_ = events;
  pausing_ = false;
  if (!active_) return;
  active_ = false;
  first_ = (first_ + 1) % kMostWaiting;
  count_--;
}

bool DigitSender::wantsSlot(uint32_t timestamp) {
  if (active_) return true;
  if (pausing_ && !before(timestamp, resumeAt_)) pausing_ = false;
  return count_ > 0 && !pausing_;
}

void DigitSender::startSegment(uint32_t timestamp) {
  start_ = timestamp;
  slots_ = 0;
}

DigitSender::Packet DigitSender::takeSlot(uint32_t timestamp) {
  const bool first = !active_;
  if (first) {
    active_ = true;
    endsSent_ = 0;
    before_ = 0;
    startSegment(timestamp);
  }
  if (endsSent_ == 0 && (slots_ + 1) * eventSlot() > UINT16_MAX) {
    before_ += slots_ * eventSlot();
    startSegment(timestamp);
  }
  const Digit& digit = waiting_[first_];
  const uint32_t left =
      static_cast<uint32_t>(digit.duration.count()) * (eventClock_ / 1000) - before_;
  if (endsSent_ == 0) slots_++;
  const uint32_t elapsed = slots_ * eventSlot();
  const bool end = elapsed >= left;
  const Packet packet{.event = {.event = digit.event,
                                .end = end,
                                .duration = static_cast<uint16_t>(std::min(elapsed, left))},
                      .timestamp = start_,
                      .marker = first};
  if (end && endsSent_++ == 0) resumeAt_ = timestamp + (1 + kPauseSlots) * streamSlot();
  if (endsSent_ == kEnds) {
    active_ = false;
    pausing_ = true;
    first_ = (first_ + 1) % kMostWaiting;
    count_--;
  }
  return packet;
}

std::optional<DigitReceiver::Key> DigitReceiver::received(const TelephoneEvent& event,
                                                          uint32_t ssrc, uint32_t timestamp,
                                                          MonoTime now) {
  if (!digitOfEvent(event.event)) return std::nullopt;
  const bool sameStream = known_ && ssrc == ssrc_;
  // A reordered repetition of a digit that is over.
  if (sameStream && before(timestamp, timestamp_)) return std::nullopt;
  std::optional<Key> released;
  if (!sameStream || timestamp != timestamp_) {
    const bool segment = sameStream && goesOn(event, timestamp);
    if (pressed_ && !segment) released = release();  // its end was lost
    before_ = segment ? before_ + event_.duration : 0;
    known_ = pressed_ = true;
    ssrc_ = ssrc;
    timestamp_ = timestamp;
    event_ = event;
  }
  last_ = now;
  if (!pressed_) return released;
  event_.duration = std::max(event_.duration, event.duration);
  // When the end of one digit was lost and the next is a single end packet, the later one waits for
  // its repetition.
  if (event.end && !released) released = release();
  return released;
}

std::optional<DigitReceiver::Key> DigitReceiver::expire(MonoTime now) {
  if (!pressed_ || now < due()) return std::nullopt;
  return release();
}

MonoTime DigitReceiver::due() const {
  return pressed_ ? last_ + kLostEnd : MonoTime::max();
}

// The next segment of a key that is still down: it begins where the last one ended.
bool DigitReceiver::goesOn(const TelephoneEvent& event, uint32_t timestamp) const {
  return pressed_ && event.event == event_.event && timestamp == timestamp_ + event_.duration;
}

DigitReceiver::Key DigitReceiver::release() {
  pressed_ = false;
  const uint64_t units = before_ + event_.duration;
  return {*digitOfEvent(event_.event), Millis(units * 1000 / clock_)};
}

}  // namespace genesys::media
