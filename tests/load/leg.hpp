// One side of a call: sends a voice, 20 ms at a time, and counts and, if it is one of those that
// are listened to, remembers what comes back.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "datagrams.hpp"
#include "rtp.hpp"
#include "srtp_pair.hpp"
#include "util/random.hpp"
#include "voice.hpp"

namespace genesys::load {

struct Counts {
  uint64_t sent = 0;
  uint64_t received = 0;  ///< RTP with the expected payload type, in any order
  uint64_t lost = 0;      ///< sequence numbers left out, less those that came late
  uint64_t late = 0;      ///< reordered, or twice
  uint64_t strange = 0;   ///< no RTP, or another payload type
  uint64_t forged = 0;    ///< SRTP that was not authentic
  uint64_t ssrcChanges = 0;
  uint64_t refused = 0;  ///< the kernel or libsrtp did not take what was to be sent

  Counts& operator+=(const Counts& more);
  Counts operator-(const Counts& before) const;
};

struct Departure {
  Nanos at;
  uint32_t index;  ///< of the voice's packets
};
struct Arrival {
  Nanos at;
  uint32_t timestamp;
  std::vector<uint8_t> payload;
};
/// Of one leg, in order.
struct Recording {
  std::vector<Departure> departures;
  std::vector<Arrival> arrivals;
};

class Leg {
 public:
  /// `voice` outlives the leg; it begins with packet `start`.
  Leg(UniqueFd socket, const Format& format, const Voice& voice, size_t start, Random& random);

  /// Until it is known, nothing is sent; without it, who sends first is answered.
  void setRemote(const sockaddr_in& remote) { remote_ = remote; }
  bool hasRemote() const { return remote_.has_value(); }
  void setSsrc(uint32_t ssrc) { ssrc_ = ssrc; }
  void setSrtp(std::unique_ptr<SrtpPair> srtp) { srtp_ = std::move(srtp); }
  const Format& format() const { return format_; }
  const Voice& voice() const { return voice_; }

  /// Takes in what has come, then sends the next 20 ms if `speaking`.
  void turn(DatagramBatch& batch, bool speaking);

  const Counts& counts() const { return counts_; }
  /// 0: nothing has come.
  Nanos firstArrival() const { return firstArrival_; }
  /// What comes next is the first.
  void forgetArrivals() { firstArrival_ = 0; }
  /// From now on, or not any more.
  void listen(bool on);
  Recording takeRecording() { return std::exchange(recording_, {}); }

 private:
  void receive(DatagramBatch& batch);
  void receiveOne(std::span<uint8_t> datagram, Nanos at);
  void count(const RtpPacket& packet);
  void send();

  UniqueFd socket_;
  const Format& format_;
  const Voice& voice_;
  std::optional<sockaddr_in> remote_;
  std::unique_ptr<SrtpPair> srtp_;
  size_t next_;  ///< of voice_.packets
  uint16_t sequence_;
  uint32_t timestamp_, ssrc_;
  bool marker_ = true;
  Counts counts_;
  std::optional<uint32_t> remoteSsrc_;
  uint16_t expected_ = 0;  ///< sequence number
  Nanos firstArrival_ = 0;
  bool listening_ = false;
  Recording recording_;
};

}  // namespace genesys::load
