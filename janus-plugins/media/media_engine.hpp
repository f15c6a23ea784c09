// The audio half of the gateway as the rest of it sees it: browser legs and SIP legs that can be
// joined. Everything here may be called from any thread; the work happens on media workers, each of
// which owns its legs entirely. Legs that are to be joined must be opened on the same worker.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "media/codec.hpp"
#include "media/recording/recorded_chunk.hpp"
#include "media/srtp_suite.hpp"
#include "util/result.hpp"

namespace genesys::media {

/// UDP ports for RTP, both included; RTP takes the even port and RTCP the next one
/// (RFC 3550 section 11).
struct PortRange {
  uint16_t first = 30000;
  uint16_t last = 39999;
};

struct EngineConfig {
  unsigned workers = 0;     ///< threads; 0 = one per core
  std::string bindAddress;  ///< IPv4 or IPv6 literal that RTP sockets are bound to
  PortRange ports;
  std::chrono::milliseconds portQuarantine{5000};  ///< a closed port rests this long
  uint8_t dscp = 46;                               ///< 0-63; 46 = EF (RFC 4594 section 4.1)
  bool symmetric = false;  ///< learn the far address from the first packets (see security.md)
};

/// Where to send, as SDP says it.
struct Endpoint {
  std::string address;  ///< IPv4 or IPv6 literal
  uint16_t port = 0;
  bool operator==(const Endpoint&) const = default;
};

/// All that offer/answer found for one SIP leg. It replaces what was configured before, as a whole;
/// our own sequence numbers, timestamps and SSRC go on unbroken.
struct SipLegParams {
  struct Format {
    uint8_t payloadType = 0;
    const Codec* codec = nullptr;
  };
  Format send;                          ///< what we send; codec nullptr = nothing can be sent yet
  std::vector<Format> receive;          ///< what the far end may send
  std::optional<uint8_t> sendDigitsAs;  ///< telephone-event payload type we send (RFC 4733)
  std::optional<uint8_t> receiveDigitsAs;  ///< telephone-event payload type we receive
  uint32_t sendDigitsClock = 8000;         ///< Hz, of the durations of telephone-event
  uint32_t receiveDigitsClock = 8000;
  bool digitsAsTones = false;          ///< digits are tones in the audio, both ways (ITU-T Q.23)
  std::optional<Endpoint> remoteRtp;   ///< none: nowhere to send to (hold, black-hole SDP)
  std::optional<Endpoint> remoteRtcp;  ///< default: remoteRtp's port + 1
  bool sending = true;                 ///< direction, seen from us (RFC 3264 section 5.1)
  bool receiving = true;
  uint16_t ptimeMs = 20;           ///< packet length to send, one of kPacketTimesMs
  bool rtcpMux = false;            ///< RTCP goes over the RTP port both ways (RFC 5761)
  bool voipMetrics = false;        ///< the far end asks for them (RFC 3611 sections 4.7 and 5.1)
  std::optional<SrtpKeys> srtp{};  ///< none: plain RTP; else nothing else is sent or taken
};

/// How loud one side of a call is made for the other.
struct SideLevel {
  double gainDb = 0;   ///< -20 to 20; peaks are limited to full scale
  bool muted = false;  ///< the other side hears comfort noise
  bool operator==(const SideLevel&) const = default;
};
struct AudioLevels {
  SideLevel agent, farEnd;
  bool operator==(const AudioLevels&) const = default;
};

/// A digit key was released at the far end (RFC 4733 section 2.5.2.2, or tones in its audio).
struct DigitReceived {
  char digit;  ///< 0-9 * # A-D
  std::chrono::milliseconds duration;
};
/// The first good RTP packet since open() or since the far address changed.
struct FirstPacketReceived {
  std::string codec;
};
/// Audio that should be there is not: the call is heard one way at best.
struct AudioMissing {
  enum class Side { FarEnd, Browser } side = Side::FarEnd;
  Endpoint from{};       ///< of the far end: where it should come from
  bool stopped = false;  ///< it was there before; else nothing came since the media moved
};
/// It is there after all.
struct AudioReturned {
  AudioMissing::Side side = AudioMissing::Side::FarEnd;
};
using SipLegEvent = std::variant<DigitReceived, FirstPacketReceived, AudioMissing, AudioReturned>;
/// Called on a media worker: post and return.
using SipLegObserver = std::function<void(const SipLegEvent&)>;

/// How a stream sounds by the E-model (ITU-T G.107), as MOS; 0: not known yet.
struct StreamQuality {
  double last = 0;   ///< of the last 5 s
  double worst = 0;  ///< of any 5 s
  double mean = 0;
};

/// Counters of one direction of one leg, since it was opened.
struct StreamCounters {
  uint64_t packets = 0;
  uint64_t octets = 0;        ///< RTP payload
  uint64_t lost = 0;          ///< receive only: missing sequence numbers
  uint64_t late = 0;          ///< receive only: reordered past use, or duplicate
  uint64_t ignored = 0;       ///< receive only: wrong source, version, size or payload type
  uint64_t concealed = 0;     ///< frames made by FEC or PLC
  uint64_t comfortNoise = 0;  ///< frames of comfort noise sent or received
  uint32_t jitterMs = 0;      ///< receive only: RFC 3550 section 6.4.1
  int levelDbov = -127;       ///< level of the last 100 ms or so, dBov (RFC 6464 section 4)
  uint64_t dropped = 0;       ///< sent only: frames thrown away so that delay does not grow
  uint64_t srtpFailed = 0;    ///< RTP and RTCP that was not authentic, or could not be encrypted
  StreamQuality quality{};    ///< received: from what came in; sent: from the far end's reports
  uint32_t roundTripMs = 0;   ///< sent only: by RTCP; 0: not known
  double reportedLossPercent = 0;  ///< sent only: what the far end reported last
  uint64_t silent = 0;  ///< sent to a browser only: frames of a pause that were not encoded
};
struct LegCounters {
  StreamCounters received;
  StreamCounters sent;
};

/// Sends one RTP packet to the browser; called on the leg's worker only. Implemented over Janus.
class BrowserSink {
 public:
  virtual ~BrowserSink() = default;
  virtual void relayRtp(std::span<const uint8_t> packet) = 0;
};

/// The audio of one agent's PeerConnection: Opus both ways, one outgoing stream whose sequence and
/// timestamps never jump, whichever call is joined to it.
class BrowserLeg {
 public:
  virtual ~BrowserLeg() = default;
  /// A packet from the browser, copied before this returns. Any thread (Janus's handle loop).
  virtual void incomingRtp(std::span<const uint8_t> packet) = 0;
  /// The same for RTCP: what the browser receives decides how is encoded for it.
  virtual void incomingRtcp(std::span<const uint8_t> packet) = 0;
  /// The payload type that JSEP negotiated for Opus, 96-127.
  virtual void setOpusPayloadType(uint8_t payloadType) = 0;
  /// The length of packets that the browser asks for, one of kPacketTimesMs; 20 ms unless set.
  virtual void setPacketTime(uint16_t milliseconds) = 0;
  virtual LegCounters counters() const = 0;
  /// Stops for good: unjoins, and the sink is not called once this returned... the worker drops
  /// its reference to the sink; relayRtp() may still be running while close() returns.
  virtual void close() = 0;
};

/// The audio of one call on the SIP side, with its own pair of UDP ports.
class SipLeg {
 public:
  virtual ~SipLeg() = default;
  /// The even RTP port it is bound to; what our SDP says.
  virtual uint16_t localPort() const = 0;
  /// Applies a new result of offer/answer. While `sending` holds and a remote is known, RTP goes
  /// out every ptime without a gap: the browser's voice when joined and heard, else comfort noise.
  virtual void configure(const SipLegParams& params) = 0;
  /// Joins it with a browser leg on the same worker; nullptr parts them, and the far end hears
  /// comfort noise. Joining a browser leg that another SIP leg holds takes it from that one.
  virtual void join(const std::shared_ptr<BrowserLeg>& browser) = 0;
  /// Joins it with a browser leg beside the SIP legs that are joined with that already: everybody
  /// hears everybody else. join(nullptr) takes one leg out again.
  virtual void joinMix(const std::shared_ptr<BrowserLeg>& browser) = 0;
  /// The call is answered: from now on the observer hears of audio that is missing.
  virtual void expectAudio() = 0;
  /// Makes either side louder, softer or mute from now on.
  virtual void setLevels(const AudioLevels& levels) = 0;
  /// Queues one digit for the far end, as RFC 4733 events or as tones. `digit` is one of
  /// 0-9 * # A-D; `duration` 40-8000 ms. Ignored (returns false) if neither was configured.
  virtual bool sendDigit(char digit, std::chrono::milliseconds duration) = 0;
  /// Records both sides of the call from now on, instead of what it may have recorded into before;
  /// nullptr ends it. close() ends it, too.
  virtual void record(std::shared_ptr<RecordingSink> sink) = 0;
  virtual void pauseRecording(bool paused) = 0;
  virtual LegCounters counters() const = 0;
  /// RTCP BYE; the sockets close a second later, and then the ports rest in quarantine.
  virtual void close() = 0;
};

/// Owns the workers and the port pool. Destroying it stops and joins the workers.
class MediaEngine {
 public:
  virtual ~MediaEngine() = default;
  /// Spreads keys (DN numbers) evenly over the workers; the same key gives the same worker.
  virtual unsigned workerFor(std::string_view key) const = 0;
  virtual std::shared_ptr<BrowserLeg> openBrowserLeg(unsigned worker,
                                                     std::shared_ptr<BrowserSink> sink) = 0;
  /// Binds a free port pair at once, so that SDP can name it; fails with the reason when the range
  /// or the descriptors are exhausted.
  virtual Result<std::shared_ptr<SipLeg>> openSipLeg(unsigned worker, SipLegObserver observer) = 0;
};

/// Starts the workers. Fails if the address is not a literal or the range holds no even port.
Result<std::unique_ptr<MediaEngine>> makeMediaEngine(const EngineConfig& config);

}  // namespace genesys::media
