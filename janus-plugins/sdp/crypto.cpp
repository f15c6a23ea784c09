#include "sdp/crypto.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>

#include "sdp/scan.hpp"
#include "util/base64.hpp"
#include "util/text.hpp"

namespace genesys::sdp {
namespace {

constexpr uint32_t kMaxTag = 999'999'999;  // one to nine digits
constexpr uint8_t kMaxMkiOctets = 4;
constexpr std::string_view kInline = "inline:";

using Problem = std::optional<std::string>;

/// "2^20" or "1048576" packets. The far end keeps to it for its own key; ours has none.
bool isLifetime(std::string_view text) {
  if (text.starts_with("2^")) text.remove_prefix(2);
  const auto packets = number(text, UINT64_MAX);
  return packets && *packets > 0;
}

/// "1:4", the identifier and its length in octets.
bool readMki(std::string_view text, media::SrtpKey& key) {
  const auto [value, length] = split(text, ':');
  const auto octets = number(length, kMaxMkiOctets);
  if (!octets || *octets == 0) return false;
  const uint64_t most = (uint64_t{1} << (8 * *octets)) - 1;
  const auto identifier = number(value, static_cast<uint32_t>(most));
  if (!identifier) return false;
  key.mki = *identifier;
  key.mkiOctets = *octets;
  return true;
}

/// What stands behind the key and "|": a lifetime, an MKI, both or neither.
Problem readKeyAttributes(std::string_view text, media::SrtpKey& key) {
  const auto [first, second] = split(text, '|');
  const bool withMki = first.find(':') != std::string_view::npos;
  if (!withMki && !isLifetime(first)) return "its lifetime is not a number of packets";
  if (withMki && !second.empty()) return "more than a lifetime and an MKI";
  const std::string_view mki = withMki ? first : second;
  if (!mki.empty() && !readMki(mki, key))
    return fmt::format("its MKI is not a number of 1 to {} octets", kMaxMkiOctets);
  return std::nullopt;
}

Problem readKey(std::string_view parameters, media::SrtpKey& key) {
  if (parameters.find(';') != std::string_view::npos) return "more than one key";
  if (!startsWithIgnoreCase(parameters, kInline)) return "its key is not 'inline:'";
  parameters.remove_prefix(kInline.size());
  const auto [text, attributes] = split(parameters, '|');
  const auto octets = decodeBase64(text, key.octets());
  if (octets != key.octets().size())
    return fmt::format("its key and salt are not {} octets of base64", key.octets().size());
  if (text.size() == parameters.size()) return std::nullopt;
  return readKeyAttributes(attributes, key);
}

/// A name that may stand in a reason. Base64 in the wrong place never looks like one.
std::string quotable(std::string_view name) {
  const bool plain =
      !name.empty() && name.size() <= 40 &&
      name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string_view::npos;
  return plain ? std::string(name) : "that is written so";
}

/// Session parameters are mandatory unless they begin with "-" (section 6.3.7).
bool mayBeIgnored(std::string_view parameter) {
  return parameter.starts_with('-') || equalsIgnoreCase(parameter, "KDR=0") ||
         startsWithIgnoreCase(parameter, "WSH=");
}

}  // namespace

Result<Crypto> parseCrypto(std::string_view value) {
  const auto fail = [](std::string reason) { return Failure{std::move(reason)}; };
  const auto tag = number(nextWord(value), kMaxTag);
  if (!tag) return fail("a=crypto has no tag of 1 to 9 digits");
  const auto unusable = [&](std::string_view why) {
    return Failure{fmt::format("a=crypto:{}: {}", *tag, why)};
  };
  const std::string_view name = nextWord(value);
  const media::SrtpSuite* const suite = media::findSrtpSuite(name);
  if (!suite) return unusable(fmt::format("no suite {} is known", quotable(name)));
  Crypto crypto{*tag, media::SrtpKey(*suite)};
  if (const auto problem = readKey(nextWord(value), crypto.key)) return unusable(*problem);
  for (auto word = nextWord(value); !word.empty(); word = nextWord(value))
    if (!mayBeIgnored(word))
      return unusable(
          fmt::format("no session parameter {} is supported", quotable(split(word, '=').before)));
  return crypto;
}

std::string toString(const Crypto& crypto) {
  const media::SrtpKey& key = crypto.key;
  std::string text =
      fmt::format("{} {} inline:{}", crypto.tag, key.suite().name, encodeBase64(key.octets()));
  if (key.mkiOctets > 0) text += fmt::format("|{}:{}", key.mki, key.mkiOctets);
  return text;
}

}  // namespace genesys::sdp
