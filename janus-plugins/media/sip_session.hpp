// One call's SIP side as a media worker sees it: two sockets, both halves of the leg, RTCP, and the
// browser leg it is joined with. Lives on its worker; the gauge may be read by any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "media/arrival_order.hpp"
#include "media/arrival_watch.hpp"
#include "media/counters.hpp"
#include "media/media_engine.hpp"
#include "media/media_session.hpp"
#include "media/recording/call_recording.hpp"
#include "media/rtcp.hpp"
#include "media/rtp_socket.hpp"
#include "media/sip_receiver.hpp"
#include "media/sip_sender.hpp"
#include "media/source_filter.hpp"
#include "media/srtp_session.hpp"

namespace genesys::media {

class BrowserSession;

class SipSession : public MediaSession, public RtpOutput {
 public:
  /// `symmetric`: see EngineConfig. `unixMinusMono`: what has to be added to our clock to get
  /// microseconds since the Unix epoch, for sender reports.
  SipSession(RtpSocketPair sockets, SipLegObserver observer, bool symmetric, int64_t unixMinusMono,
             Random random);

  /// SipLegParams with its addresses read; remote addresses that lead nowhere are none.
  struct Setup {
    SipLegParams params;
    std::optional<SocketAddress> remoteRtp;
    std::optional<SocketAddress> remoteRtcp;
  };
  void configure(const Setup& setup, MonoTime now);
  /// Writes the path of the audio into the log, if it is another than was written last.
  void logPath();
  void sendDigit(char digit, Millis duration, MonoTime now);
  /// See SipLeg.
  void expectAudio(MonoTime now);
  void setLevels(const AudioLevels& levels, MonoTime now);
  /// See SipLeg. Without a sink the recording ends.
  void record(std::shared_ptr<RecordingSink> sink, MonoTime now);
  void pauseRecording(bool paused, MonoTime now);

  /// Reads what waits in the RTP or the RTCP socket. Once closed, for nobody.
  void receiveRtp(DatagramBatch& batch, MonoTime now);
  void receiveRtcp(DatagramBatch& batch, MonoTime now);

  const SipLegParams& params() const { return params_; }
  const SourceFilter& filter() const { return filter_; }
  SipReceiver& receiver() { return receiver_; }
  SipSender& sender() { return sender_; }
  BrowserSession* joined() const { return joined_; }
  /// join.cpp only.
  void setJoined(BrowserSession* browser) { joined_ = browser; }
  bool closed() const { return drained_.has_value(); }
  uint16_t port() const { return port_; }
  /// What epoll is given for each socket; the worker's own.
  struct Watched {
    SipSession* session;
    bool rtcp;
  };
  Watched rtpWatched{this, false};
  Watched rtcpWatched{this, true};
  const RtpSocketPair& sockets() const { return *sockets_; }

  // MediaSession
  MonoTime due() const override;
  void run(MonoTime now) override;
  /// The sockets stay for kDrain more: what the far end still sends is read and dropped, so that it
  /// never meets a closed port (ICMP), nor the next call of this one.
  void close(MonoTime now) override;
  static constexpr Millis kDrain{1000};

  /// Any thread.
  const LegGauge& gauge() const { return gauge_; }

 private:
  void sendRtp(std::span<const uint8_t> packet) override;
  void receiveOne(std::span<const uint8_t> datagram, const SocketAddress& source, MonoTime now);
  bool receiveInOrder(const RtpPacket& packet, MonoTime now);
  void receiveWaiting(MonoTime now);
  std::optional<RtpPacket> opened(std::span<const uint8_t> datagram);
  void receiveOneRtcp(std::span<const uint8_t> datagram, const SocketAddress& source, MonoTime now);
  void heardReport(const ReportBlock& block, MonoTime now);
  void report(MonoTime now, bool bye);
  std::optional<ReportBlock> reportBlock(MonoTime now);
  VoipMetrics voipMetrics(MonoTime now) const;
  void sendRtcp(std::span<const uint8_t> packet);
  void watch(MonoTime now);
  void tellMissing(ArrivalWatch& watch, AudioMissing::Side side, MonoTime now);
  void tellReturned(AudioMissing::Side side);
  void scheduleReport(MonoTime now);
  void tell(const DigitReceiver::Key& key) const;
  NtpTime ntp(MonoTime now) const;

  std::optional<RtpSocketPair> sockets_;  ///< none once closed and drained
  std::optional<MonoTime> drained_;       ///< once closed: when the sockets go
  const uint16_t port_;
  SipLegObserver observer_;  ///< empty once closed: what it holds may hold this leg
  const int64_t unixMinusMono_;
  Random random_;
  const std::string cname_;
  LegGauge gauge_;
  SourceFilter filter_;
  SrtpSession srtp_;
  std::optional<SocketAddress> remoteRtcp_;
  SipLegParams params_;
  std::string loggedPath_;
  ArrivalOrder order_;
  SipReceiver receiver_;
  SipSender sender_;
  std::optional<CallRecording> recording_;
  BrowserSession* joined_ = nullptr;
  bool expecting_ = false;  ///< the call is answered
  ArrivalWatch farEndWatch_;
  ArrivalWatch browserWatch_;
  MonoTime browserHeard_{};
  QualityMeter reported_{kConcealed};    ///< by the far end, of what we send
  MonoTime openedAt_ = MonoTime::max();  ///< when the first packet came
  bool firstPacket_ = true;  ///< the next good packet is the first from this far address
  MonoTime nextReport_ = MonoTime::max();
  uint64_t reportedPackets_ = 0;  ///< sent, when the last report went out
  uint32_t senderReport_ = 0;     ///< middle 32 bits of the far end's last SR
  MonoTime senderReportAt_{};
};

}  // namespace genesys::media
