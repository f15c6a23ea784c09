// What every system in the bench has to do: packets of the SIP side's codec into Opus packets, and
// the other way round, 20 ms each. The CPU of both is what is measured.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "media/codec.hpp"

namespace genesys::bench {

/// Payloads one after the other. An empty one is a packet that was lost, or was not sent.
class Payloads {
 public:
  void reserve(size_t packets, size_t octets) {
    ends_.reserve(packets);
    octets_.reserve(packets * octets);
  }
  void add(std::span<const uint8_t> payload) {
    octets_.insert(octets_.end(), payload.begin(), payload.end());
    ends_.push_back(octets_.size());
  }
  size_t size() const { return ends_.size(); }
  size_t octets() const { return octets_.size(); }
  std::span<const uint8_t> operator[](size_t i) const {
    const size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::span(octets_).subspan(begin, ends_[i] - begin);
  }

 private:
  std::vector<uint8_t> octets_;
  std::vector<size_t> ends_;
};

class Transcoder {
 public:
  virtual ~Transcoder() = default;
  /// Appends the Opus packet that `payload` of the SIP side becomes.
  virtual void toOpus(std::span<const uint8_t> payload, Payloads& opus) = 0;
  /// Appends what the SIP side is sent for `packet` and for the `lost` packets before it.
  virtual void fromOpus(std::span<const uint8_t> packet, unsigned lost, Payloads& voice) = 0;
};

/// What the browser's network loses, as a share; the system may know of it beforehand.
struct Setup {
  const media::Codec* codec;  ///< of the SIP side
  double loss;
};

struct System {
  std::string name;
  bool asked;  ///< its answer asked the browser for no more than the SIP side can use
  std::unique_ptr<Transcoder> (*make)(const Setup& setup);
};

/// The gateway's own path, first, and the bare library calls for the same.
std::span<const System> ourSystems();
/// The settings that gateways in wide use have for Opus, with the resampling that these need.
std::span<const System> usualGateways();

}  // namespace genesys::bench
