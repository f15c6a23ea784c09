#include "media/srtp.hpp"

#include <fmt/format.h>
#include <srtp2/srtp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>

#include "media/rtp_packet.hpp"

namespace genesys::media {
namespace {

static_assert(kMaxSrtpOverhead >= SRTP_MAX_TRAILER_LEN + 4);

// Packets that a receiver can come late by; RFC 3711 section 3.3.2 wants 64 at least.
constexpr unsigned long kReplayWindow = 128;
constexpr size_t kRtcpHeaderOctets = 8;  // with the sender's SSRC

/// A policy of libsrtp; it points into itself and into the key.
class Policy {
 public:
  Policy(const SrtpKey& key, srtp_ssrc_t ssrc) {
    const SrtpSuite& suite = key.suite();
    srtp_crypto_policy_set_rtcp_default(&policy_.rtcp);  // tag 80 for both AES-CM suites (RFC 4568)
    if (&suite == &aes128Gcm()) {
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy_.rtp);
      policy_.rtcp = policy_.rtp;
    } else if (&suite == &aes256Gcm()) {
      srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy_.rtp);
      policy_.rtcp = policy_.rtp;
    } else if (&suite == &aesCm128Sha1Tag32()) {
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy_.rtp);
    } else {
      srtp_crypto_policy_set_rtp_default(&policy_.rtp);
    }
    policy_.ssrc = ssrc;
    policy_.window_size = kReplayWindow;
    // libsrtp reads the key and copies what it derives from it.
    master_.key = const_cast<uint8_t*>(key.octets().data());
    for (unsigned i = 0; i < key.mkiOctets; ++i)
      mki_[i] = static_cast<uint8_t>(key.mki >> 8 * (key.mkiOctets - 1U - i));
    master_.mki_id = mki_.data();
    master_.mki_size = key.mkiOctets;
    policy_.keys = masters_.data();
    policy_.num_master_keys = 1;
  }
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;

  const srtp_policy_t* get() const { return &policy_; }

 private:
  srtp_policy_t policy_{};
  srtp_master_key_t master_{};
  std::array<uint8_t, 4> mki_{};
  std::array<srtp_master_key_t*, 1> masters_{&master_};
};

/// Janus has started the library already; whoever runs without Janus has not.
void startLibrary() {
  static std::once_flag once;
  std::call_once(once, [] {
    const Policy trial(SrtpKey(aesCm128Sha1Tag80()), {ssrc_any_outbound, 0});
    srtp_t context = nullptr;
    if (srtp_create(&context, trial.get()) == srtp_err_status_ok)
      srtp_dealloc(context);
    else
      srtp_init();
  });
}

Result<SrtpHandle> create(const SrtpKey& key, srtp_ssrc_type_t direction) {
  startLibrary();
  const Policy policy(key, {direction, 0});
  srtp_t context = nullptr;
  const auto status = srtp_create(&context, policy.get());
  if (status != srtp_err_status_ok)
    return Failure{fmt::format("libsrtp refuses {}: error {}", key.suite().name, int{status})};
  return SrtpHandle(context);
}

uint32_t read32(std::span<const uint8_t> octets) {
  return uint32_t{octets[0]} << 24 | uint32_t{octets[1]} << 16 | uint32_t{octets[2]} << 8 |
         octets[3];
}

SrtpReceiver::Opened verdict(srtp_err_status_t status, int octets) {
  using Verdict = SrtpReceiver::Verdict;
  if (status == srtp_err_status_ok) return {Verdict::Good, static_cast<size_t>(octets)};
  if (status == srtp_err_status_replay_fail || status == srtp_err_status_replay_old)
    return {Verdict::Replayed, 0};
  return {Verdict::Forged, 0};
}

}  // namespace

void SrtpDelete::operator()(srtp_ctx_t_* context) const {
  srtp_dealloc(context);
}

Result<SrtpSender> SrtpSender::make(const SrtpKey& key) {
  auto context = create(key, ssrc_any_outbound);
  if (!context) return Failure{context.error()};
  return SrtpSender(std::move(context).value(), key.mkiOctets > 0);
}

std::optional<size_t> SrtpSender::protectRtp(std::span<uint8_t> buffer, size_t octets) {
  if (octets < kRtpHeaderOctets || octets + kMaxSrtpOverhead > buffer.size()) return std::nullopt;
  int length = static_cast<int>(octets);
  const auto status = srtp_protect_mki(context_.get(), buffer.data(), &length, withMki_ ? 1 : 0, 0);
  if (status != srtp_err_status_ok) return std::nullopt;
  return static_cast<size_t>(length);
}

std::optional<size_t> SrtpSender::protectRtcp(std::span<uint8_t> buffer, size_t octets) {
  if (octets < kRtcpHeaderOctets || octets + kMaxSrtpOverhead > buffer.size()) return std::nullopt;
  int length = static_cast<int>(octets);
  const auto status =
      srtp_protect_rtcp_mki(context_.get(), buffer.data(), &length, withMki_ ? 1 : 0, 0);
  if (status != srtp_err_status_ok) return std::nullopt;
  return static_cast<size_t>(length);
}

Result<SrtpReceiver> SrtpReceiver::make(const SrtpKey& key) {
  auto context = create(key, ssrc_any_inbound);
  if (!context) return Failure{context.error()};
  return SrtpReceiver(std::move(context).value(), key);
}

SrtpReceiver::Opened SrtpReceiver::unprotectRtp(std::span<uint8_t> packet) {
  const size_t least = kRtpHeaderOctets + key_.suite().tagOctets + key_.mkiOctets;
  if (packet.size() < least || packet.size() > kMaxRtpOctets) return {};
  const uint32_t ssrc = read32(packet.subspan(8));
  const bool search = ssrc == failedSsrc_ && failures_ >= kFailuresFirst;
  // A failed check may leave a packet changed (AES-GCM).
  std::array<uint8_t, kMaxRtpOctets> asItCame;
  if (search) std::ranges::copy(packet, asItCame.begin());
  int octets = static_cast<int>(packet.size());
  const auto status = srtp_unprotect_mki(context_.get(), packet.data(), &octets, withMki());
  Opened opened = verdict(status, octets);
  if (opened.verdict == Verdict::Forged && search && beginSearch(ssrc)) {
    std::copy_n(asItCame.begin(), packet.size(), packet.begin());
    opened = tryRollOvers(packet);
  }
  if (opened.verdict == Verdict::Forged) failed(ssrc);
  if (opened.verdict == Verdict::Good) {
    heard(ssrc);
    failures_ = 0;
    search_.reset();
  }
  return opened;
}

SrtpReceiver::Opened SrtpReceiver::unprotectRtcp(std::span<uint8_t> packet) {
  if (packet.size() < kRtcpHeaderOctets || packet.size() > kMaxRtpOctets) return {};
  const uint32_t ssrc = read32(packet.subspan(4));
  int octets = static_cast<int>(packet.size());
  const auto status = srtp_unprotect_rtcp_mki(context_.get(), packet.data(), &octets, withMki());
  const Opened opened = verdict(status, octets);
  if (opened.verdict == Verdict::Good) heard(ssrc);
  return opened;
}

bool SrtpReceiver::isStream(uint32_t ssrc) const {
  return std::find(streams_.begin(), streams_.end(), ssrc) != streams_.end();
}

void SrtpReceiver::heard(uint32_t ssrc) {
  if (!streams_.empty() && streams_.back() == ssrc) return;
  std::erase(streams_, ssrc);
  streams_.push_back(ssrc);
  if (streams_.size() <= kMostStreams) return;
  srtp_remove_stream(context_.get(), streams_.front());
  streams_.erase(streams_.begin());
}

void SrtpReceiver::failed(uint32_t ssrc) {
  failures_ = ssrc == failedSsrc_ ? failures_ + 1 : 1;
  failedSsrc_ = ssrc;
}

bool SrtpReceiver::beginSearch(uint32_t ssrc) {
  if (search_ && search_->ssrc == ssrc) return true;
  endSearch();
  Search search{.ssrc = ssrc};
  if (isStream(ssrc)) {
    if (srtp_get_stream_roc(context_.get(), ssrc, &search.base) != srtp_err_status_ok) return false;
  } else {
    const Policy policy(key_, {ssrc_specific, ssrc});
    if (srtp_add_stream(context_.get(), policy.get()) != srtp_err_status_ok) return false;
  }
  search_ = search;
  return true;
}

// A stream that was never authentic goes again.
void SrtpReceiver::endSearch() {
  if (search_ && !isStream(search_->ssrc)) srtp_remove_stream(context_.get(), search_->ssrc);
  search_.reset();
}

// Later roll-overs only: what came before under an earlier one is never taken again.
SrtpReceiver::Opened SrtpReceiver::tryRollOvers(std::span<uint8_t> packet) {
  alignas(4) std::array<uint8_t, kMaxRtpOctets> trial;
  Opened opened;
  for (uint32_t i = 0; i < kTriesPerPacket && opened.verdict != Verdict::Good; ++i) {
    std::ranges::copy(packet, trial.begin());
    srtp_set_stream_roc(context_.get(), search_->ssrc, search_->base + search_->next);
    search_->next = search_->next % kMostRollOvers + 1;
    int octets = static_cast<int>(packet.size());
    const auto status = srtp_unprotect_mki(context_.get(), trial.data(), &octets, withMki());
    opened = verdict(status, octets);
  }
  if (opened.verdict == Verdict::Good) {
    std::copy_n(trial.begin(), opened.octets, packet.begin());
    return opened;
  }
  srtp_set_stream_roc(context_.get(), search_->ssrc, 0);  // nothing is pending
  return {};
}

}  // namespace genesys::media
