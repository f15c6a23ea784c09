// The encryption of one SIP leg, both ways: whose key counts now, and what is remembered of the
// keys before it. Lives on its leg's worker.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "media/rtp_packet.hpp"
#include "media/srtp.hpp"

namespace genesys::media {

class SrtpSession {
 public:
  /// What offer/answer found; none: plain RTP. True if we encrypt with another key from now on: the
  /// RTP stream must then go on in the lower half of its sequence numbers (RFC 3711 section 3.3.1).
  bool configure(const std::optional<SrtpKeys>& keys);
  bool encrypted() const { return keys_.has_value(); }

  /// What goes out in place of `packet`: itself while nothing is encrypted; empty if nothing may.
  /// Good until the next packet that goes out.
  std::span<const uint8_t> protectRtp(std::span<const uint8_t> packet);
  std::span<const uint8_t> protectRtcp(std::span<const uint8_t> packet);

  struct Opened {
    SrtpReceiver::Verdict verdict = SrtpReceiver::Verdict::Forged;
    std::span<const uint8_t> packet;  ///< of a good one, until the next one comes
  };
  Opened unprotectRtp(std::span<const uint8_t> datagram);
  Opened unprotectRtcp(std::span<const uint8_t> datagram);

 private:
  /// Keys of each direction that are remembered with their roll-over counts and replay windows: a
  /// far end that comes back (from music, from a conference) goes on where it was.
  static constexpr size_t kMostKeys = 4;
  template <class Coder>
  struct Keyed {
    SrtpKey key;
    Coder coder;
  };
  template <class Coder>
  static Coder* use(std::vector<Keyed<Coder>>& known, const SrtpKey& key);
  template <class Protect>
  std::span<const uint8_t> protect(std::span<const uint8_t> packet, Protect protect);
  template <class Unprotect>
  Opened unprotect(std::span<const uint8_t> datagram, Unprotect unprotect);

  std::optional<SrtpKeys> keys_;
  std::optional<SrtpKey> lastSent_;  ///< what we encrypted with last
  std::vector<Keyed<SrtpSender>> senders_;
  std::vector<Keyed<SrtpReceiver>> receivers_;
  SrtpSender* sender_ = nullptr;      ///< of keys_; null: nothing goes out
  SrtpReceiver* receiver_ = nullptr;  ///< of keys_; null: nothing is taken
  alignas(4) std::array<uint8_t, kMaxRtpOctets + kMaxSrtpOverhead> out_;
  alignas(4) std::array<uint8_t, kMaxRtpOctets + kMaxSrtpOverhead> in_;
};

}  // namespace genesys::media
