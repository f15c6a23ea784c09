#include "media/srtp_session.hpp"

#include <algorithm>

#include "util/log.hpp"

namespace genesys::media {

/// The coder of `key`, remembered or new, which becomes the last of `known`; null if there is none.
template <class Coder>
Coder* SrtpSession::use(std::vector<Keyed<Coder>>& known, const SrtpKey& key) {
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const Keyed<Coder>& one) { return one.key == key; });
  if (found != known.end()) {
    std::rotate(found, found + 1, known.end());
    return &known.back().coder;
  }
  auto made = Coder::make(key);
  if (!made) {
    logError("media: no SRTP: {}", made.error());
    return nullptr;
  }
  if (known.size() == kMostKeys) known.erase(known.begin());
  known.push_back({key, std::move(made).value()});
  return &known.back().coder;
}

bool SrtpSession::configure(const std::optional<SrtpKeys>& keys) {
  if (keys == keys_) return false;
  keys_ = keys;
  sender_ = nullptr;
  receiver_ = nullptr;
  if (!keys) return false;
  sender_ = use(senders_, keys->send);
  receiver_ = use(receivers_, keys->receive);
  const bool another = lastSent_ != keys->send;
  lastSent_ = keys->send;
  return another;
}

template <class Protect>
std::span<const uint8_t> SrtpSession::protect(std::span<const uint8_t> packet, Protect protect) {
  if (!keys_) return packet;
  if (sender_ == nullptr || packet.size() > kMaxRtpOctets) return {};
  std::ranges::copy(packet, out_.begin());
  const auto octets = protect(*sender_, std::span<uint8_t>(out_), packet.size());
  return octets ? std::span<const uint8_t>(out_).first(*octets) : std::span<const uint8_t>();
}

std::span<const uint8_t> SrtpSession::protectRtp(std::span<const uint8_t> packet) {
  return protect(packet, [](SrtpSender& sender, std::span<uint8_t> buffer, size_t octets) {
    return sender.protectRtp(buffer, octets);
  });
}

std::span<const uint8_t> SrtpSession::protectRtcp(std::span<const uint8_t> packet) {
  return protect(packet, [](SrtpSender& sender, std::span<uint8_t> buffer, size_t octets) {
    return sender.protectRtcp(buffer, octets);
  });
}

template <class Unprotect>
SrtpSession::Opened SrtpSession::unprotect(std::span<const uint8_t> datagram, Unprotect unprotect) {
  if (!keys_) return {SrtpReceiver::Verdict::Good, datagram};
  if (receiver_ == nullptr || datagram.size() > in_.size()) return {};
  std::ranges::copy(datagram, in_.begin());
  const auto opened = unprotect(*receiver_, std::span<uint8_t>(in_).first(datagram.size()));
  return {opened.verdict, std::span<const uint8_t>(in_).first(opened.octets)};
}

SrtpSession::Opened SrtpSession::unprotectRtp(std::span<const uint8_t> datagram) {
  return unprotect(datagram, [](SrtpReceiver& receiver, std::span<uint8_t> packet) {
    return receiver.unprotectRtp(packet);
  });
}

SrtpSession::Opened SrtpSession::unprotectRtcp(std::span<const uint8_t> datagram) {
  return unprotect(datagram, [](SrtpReceiver& receiver, std::span<uint8_t> packet) {
    return receiver.unprotectRtcp(packet);
  });
}

}  // namespace genesys::media
