#include "peer_connection.hpp"

namespace genesys::load {

PeerConnection::PeerConnection(IceLoop& loop, const DtlsIdentity& identity, const Format& format,
                               uint32_t ssrc)
    : loop_(loop), identity_(identity), format_(format), ssrc_(ssrc) {}

void PeerConnection::open(const std::string& address) {
  auto ice = Ice::create(loop_, address,
                         {.gathered = [this] { gathered_ = true; },
                          .connected = [this] { connected_ = true; },
                          .failed = [this] { fault_ = "ICE found no way"; },
                          .received = [this](auto datagram) { received(datagram); }});
  if (ice)
    ice_ = std::move(ice).value();
  else
    fault_ = ice.error();
}

void PeerConnection::describe() {
  offer_ = writeOffer({ice_->credentials(), ice_->candidates(), identity_.fingerprint(), ssrc_},
                      format_);
}

void PeerConnection::takeAnswer(std::string_view sdp) {
  auto answer = readAnswer(sdp, format_);
  if (!answer) {
    fault_ = answer.error();
    return;
  }
  remote_ = std::move(answer).value();
  ice_->setRemote(remote_->ice);
  ice_->add(remote_->candidates);
  ice_->add(std::exchange(early_, {}));
}

void PeerConnection::add(const Candidate& candidate) {
  if (!remote_)
    early_.push_back(candidate);
  else if (ice_)
    ice_->add({candidate});
}

// The gateway, if it is the client, may begin before libnice has told us of the way.
void PeerConnection::received(std::span<const uint8_t> datagram) {
  constexpr uint8_t kLeastDtls = 20;  // RFC 7983 section 7
  constexpr uint8_t kMostDtls = 63;
  if (datagram.empty() || datagram[0] < kLeastDtls || datagram[0] > kMostDtls || !remote_) return;
  shakeHands();
  dtls_->received(datagram);
}

void PeerConnection::shakeHands() {
  if (dtls_) return;
  dtls_ = std::make_unique<DtlsHandshake>(identity_, !remote_->active, remote_->fingerprint,
                                          [this](auto datagram) { ice_->send(datagram); });
}

void PeerConnection::onTime() {
  if (!fault_.empty() || !ice_) return;
  if (gathered_ && offer_.empty()) describe();
  if (connected_ && remote_) shakeHands();
  if (!dtls_) return;
  dtls_->onTime();
  fault_ = dtls_->fault();
}

std::optional<PeerConnection::Ready> PeerConnection::takeReady() {
  if (!fault_.empty() || !connected_ || !dtls_ || !dtls_->keys()) return std::nullopt;
  auto srtp = SrtpPair::create(*dtls_->keys());
  auto way = ice_->way();
  if (!srtp || !way) {
    fault_ = srtp ? way.error() : srtp.error();
    return std::nullopt;
  }
  const SrtpSuite* const suite = dtls_->keys()->suite;
  dtls_.reset();
  ice_.reset();
  return Ready{std::move(way).value(), std::move(srtp).value(), suite};
}

}  // namespace genesys::load
