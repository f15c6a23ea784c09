// One RTP peer of a phone: sends 20 ms packets by a kernel timer that never drifts, and listens.
// Main thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/event_loop.hpp"
#include "media/audio_source.hpp"
#include "media/codec.hpp"
#include "media/digits.hpp"
#include "media/heard_audio.hpp"
#include "media/port_pool.hpp"
#include "media/recorder.hpp"
#include "media/rtp.hpp"
#include "util/clock.hpp"
#include "util/random.hpp"

namespace genesys::sim {

/// What was negotiated about the other side.
struct RemoteMedia {
  Peer rtp;
  const Codec* codec = &kPcmu;
  int payloadType = 0;
  int eventPayloadType = -1;  ///< -1: no telephone-event
  bool send = true;           ///< false: hold or black hole, nothing is sent
};

struct MediaCounters {
  uint64_t sentPackets = 0;
  uint32_t sentSsrc = 0;
  ReceptionStatistics received;
  uint64_t comfortNoise = 0, events = 0, unknownPayload = 0, malformed = 0, rtcp = 0;
  double longestGap = 0;                     ///< ms between two packets received
  double level = -96;                        ///< dBFS over the last second
  std::optional<double> frequency;           ///< Hz over the last second
  std::optional<int64_t> firstIn, firstOut;  ///< ms since answer, negative before
  std::string digits;
  uint16_t localPort = 0;
  std::string source;          ///< ip:port that packets came from last
  int64_t lastPacketAgo = -1;  ///< ms; -1: none yet
};

class RtpEndpoint {
 public:
  RtpEndpoint(EventLoop& loop, PortPair ports, uint64_t seed);

  /// 0 after close().
  uint16_t port() const { return ports_ ? ports_->port() : uint16_t{0}; }
  /// Another port, SSRC, sequence and timestamp from now on, as when the media moves elsewhere.
  void move(PortPair ports);
  /// Starts, changes or (send = false) stops what goes out.
  void connect(const RemoteMedia& remote);
  const std::optional<RemoteMedia>& remote() const { return remote_; }
  /// nullptr: no RTP goes out.
  void play(std::unique_ptr<AudioSource> source) { source_ = std::move(source); }
  void record(Recorder recorder);
  /// Of the recording now or, after close(), of the last one; empty if there was none.
  const std::string& recordingPath() const { return recordingPath_; }
  bool sendDigits(const std::string& digits) { return digitSender_.queue(digits); }
  const std::string& digits() const { return digitReceiver_.digits(); }
  void answered(MonoTime now) { answeredAt_ = now; }
  /// Ends all sending and listening; the counters stay, level and frequency of the last second too.
  void close();
  MediaCounters counters(MonoTime now) const;

 private:
  void open();
  void startClock();
  void tick();
  void sendFrame();
  void sendAudio();
  void transmit(const RtpPacket& packet);
  void drain();
  void drainRtcp();
  void receive(std::span<const uint8_t> bytes, MonoTime now);
  void receiveAudio(const RtpPacket& packet, const Codec& codec, MonoTime now);

  EventLoop& loop_;
  Random random_;
  std::optional<PortPair> ports_;
  UniqueFd clock_;
  std::optional<RemoteMedia> remote_;
  std::unique_ptr<AudioSource> source_;
  std::optional<Recorder> recorder_;
  std::string recordingPath_;
  DigitSender digitSender_;
  DigitReceiver digitReceiver_;
  HeardAudio heard_;
  MediaCounters counters_;
  std::optional<MonoTime> answeredAt_, firstIn_, firstOut_, lastIn_, closedAt_;
  uint16_t sequence_ = 0;
  uint32_t timestamp_ = 0;
  uint32_t ssrc_ = 0;
  bool marker_ = true;
  std::unique_ptr<FdWatch> rtpWatch_, rtcpWatch_, clockWatch_;  // last: they call back
};

}  // namespace genesys::sim
