// A WebSocket client (RFC 6455) for the gateway's own machine: plain TCP, text messages.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "util/random.hpp"
#include "util/result.hpp"
#include "util/unique_fd.hpp"

namespace genesys::load {

class WebSocket {
 public:
  /// Waits for the handshake, 5 s at most; nothing waits afterwards.
  static Result<WebSocket> connect(const std::string& ip, uint16_t port,
                                   std::string_view subprotocol, Random& random);
  int fd() const { return fd_.get(); }
  bool send(std::string_view text);
  /// Reads what has come; false if the connection is at its end.
  bool read();
  /// The next whole message; pings are answered by the way.
  std::optional<std::string> next();

 private:
  enum Opcode : uint8_t { Continuation = 0, Text = 1, Close = 8, Ping = 9, Pong = 10 };

  WebSocket(UniqueFd fd, Random random) : fd_(std::move(fd)), random_(random) {}
  bool sendFrame(Opcode opcode, std::string_view payload);
  struct Frame {
    Opcode opcode;
    bool last;
    std::string payload;
  };
  std::optional<Frame> takeFrame();

  UniqueFd fd_;
  Random random_;
  std::string received_;
  std::string message_;  ///< its frames so far
};

}  // namespace genesys::load
