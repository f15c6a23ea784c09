// What one browser may do with its WebSocket.
#pragma once

#include "util/clock.hpp"

namespace genesys::socket_guard {

struct Limits {
  unsigned maxMessage = 65536;    ///< octets; the longest of the page, an offer, has some 8,000
  Seconds messageTime{10};        ///< from a message's first octet to its last
  Seconds backlogTime{15};        ///< that what Janus has sent may wait for the browser
  Seconds handshakeTime{5};       ///< from the connection to Janus's answer
  unsigned framesPerSecond = 50;  ///< of every kind; more have to wait
  unsigned burst = 200;           ///< frames at once before that counts
  unsigned connections = 4096;    ///< in all
};

}  // namespace genesys::socket_guard
