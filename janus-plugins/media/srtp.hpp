// SRTP and SRTCP of one direction under one master key, by libsrtp (RFC 3711; AES-GCM: RFC 7714).
// The only file that knows libsrtp is srtp.cpp. Lives on its leg's worker.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "media/srtp_suite.hpp"
#include "util/result.hpp"

struct srtp_ctx_t_;

namespace genesys::media {

/// What protection adds to a packet at most: index of SRTCP, MKI and authentication tag, octets.
inline constexpr size_t kMaxSrtpOverhead = 4 + 128 + 16;

struct SrtpDelete {
  void operator()(srtp_ctx_t_* context) const;
};
using SrtpHandle = std::unique_ptr<srtp_ctx_t_, SrtpDelete>;

/// What we send. It refuses to encrypt two packets of one index, which would give both away.
class SrtpSender {
 public:
  static Result<SrtpSender> make(const SrtpKey& key);

  /// Encrypts the packet in the first `octets` of `buffer`, which has kMaxSrtpOverhead more and is
  /// aligned to 4 octets, in place; its new length, or none if it must not go out.
  std::optional<size_t> protectRtp(std::span<uint8_t> buffer, size_t octets);
  std::optional<size_t> protectRtcp(std::span<uint8_t> buffer, size_t octets);

 private:
  SrtpSender(SrtpHandle context, bool withMki) : context_(std::move(context)), withMki_(withMki) {}

  SrtpHandle context_;
  bool withMki_;
};

/// What the far end sends. Each SSRC has its own roll-over count and replay window.
class SrtpReceiver {
 public:
  static Result<SrtpReceiver> make(const SrtpKey& key);

  enum class Verdict {
    Good,
    Replayed,  ///< came before, or is older than the window
    Forged,    ///< not of this key, or no SRTP at all
  };
  struct Opened {
    Verdict verdict = Verdict::Forged;
    size_t octets = 0;  ///< of the packet that is left
  };
  /// Checks and decrypts a packet in place; `packet` is aligned to 4 octets.
  Opened unprotectRtp(std::span<uint8_t> packet);
  Opened unprotectRtcp(std::span<uint8_t> packet);

  /// Whoever joins a stream late does not know how often its sequence numbers have wrapped, and no
  /// signalling says so (RFC 4568 section 6.4.1): a far end that has talked to somebody else under
  /// this key is found by trying. So many roll-overs are tried, a day and a half at 50 packets/s,
  static constexpr uint32_t kMostRollOvers = 100;
  /// so many of them for each packet, which bounds what a forger can make us work,
  static constexpr uint32_t kTriesPerPacket = 5;
  /// and none before so many packets in a row have failed.
  static constexpr unsigned kFailuresFirst = 3;

 private:
  /// SSRCs remembered; those that have been silent longest go first.
  static constexpr size_t kMostStreams = 64;

  /// The SSRC whose roll-over count is looked for.
  struct Search {
    uint32_t ssrc = 0;
    uint32_t base = 0;  ///< roll-over count of its last authentic packet
    uint32_t next = 1;  ///< what is to be tried on top of it
  };

  SrtpReceiver(SrtpHandle context, const SrtpKey& key) : context_(std::move(context)), key_(key) {}
  int withMki() const { return key_.mkiOctets > 0 ? 1 : 0; }
  bool isStream(uint32_t ssrc) const;
  void heard(uint32_t ssrc);
  void failed(uint32_t ssrc);
  bool beginSearch(uint32_t ssrc);
  void endSearch();
  Opened tryRollOvers(std::span<uint8_t> packet);

  SrtpHandle context_;
  SrtpKey key_;
  std::vector<uint32_t> streams_;  ///< SSRCs that were authentic, newest last
  uint32_t failedSsrc_ = 0;
  unsigned failures_ = 0;  ///< of packets with that SSRC, in a row
  std::optional<Search> search_;
};

}  // namespace genesys::media
