#include "static_line.hpp"

#include <jansson.h>

#include <array>
#include <cstdlib>

#include "util/base64.hpp"

namespace genesys::load {
namespace {

constexpr size_t kApart = 37;  // packets: not everybody says the same at the same time

struct Place {
  std::string ip;
  uint16_t port;
};

Place placeOf(const std::string& text) {
  const size_t colon = std::min(text.rfind(':'), text.size());
  const std::string port = colon < text.size() ? text.substr(colon + 1) : "0";
  return {text.substr(0, colon), static_cast<uint16_t>(std::atoi(port.c_str()))};
}

std::string textOf(const json_t* object, const char* key) {
  const char* const text = json_string_value(json_object_get(object, key));
  return text ? text : "";
}

std::vector<uint8_t> keyOf(const json_t* srtp, const char* name) {
  std::array<uint8_t, 64> key;
  const auto octets = decodeBase64(textOf(srtp, name), key);
  return {key.begin(), key.begin() + static_cast<std::ptrdiff_t>(octets.value_or(0))};
}

Result<Leg> makeLeg(const json_t* side, const Format& format, const Voice& voice, size_t start,
                    Random& random) {
  const Place local = placeOf(textOf(side, "local"));
  auto socket = bindUdp(local.ip, local.port);
  if (!socket) return Failure{socket.error()};
  const auto remote = addressOf(textOf(side, "remote"));
  if (!remote) return Failure{remote.error()};
  Leg leg(std::move(socket).value(), format, voice, start, random);
  leg.setRemote(remote.value());
  if (const json_t* srtp = json_object_get(side, "srtp")) {
    const SrtpSuite* const suite = suiteOfSdp(textOf(srtp, "suite"));
    if (!suite) return Failure{std::string("srtp: no such suite")};
    auto pair = SrtpPair::create({suite, keyOf(srtp, "send"), keyOf(srtp, "receive")});
    if (!pair) return Failure{pair.error()};
    leg.setSrtp(std::move(pair).value());
  }
  return leg;
}

}  // namespace

Result<sockaddr_in> addressOf(const std::string& text) {
  const Place place = placeOf(text);
  return addressOf(place.ip, place.port);
}

Result<std::vector<std::unique_ptr<StaticLine>>> readCalls(const std::string& file,
                                                           const Format& browserFormat,
                                                           const Voices& voices, Random& random) {
  const std::unique_ptr<json_t, decltype(&json_decref)> calls(
      json_load_file(file.c_str(), 0, nullptr), json_decref);
  if (!json_is_array(calls.get())) return Failure{file + ": no JSON array"};
  std::vector<std::unique_ptr<StaticLine>> lines;
  for (size_t i = 0; i < json_array_size(calls.get()); ++i) {
    const json_t* const call = json_array_get(calls.get(), i);
    auto browser =
        makeLeg(json_object_get(call, "browser"), browserFormat, voices.agent, i * kApart, random);
    auto sip =
        makeLeg(json_object_get(call, "sip"), pcmuFormat(), voices.customer, i * kApart, random);
    if (!browser) return Failure{browser.error()};
    if (!sip) return Failure{sip.error()};
    lines.push_back(
        std::make_unique<StaticLine>(std::move(browser).value(), std::move(sip).value()));
  }
  return lines;
}

}  // namespace genesys::load
