// The command line of janus-genesys-dialplan. Pure but for getopt's own state: read it once.
#pragma once

#include <string>
#include <vector>

#include "util/result.hpp"

namespace genesys::dialplan_tool {

struct Options {
  bool help = false;
  std::string config;              ///< path of janus.plugin.genesys.jcfg
  std::string number;              ///< as it is dialled or called
  std::vector<std::string> roles;  ///< of the agent who dials
  std::string from;                ///< the agent's DN, or the address that a call comes from
  bool incoming = false;
};

extern const char* const kUsage;

/// The error says what is wrong with the arguments.
Result<Options> readOptions(int argc, char** argv);

}  // namespace genesys::dialplan_tool
