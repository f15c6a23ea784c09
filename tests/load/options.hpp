// The command line of webrtc_load.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "srtp_pair.hpp"
#include "util/result.hpp"

namespace genesys::load {

struct Options {
  // What to load: Janus, or calls that somebody else has set up.
  std::string janus = "127.0.0.1:8188";  ///< its WebSocket
  bool stock = false;
  std::string callsFile;  ///< not empty: see static_line.hpp
  std::string firstDn = "20000";
  std::string passwordFile;
  std::string sipServer = "127.0.0.1:5080";
  bool standing = true;
  // What is said.
  std::string speech;
  bool inTurn = false;
  bool pcmu = false;  ///< at the browser's side
  std::vector<const SrtpSuite*> srtp;
  // How much, how fast, how long.
  std::vector<unsigned> levels{1};  ///< calls; each is measured
  unsigned seconds = 10;            ///< of each measurement
  unsigned perSecond = 25;          ///< sign-ins and calls
  unsigned holdMs = 0;              ///< not 0: set-ups instead of levels: calls of that length
  unsigned listenEvery = 4;         ///< every so many calls one is listened to
  unsigned deadline = 600;          ///< s for everything
  // Where.
  std::string address = "10.66.0.1";
  std::string sipAddress = "127.0.0.1";
  uint16_t firstPort = 10000;  ///< of the far ends; two a call

  unsigned calls() const;  ///< the most at a time
};

/// The error is what to print; empty for --help.
Result<Options> parseOptions(int argc, char** argv);
const char* usage();

}  // namespace genesys::load
