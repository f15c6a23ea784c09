// janus-genesys-dialplan: what the dial plan of a configuration does with a number, without a call.
#include <cstdio>

#include "api/address.hpp"
#include "dialplan/explanation.hpp"
#include "dialplan_tool/options.hpp"
#include "settings/config.hpp"

namespace genesys::dialplan_tool {
namespace {

using dialplan::Called;
using dialplan::Explanation;
using settings::Config;

Result<Explanation> outgoing(const Config& config, const Options& options) {
  const std::string number = api::splitAddress(options.number).user;
  if (!api::isDialable(number)) return Failure{options.number + " cannot be dialled"};
  std::vector<std::string> roles = options.roles;
  if (!options.from.empty()) {
    const auto dn = config.dns.find(options.from);
    if (dn == config.dns.end()) return Failure{"DN " + options.from + " is not in dns"};
    roles.insert(roles.begin(), dn->second.roles.begin(), dn->second.roles.end());
  }
  return explainOutgoing(config.dialPlan, number, roles);
}

Result<Explanation> incoming(const Config& config, const Options& options) {
  const std::string number = api::splitAddress(options.number).user;
  const auto dn = config.dns.find(number);
  const Called called =
      dn == config.dns.end()
          ? Called::Nobody
          : dialplan::calledOf(dn->second.registerWhen == settings::RegisterWhen::Never);
  return explainIncoming(config.dialPlan, number, config.dialPlan.trunkOf(options.from), called);
}

int wrong(const std::string& reason) {
  std::fprintf(stderr, "%s\n", reason.c_str());
  return 2;
}

int run(int argc, char** argv) {
  const auto options = readOptions(argc, argv);
  if (!options) return wrong(options.error() + "\n\n" + kUsage);
  if (options->help) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  const auto config = settings::loadConfig(options->config);
  if (!config) return wrong(config.error().toString());
  const auto said = options->incoming ? incoming(config.value(), options.value())
                                      : outgoing(config.value(), options.value());
  if (!said) return wrong(said.error());
  std::fputs(said->text.c_str(), stdout);
  return said->goesThrough ? 0 : 1;
}

}  // namespace
}  // namespace genesys::dialplan_tool

int main(int argc, char** argv) {
  return genesys::dialplan_tool::run(argc, argv);
}
