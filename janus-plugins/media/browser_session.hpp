// One agent's PeerConnection as a media worker sees it: both halves of the browser leg and the call
// it is joined with. Lives on its worker; the gauge may be read by any thread.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <vector>

#include "media/browser_receiver.hpp"
#include "media/browser_sender.hpp"
#include "media/counters.hpp"
#include "media/media_engine.hpp"
#include "media/media_session.hpp"
#include "media/mix.hpp"

namespace genesys::media {

class SipSession;

class BrowserSession : public MediaSession, public RtpOutput {
 public:
  /// Packets of one browser that may wait for the worker; more are dropped, so that a flood from
  /// one page cannot starve the other legs.
  static constexpr int kMostWaiting = 64;

  explicit BrowserSession(std::shared_ptr<BrowserSink> sink);
  BrowserSession(std::shared_ptr<BrowserSink> sink, Random random);

  void receive(std::span<const uint8_t> datagram, MonoTime now);
  void setPayloadType(uint8_t payloadType);

  uint8_t payloadType() const { return payloadType_; }
  BrowserReceiver& receiver() { return receiver_; }
  BrowserSender& sender() { return sender_; }
  SipSession* joined() const { return joined_; }
  /// The conversation of several SIP legs that it is in; nullptr with one leg or none.
  const std::shared_ptr<Mix>& mix() const { return mix_; }
  /// join.cpp only.
  void setJoined(SipSession* sip) { joined_ = sip; }
  void setMix(std::shared_ptr<Mix> mix) { mix_ = std::move(mix); }
  std::vector<SipSession*>& mixed() { return mixed_; }
  bool closed() const { return sink_ == nullptr; }

  // MediaSession
  MonoTime due() const override;
  void run(MonoTime now) override;
  void close(MonoTime now) override;

  /// Any thread.
  const LegGauge& gauge() const { return gauge_; }
  /// Any thread: false if there is no room for one more packet; else tookIn() has to follow.
  bool mayEnter();
  void tookIn() { waiting_.fetch_sub(1, std::memory_order_relaxed); }

 private:
  void sendRtp(std::span<const uint8_t> packet) override;

  std::shared_ptr<BrowserSink> sink_;  ///< nullptr once closed
  LegGauge gauge_;
  std::atomic<int> waiting_{0};
  std::atomic<uint64_t> refused_{0};
  uint8_t payloadType_ = 111;
  BrowserReceiver receiver_;
  BrowserSender sender_;
  SipSession* joined_ = nullptr;
  std::shared_ptr<Mix> mix_;
  std::vector<SipSession*> mixed_;  ///< the SIP legs in mix_, two and more; empty without one
};

}  // namespace genesys::media
