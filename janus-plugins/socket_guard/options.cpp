#include "socket_guard/options.hpp"

#include <fmt/format.h>
#include <getopt.h>

#include <array>
#include <charconv>
#include <string>
#include <string_view>

namespace genesys::socket_guard {
namespace {

struct Number {
  const char* name;
  unsigned low, high;
  void (*set)(Limits&, unsigned);
};

constexpr std::array<Number, 6> kNumbers{{
    {"max-message", 1024, 16777216, [](Limits& l, unsigned v) { l.maxMessage = v; }},
    {"message-seconds", 1, 600, [](Limits& l, unsigned v) { l.messageTime = Seconds(v); }},
    {"backlog-seconds", 1, 600, [](Limits& l, unsigned v) { l.backlogTime = Seconds(v); }},
    {"frames-per-second", 1, 10000, [](Limits& l, unsigned v) { l.framesPerSecond = v; }},
    {"burst", 1, 100000, [](Limits& l, unsigned v) { l.burst = v; }},
    {"connections", 1, 100000, [](Limits& l, unsigned v) { l.connections = v; }},
}};

enum : int { kListen = 256, kJanus, kHelp, kFirstNumber };

constexpr std::array<option, 10> makeOptions() {
  std::array<option, 10> options{{{"listen", required_argument, nullptr, kListen},
                                  {"janus", required_argument, nullptr, kJanus},
                                  {"help", no_argument, nullptr, kHelp}}};
  for (size_t i = 0; i < kNumbers.size(); ++i)
    options[i + 3] = {kNumbers[i].name, required_argument, nullptr,
                      kFirstNumber + static_cast<int>(i)};
  return options;  // the last one, of zeros, ends the list
}
constexpr auto kOptions = makeOptions();

/// "" or what is wrong with the value.
std::string setAddress(const char* name, Address& address) {
  const auto parsed = parseAddress(optarg);
  if (!parsed) return fmt::format("--{} {}: is no ADDRESS:PORT", name, optarg);
  address = *parsed;
  return "";
}

std::string setNumber(const Number& number, Limits& limits) {
  const std::string_view text = optarg;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < number.low ||
      value > number.high)
    return fmt::format("--{} {}: must be a whole number from {} to {}", number.name, text,
                       number.low, number.high);
  number.set(limits, value);
  return "";
}

}  // namespace

const char* const kUsage =
    "usage: janus-genesys-guard --listen ADDRESS:PORT --janus ADDRESS:PORT [LIMIT N]...\n"
    "\n"
    "Passes WebSockets on from nginx to Janus, and ends one whose browser sends a message that is "
    "too\n"
    "long, is not finished in time, or is no RFC 6455; or takes nothing of what Janus has sent.\n"
    "\n"
    "  --max-message N        octets of a message, all its fragments together; 65536\n"
    "  --message-seconds N    from a message's first octet to its last; 10\n"
    "  --backlog-seconds N    that what Janus has sent may wait for the browser; 15\n"
    "  --frames-per-second N  frames of every kind, what is more has to wait; 50\n"
    "  --burst N              frames at once before that counts; 200\n"
    "  --connections N        at once, in all; 4096\n";

Result<Options> readOptions(int argc, char** argv) {
  Options options;
  opterr = 0;
  for (int found = 0; (found = getopt_long(argc, argv, "", kOptions.data(), nullptr)) != -1;) {
    std::string wrong;
    if (found == kListen) wrong = setAddress("listen", options.listen);
    if (found == kJanus) wrong = setAddress("janus", options.janus);
    if (found == kHelp) options.help = true;
    if (found >= kFirstNumber) wrong = setNumber(kNumbers[found - kFirstNumber], options.limits);
    if (found == '?') wrong = std::string(argv[optind - 1]) + ": unknown, or no value";
    if (!wrong.empty()) return Failure{wrong};
  }
  if (options.help) return options;
  if (optind < argc) return Failure{std::string(argv[optind]) + ": is no option"};
  if (options.listen.length == 0) return Failure{std::string("--listen is missing")};
  if (options.janus.length == 0) return Failure{std::string("--janus is missing")};
  return options;
}

}  // namespace genesys::socket_guard
