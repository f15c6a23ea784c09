// The command line of genesys-sim. Pure.
#pragma once

#include <string>
#include <vector>

#include "sip_server.hpp"
#include "util/result.hpp"

namespace genesys::sim {

struct Options {
  SipServer::Settings server;
  std::string httpHost = "127.0.0.1";
  uint16_t httpPort = 8085;
  struct Dn {
    std::string name, password;
  };
  std::vector<Dn> dns;
  bool trace = false;
  std::string traceFile;
  bool quiet = false;
  bool help = false;
};

/// The error names the option. A --speech that is not given leaves the server's file empty.
Result<Options> parseOptions(const std::vector<std::string>& arguments);
const char* usage();

}  // namespace genesys::sim
