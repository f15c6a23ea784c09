// Digits as RFC 4733 telephone events: which event packet goes out in which 20 ms slot, and which
// key the far end has pressed. Both live on their leg's worker; time is a parameter.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "util/clock.hpp"

namespace genesys::media {

/// Clock of telephone-event beside 8 kHz codecs and G.722 (RFC 4733 section 2.1), Hz.
inline constexpr uint32_t kEventClock = 8000;
inline constexpr Millis kEventInterval{20};
inline constexpr size_t kEventOctets = 4;
inline constexpr Millis kShortestDigit{40};
inline constexpr Millis kLongestDigit{8000};

/// The event code of 0-9 * # A-D (section 3.2), any letter case; nullopt for anything else.
std::optional<uint8_t> eventOfDigit(char digit);
/// The digit of event codes 0-15; nullopt for others.
std::optional<char> digitOfEvent(uint8_t event);

/// The payload (section 2.3).
struct TelephoneEvent {
  uint8_t event = 0;
  bool end = false;
  uint8_t volume = 10;    ///< -dBm0, 0-63
  uint16_t duration = 0;  ///< units of its own clock since its timestamp
};
std::optional<TelephoneEvent> parseTelephoneEvent(std::span<const uint8_t> payload);
void writeTelephoneEvent(const TelephoneEvent& event, std::span<uint8_t> payload);

class DigitSender {
 public:
  /// Queues a digit; false if it is none, its duration is out of range or 32 are waiting.
  bool queue(char digit, Millis duration);
  void clear();
  /// Hz of the RTP stream and of telephone-event, which is as a rule the same (RFC 4733
  /// section 2.1). A digit that is under way when they change is broken off.
  void setClocks(uint32_t stream, uint32_t events);

  /// True if the slot at `timestamp` (RTP clock, the stream's own) belongs to a digit: one is
  /// under way, or one waits and the pause after the last is over.
  bool wantsSlot(uint32_t timestamp);

  struct Packet {
    TelephoneEvent event;
    uint32_t timestamp = 0;  ///< of the start of the digit, or of its segment (section 2.5.1.3)
    bool marker = false;     ///< on its first packet
  };
  /// The packet for the slot at `timestamp`; call only if wantsSlot(timestamp).
  Packet takeSlot(uint32_t timestamp);

 private:
  struct Digit {
    uint8_t event;
    Millis duration;
  };
  static constexpr size_t kMostWaiting = 32;

  uint32_t streamSlot() const { return streamClock_ / kSlotsPerSecond; }
  uint32_t eventSlot() const { return eventClock_ / kSlotsPerSecond; }
  void startSegment(uint32_t timestamp);

  static constexpr uint32_t kSlotsPerSecond = 1000 / kEventInterval.count();

  uint32_t streamClock_ = kEventClock;
  uint32_t eventClock_ = kEventClock;
  std::array<Digit, kMostWaiting> waiting_{};
  size_t first_ = 0;
  size_t count_ = 0;
  bool active_ = false;
  unsigned endsSent_ = 0;
  uint32_t start_ = 0;   ///< timestamp of the digit under way, or of its segment
  uint32_t before_ = 0;  ///< event clock units of it in segments before
  uint32_t slots_ = 0;   ///< packets of the segment that are sent
  bool pausing_ = false;
  uint32_t resumeAt_ = 0;  ///< timestamp before which no other digit starts
};

class DigitReceiver {
 public:
  struct Key {
    char digit;
    Millis duration;
  };
  /// Hz of telephone-event.
  void setClock(uint32_t events) { clock_ = events; }
  /// Takes an event packet; returns a key once, when it is released. `timestamp` and `ssrc` are of
  /// its RTP header.
  std::optional<Key> received(const TelephoneEvent& event, uint32_t ssrc, uint32_t timestamp,
                              MonoTime now);
  /// A key whose end packets are all lost counts as released when nothing came for 200 ms.
  std::optional<Key> expire(MonoTime now);
  /// When expire() has something to do; MonoTime::max() if never.
  MonoTime due() const;
  /// True while a key is held down: the voice beside it is to be cut out.
  bool pressed() const { return pressed_; }

 private:
  Key release();
  bool goesOn(const TelephoneEvent& event, uint32_t timestamp) const;

  uint32_t clock_ = kEventClock;
  bool known_ = false;    ///< the fields below describe an event
  bool pressed_ = false;  ///< and it has not been reported
  uint32_t ssrc_ = 0;
  uint32_t timestamp_ = 0;
  TelephoneEvent event_;
  uint32_t before_ = 0;  ///< units of the key in segments before (section 2.5.1.3)
  MonoTime last_{};
};

}  // namespace genesys::media
