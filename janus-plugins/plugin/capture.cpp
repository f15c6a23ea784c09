#include "plugin/capture.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <utility>

namespace genesys::plugin {
namespace {

/// "udp/[192.0.2.81]:5060", as sofia-sip names a peer.
std::optional<observe::HepMessage::Side> sideOf(std::string_view peer) {
  const size_t open = peer.find('[');
  const size_t close = peer.rfind("]:");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    return std::nullopt;
  observe::HepMessage::Side side{std::string(peer.substr(open + 1, close - open - 1)), 0};
  const std::string_view port = peer.substr(close + 2);
  std::from_chars(port.data(), port.data() + port.size(), side.port);
  return side;
}

}  // namespace

Result<std::unique_ptr<Capture>> Capture::open(const settings::Config& config) {
  const settings::HepConfig& hep = config.hep;
  auto sender = observe::HepSender::open(hep.server, hep.port, {hep.captureId, hep.key});
  if (!sender) return Failure{"hep: " + sender.error()};
  return std::unique_ptr<Capture>(
      new Capture(std::move(sender).value(), {config.sip.localAddress, config.sip.localPort}));
}

void Capture::send(const sip::WireMessage& message, std::chrono::system_clock::time_point at) {
  const auto peer = sideOf(message.peer);
  if (!peer) return;
  std::string text;
  for (const std::string& line : sip::redactedLines(message.text)) text += line + "\r\n";
  sender_.send({.from = message.sent ? local_ : *peer,
                .to = message.sent ? *peer : local_,
                .connection = !message.peer.starts_with("udp"),
                .at = at,
                .text = text});
}

}  // namespace genesys::plugin
