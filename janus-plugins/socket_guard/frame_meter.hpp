// Reads the frames that a browser sends through a WebSocket (RFC 6455, section 5) and keeps none of
// them: how long the message is so far, and whether the framing is what the RFC allows. A value.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace genesys::socket_guard {

enum class Fault { None, TooLong, Malformed };

class FrameMeter {
 public:
  /// `maxMessage`: octets of one message's payload, all its fragments together.
  explicit FrameMeter(uint64_t maxMessage) : maxMessage_(maxMessage) {}

  /// The next octets of the stream, after the HTTP head. Anything but None is the end of it: none
  /// of these octets should go on. A message that will be too long is told by its frame's header.
  Fault read(std::span<const uint8_t> octets);

  /// Something has begun and not ended: a message, or a frame of it, or a control frame.
  bool unfinished() const { return open_ || payloadLeft_ > 0 || have_ > 0; }
  /// Messages that have ended; control frames are none.
  uint64_t messages() const { return messages_; }
  /// Frames of every kind whose header has been read.
  uint64_t frames() const { return frames_; }

 private:
  size_t headerLength() const;
  uint64_t payloadLength() const;
  Fault begin();
  Fault beginData(unsigned opcode, bool final, uint64_t length);

  static constexpr size_t kMaxHeader = 14;  // 2, a length of 8, a mask of 4

  uint64_t maxMessage_;
  std::array<uint8_t, kMaxHeader> header_{};
  size_t have_ = 0;           // octets of header_ that are there
  uint64_t payloadLeft_ = 0;  // of the frame whose header was read last
  uint64_t length_ = 0;       // of the message so far
  bool open_ = false;         // its last fragment has not begun
  bool inData_ = false;       // the frame is of a message
  uint64_t messages_ = 0;
  uint64_t frames_ = 0;
};

}  // namespace genesys::socket_guard
