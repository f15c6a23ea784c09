// The browser's PeerConnection: offers, takes the answer, finds its way by ICE, shakes hands by
// DTLS, and then hands over a socket and SRTP keys. libnice and OpenSSL are gone from then on: the
// gateway sends keep-alives that want no answer, and media needs neither.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "dtls.hpp"
#include "ice.hpp"

namespace genesys::load {

class PeerConnection {
 public:
  struct Ready {
    Ice::Way way;
    std::unique_ptr<SrtpPair> srtp;
    const SrtpSuite* suite;
  };

  /// The references outlive it. `ssrc`: of what will be sent.
  PeerConnection(IceLoop& loop, const DtlsIdentity& identity, const Format& format, uint32_t ssrc);
  /// Gathers; offer() says when that is done.
  void open(const std::string& address);
  /// Empty while gathering.
  const std::string& offer() const { return offer_; }
  void takeAnswer(std::string_view sdp);
  /// A candidate that comes beside the answer, before it or after.
  void add(const Candidate& candidate);
  /// Now and then, and after IceLoop::turn().
  void onTime();
  /// Once, when it is connected.
  std::optional<Ready> takeReady();
  /// Empty while all is well.
  const std::string& fault() const { return fault_; }

 private:
  void describe();
  void received(std::span<const uint8_t> datagram);
  void shakeHands();

  IceLoop& loop_;
  const DtlsIdentity& identity_;
  const Format& format_;
  uint32_t ssrc_;
  std::string offer_, fault_;
  std::optional<RemoteDescription> remote_;
  std::vector<Candidate> early_;  ///< came before the answer
  bool gathered_ = false;         ///< libnice may say so before it has returned
  bool connected_ = false;
  std::unique_ptr<Ice> ice_;
  std::unique_ptr<DtlsHandshake> dtls_;
};

}  // namespace genesys::load
