// The command line of voice_path.
#pragma once

#include <string>

#include "impaired_link.hpp"
#include "media/codec.hpp"
#include "util/result.hpp"

namespace genesys::quality {

enum class Path {
  ToSip,      ///< a browser talks, a phone listens, the gateway between them
  ToBrowser,  ///< a phone talks, a browser listens, the gateway between them
  Plain       ///< a phone talks, a phone listens, nothing between them
};

struct Options {
  bool listCodecs = false;
  Path path = Path::ToSip;
  const media::Codec* codec = &media::pcmu();  ///< of the SIP side
  std::string input;                           ///< raw PCM, 16 bits, of inputRate
  uint32_t inputRate = 8000;                   ///< Hz
  unsigned repeat = 1;                         ///< how often the input is spoken
  std::string output;                          ///< raw PCM: what is heard; empty: nobody listens
  std::string wire;                            ///< prefix of two files, see kUsage
  Impairment first{};                          ///< from the talker to the gateway
  Impairment second{};                         ///< from the gateway to the listener
  uint64_t seed = 1;
  Millis playout{60};
  double talkerPpm = 0;
  int expectedLoss = 0;  ///< per cent, what a talking browser believes
  int complexity = 9;    ///< of a talking browser's encoder
  int bitRate = 24000;   ///< bit/s, of a talking browser's encoder
  bool dtx = false;      ///< of a talking browser
};

extern const char* const kUsage;

/// The failure says which argument is wrong.
Result<Options> parseOptions(int argc, const char* const* argv);

}  // namespace genesys::quality
