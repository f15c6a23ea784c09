#include "options.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <optional>
#include <string_view>

namespace genesys::quality {
namespace {

/// nullopt unless all of `text` is a number from `least` to `most`.
template <class Number>
std::optional<Number> number(std::string_view text, Number least, Number most) {
  Number value{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  if (value < least || value > most) return std::nullopt;
  return value;
}

template <class Number, class To>
bool set(To& to, std::string_view text, Number least, Number most) {
  const auto value = number<Number>(text, least, most);
  if (value) to = To(*value);
  return value.has_value();
}

bool setPath(Options& options, std::string_view text) {
  if (text == "to-sip")
    options.path = Path::ToSip;
  else if (text == "to-browser")
    options.path = Path::ToBrowser;
  else if (text == "plain")
    options.path = Path::Plain;
  else
    return false;
  return true;
}

bool setCodec(Options& options, std::string_view text) {
  const size_t slash = text.find('/');
  const auto clock = slash == std::string_view::npos
                         ? std::nullopt
                         : number<uint32_t>(text.substr(slash + 1), 8000, 48000);
  options.codec = clock ? media::findCodec(text.substr(0, slash), *clock) : media::findCodec(text);
  return options.codec != nullptr;
}

bool setLink(Impairment& link, std::string_view text) {
  const auto parsed = Impairment::parse(text);
  if (parsed) link = *parsed;
  return parsed.has_value();
}

using Setter = bool (*)(Options& options, std::string_view text);
const std::map<std::string_view, Setter> kSetters = {
    {"--path", setPath},
    {"--codec", setCodec},
    {"--in", [](Options& o, std::string_view t) { return !(o.input = t).empty(); }},
    {"--rate", [](Options& o, std::string_view t) { return set(o.inputRate, t, 8000U, 48000U); }},
    {"--repeat", [](Options& o, std::string_view t) { return set(o.repeat, t, 1U, 1000U); }},
    {"--out", [](Options& o, std::string_view t) { return !(o.output = t).empty(); }},
    {"--wire", [](Options& o, std::string_view t) { return !(o.wire = t).empty(); }},
    {"--first", [](Options& o, std::string_view t) { return setLink(o.first, t); }},
    {"--second", [](Options& o, std::string_view t) { return setLink(o.second, t); }},
    {"--seed",
     [](Options& o, std::string_view t) { return set(o.seed, t, uint64_t{0}, UINT64_MAX); }},
    {"--playout", [](Options& o, std::string_view t) { return set(o.playout, t, 20, 2000); }},
    {"--talker-ppm",
     [](Options& o, std::string_view t) { return set(o.talkerPpm, t, -1000.0, 1000.0); }},
    {"--expected-loss",
     [](Options& o, std::string_view t) { return set(o.expectedLoss, t, 0, 100); }},
    {"--complexity", [](Options& o, std::string_view t) { return set(o.complexity, t, 0, 10); }},
    {"--bit-rate", [](Options& o, std::string_view t) { return set(o.bitRate, t, 6000, 510000); }},
    {"--dtx", [](Options& o, std::string_view t) { return set(o.dtx, t, 0, 1); }},
};

}  // namespace

const char* const kUsage =
    "voice_path --codecs             the codecs of the SIP side, a line each: name clock rate\n"
    "voice_path OPTION VALUE...\n"
    "  --path to-sip|to-browser|plain   plain: from phone to phone without the gateway\n"
    "  --codec NAME[/CLOCK]          of the SIP side\n"
    "  --in FILE  --rate HZ          speech: raw PCM, 16 bits, mono\n"
    "  --repeat N                    how often it is spoken\n"
    "  --out FILE                    what is heard: the same at the codec's rate; else nobody "
    "listens\n"
    "  --wire PREFIX                 PREFIX.pcm: what the packets to the listener hold;\n"
    "                                PREFIX.times: when each was sent, seconds as doubles\n"
    "  --first LINK  --second LINK   what the network does before and after the gateway, such as\n"
    "                                loss=0.05,burst=3,delay=20,jitter=100,reorder=0.05,\n"
    "                                reorder_by=30,duplicate=0.02 (times in ms)\n"
    "  --seed N  --playout MS        of the links; of the listener's buffer\n"
    "  --talker-ppm X                how much too fast the talker's clock is\n"
    "  --expected-loss PERCENT  --complexity 0-10  --bit-rate BIT/S  --dtx 0|1\n"
    "                                of a talking browser's Opus\n";

Result<Options> parseOptions(int argc, const char* const* argv) {
  Options options;
  if (argc == 2 && std::string_view(argv[1]) == "--codecs") {
    options.listCodecs = true;
    return options;
  }
  for (int i = 1; i < argc; i += 2) {
    const auto setter = kSetters.find(argv[i]);
    if (setter == kSetters.end()) return Failure{fmt::format("unknown option {}", argv[i])};
    if (i + 1 == argc) return Failure{fmt::format("{} needs a value", argv[i])};
    if (!setter->second(options, argv[i + 1]))
      return Failure{fmt::format("{} cannot be {}", argv[i], argv[i + 1])};
  }
  if (options.input.empty()) return Failure{std::string("--in is missing")};
  if (options.path != Path::ToSip && options.inputRate != options.codec->sampleRate)
    return Failure{
        fmt::format("--rate must be {}, as the phone's codec has it", options.codec->sampleRate)};
  return options;
}

}  // namespace genesys::quality
