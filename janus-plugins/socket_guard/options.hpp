// The command line of janus-genesys-guard. Pure but for getopt's own state: read it once.
#pragma once

#include "socket_guard/address.hpp"
#include "socket_guard/limits.hpp"
#include "util/result.hpp"

namespace genesys::socket_guard {

struct Options {
  bool help = false;
  Address listen;
  Address janus;
  Limits limits;
};

extern const char* const kUsage;

/// The error says what is wrong with the arguments.
Result<Options> readOptions(int argc, char** argv);

}  // namespace genesys::socket_guard
