#include "socket_guard/frame_meter.hpp"

#include <algorithm>

namespace genesys::socket_guard {
namespace {

// RFC 6455, section 5.2.
constexpr uint8_t kFinal = 0x80;
constexpr uint8_t kReserved = 0x70;  // extensions; none is ever agreed on
constexpr uint8_t kOpcode = 0x0f;
constexpr uint8_t kMasked = 0x80;
constexpr uint8_t kLength = 0x7f;
constexpr uint8_t kLength16 = 126;
constexpr uint8_t kLength64 = 127;
constexpr unsigned kContinuation = 0x0;
constexpr unsigned kText = 0x1;
constexpr unsigned kClose = 0x8;
constexpr unsigned kPong = 0xa;
constexpr uint64_t kMaxControl = 125;

}  // namespace

Fault FrameMeter::read(std::span<const uint8_t> octets) {
  while (!octets.empty()) {
    if (payloadLeft_ > 0) {
      const uint64_t passed = std::min<uint64_t>(payloadLeft_, octets.size());
      payloadLeft_ -= passed;
      octets = octets.subspan(passed);
    } else {
      header_[have_++] = octets.front();
      octets = octets.subspan(1);
      // A browser masks every frame (section 5.1).
      if (have_ == 2 && !(header_[1] & kMasked)) return Fault::Malformed;
      if (have_ < 2 || have_ < headerLength()) continue;
      if (const Fault fault = begin(); fault != Fault::None) return fault;
    }
    if (payloadLeft_ == 0 && inData_ && !open_) {
      ++messages_;
      inData_ = false;
    }
  }
  return Fault::None;
}

size_t FrameMeter::headerLength() const {
  const uint8_t length = header_[1] & kLength;
  return 6 + (length == kLength16 ? 2 : length == kLength64 ? 8 : 0);
}

uint64_t FrameMeter::payloadLength() const {
  const uint8_t length = header_[1] & kLength;
  if (length < kLength16) return length;
  uint64_t value = 0;
  for (size_t at = 2; at < headerLength() - 4; ++at) value = value << 8 | header_[at];
  return value;
}

Fault FrameMeter::begin() {
  have_ = 0;
  ++frames_;
  const unsigned opcode = header_[0] & kOpcode;
  const bool final = header_[0] & kFinal;
  const uint64_t length = payloadLength();
  if (header_[0] & kReserved) return Fault::Malformed;
  if (opcode < kClose) return beginData(opcode, final, length);
  // Control frames may stand between the fragments of a message, and are whole themselves.
  if (opcode > kPong || !final || length > kMaxControl) return Fault::Malformed;
  inData_ = false;
  payloadLeft_ = length;
  return Fault::None;
}

Fault FrameMeter::beginData(unsigned opcode, bool final, uint64_t length) {
  // Janus's API is text; it would take binary frames, but no page sends them.
  if (opcode != (open_ ? kContinuation : kText)) return Fault::Malformed;
  if (!open_) length_ = 0;
  if (length > maxMessage_ - length_) return Fault::TooLong;
  length_ += length;
  open_ = !final;
  inData_ = true;
  payloadLeft_ = length;
  return Fault::None;
}

}  // namespace genesys::socket_guard
