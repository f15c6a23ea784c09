#include "dialplan_tool/options.hpp"

#include <getopt.h>

#include <array>

namespace genesys::dialplan_tool {
namespace {

enum : int { kConfig = 256, kExplain, kRole, kFrom, kIncoming, kHelp };

constexpr std::array<option, 7> kOptions{{{"config", required_argument, nullptr, kConfig},
                                          {"explain", required_argument, nullptr, kExplain},
                                          {"role", required_argument, nullptr, kRole},
                                          {"from", required_argument, nullptr, kFrom},
                                          {"incoming", no_argument, nullptr, kIncoming},
                                          {"help", no_argument, nullptr, kHelp},
                                          {nullptr, 0, nullptr, 0}}};

}  // namespace

const char* const kUsage =
    "usage: janus-genesys-dialplan --config FILE --explain NUMBER [--from DN] [--role ROLE]...\n"
    "       janus-genesys-dialplan --config FILE --explain NUMBER --incoming [--from ADDRESS]\n"
    "\n"
    "Says what the dial plan of the configuration does with a number and calls nobody: with a "
    "number\n"
    "that an agent dials, or (--incoming) one that is called from outside.\n"
    "\n"
    "  --config FILE    janus.plugin.genesys.jcfg, with the files that it names\n"
    "  --explain NUMBER as it is dialled or called\n"
    "  --from DN        the agent's DN, whose roles count\n"
    "  --role ROLE      a role of the agent; may be given several times\n"
    "  --incoming       the number is called from outside\n"
    "  --from ADDRESS   where the call comes from; default: from SIP Server\n"
    "\n"
    "Exit status: 0 the call goes through, 1 it does not, 2 the arguments or the configuration "
    "are\n"
    "wrong.\n";

Result<Options> readOptions(int argc, char** argv) {
  Options options;
  opterr = 0;
  for (int found = 0; (found = getopt_long(argc, argv, "", kOptions.data(), nullptr)) != -1;) {
    if (found == kConfig) options.config = optarg;
    if (found == kExplain) options.number = optarg;
    if (found == kRole) options.roles.emplace_back(optarg);
    if (found == kFrom) options.from = optarg;
    if (found == kIncoming) options.incoming = true;
    if (found == kHelp) options.help = true;
    if (found == '?') return Failure{std::string(argv[optind - 1]) + ": unknown, or no value"};
  }
  if (options.help) return options;
  if (optind < argc) return Failure{std::string(argv[optind]) + ": is no option"};
  if (options.config.empty()) return Failure{std::string("--config is missing")};
  if (options.number.empty()) return Failure{std::string("--explain is missing")};
  if (options.incoming && !options.roles.empty())
    return Failure{std::string("--role: a call from outside has none")};
  return options;
}

}  // namespace genesys::dialplan_tool
