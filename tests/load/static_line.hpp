// A call that somebody else has set up: sockets bound, keys agreed by SDP (RFC 4568). For peers
// without ICE and DTLS.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "line.hpp"

namespace genesys::load {

class StaticLine : public Line {
 public:
  StaticLine(Leg browser, Leg sip) : browser_(std::move(browser)), sip_(std::move(sip)) {}

  Leg* browser() override { return &browser_; }
  Leg* sip() override { return &sip_; }
  bool talking() const override { return talking_; }
  const std::string& fault() const override { return fault_; }
  void talk() { talking_ = true; }

 private:
  Leg browser_, sip_;
  bool talking_ = false;
  std::string fault_;
};

struct Voices {
  const Voice &agent, &customer;  ///< outlive the lines
};

/// FILE holds a JSON array of objects: `browser` and `sip`, each with `local` and `remote`
/// ("IP:PORT"), and `srtp` (both sides may have it) of `suite`, `send` and `receive` (base64).
Result<std::vector<std::unique_ptr<StaticLine>>> readCalls(const std::string& file,
                                                           const Format& browserFormat,
                                                           const Voices& voices, Random& random);

/// "IP:PORT".
Result<sockaddr_in> addressOf(const std::string& text);

}  // namespace genesys::load
