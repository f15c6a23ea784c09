#include "call/service_call.hpp"

#include <charconv>

namespace genesys::sim {
namespace {

constexpr Millis kEarlyMedia{2000};

/// What follows the star.
std::optional<int> argumentOf(std::string_view dialled) {
  const size_t star = dialled.find('*');
  if (star == std::string_view::npos) return std::nullopt;
  int value = 0;
  std::from_chars(dialled.data() + star + 1, dialled.data() + dialled.size(), value);
  return value;
}

Millis delayOf(std::string_view dialled, Seconds otherwise) {
  const auto seconds = argumentOf(dialled);
  return seconds ? Seconds(std::clamp(*seconds, 0, 300)) : otherwise;
}

/// An even port that is no system's.
std::optional<uint16_t> portOf(std::string_view dialled) {
  const int port = argumentOf(dialled).value_or(0);
  if (port < 1024 || port > 65534 || port % 2 != 0) return std::nullopt;
  return static_cast<uint16_t>(port);
}

}  // namespace

const std::vector<ServiceNumber>& serviceNumbers() {
  using enum ServiceBehaviour;
  static const std::vector<ServiceNumber> kNumbers = {
      {"9001", "echo", Answer, "echo"},
      {"9002", "speech", Answer, "speech"},
      {"9003", "recorder", Record, "silence"},
      {"9004", "tone 440 Hz", Answer, "tone:440"},
      {"9010", "busy", Busy, "none"},
      {"9011", "no answer", NoAnswer, "none"},
      {"9012", "forbidden", Forbidden, "none"},
      {"9013", "early media, then tone 440 Hz", EarlyMedia, "tone:440"},
      {"9014", "late answer, then tone 440 Hz", LateAnswer, "tone:440"},
      {"9015", "silence", Answer, "silence"},
      {"9016", "media elsewhere", Elsewhere, "none"},
  };
  return kNumbers;
}

const ServiceNumber* findService(std::string_view dialled) {
  const std::string_view number = dialled.substr(0, dialled.find('*'));
  for (const ServiceNumber& service : serviceNumbers())
    if (number == service.number) return &service;
  return nullptr;
}

ServiceCall::ServiceCall(const CallContext& context, std::string id, const ServiceNumber& service,
                         const std::string& from, const std::string& dialled)
    : MediaCall(context, std::move(id), "service", from, dialled),
      service_(service),
      delay_(service.behaviour == ServiceBehaviour::EarlyMedia && dialled == service.number
                 ? kEarlyMedia
                 : delayOf(dialled, context.answerAfter)),
      answerTimer_(context.sip.loop, [this] { answerNow(); }) {}

std::string ServiceCall::recordPath() const {
  const bool records =
      service_.behaviour == ServiceBehaviour::Record && !context_.recordDirectory.empty();
  return records ? context_.recordDirectory + '/' + id() + ".wav" : "";
}

void ServiceCall::start(const ServerTransactionPtr& invite) {
  const auto leg = addLeg();
  leg->adopt(invite, service_.number, callUuid());
  note(std::string("INVITE to ") + service_.name);
  switch (service_.behaviour) {
    case ServiceBehaviour::Busy:
      return leg->reject(486);
    case ServiceBehaviour::Forbidden:
      return leg->reject(403, {}, {{"Reason", "SIP;cause=403;text=\"Forbidden\""}});
    default:
      break;
  }
  MediaPeer::Settings settings;
  if (service_.behaviour == ServiceBehaviour::Elsewhere) {
    settings.elsewhere = portOf(to());
    if (!settings.elsewhere) return leg->reject(404);
  }
  const auto opened = openMedia(settings, service_.play, recordPath());
  if (!opened) {
    note(opened.error());
    return leg->reject(503);
  }
  const std::string& body = invite->request().body;
  const auto sdp = body.empty() ? Result<std::string>(writeSdp(media()->offer())) : answerTo(body);
  if (!sdp) {
    note("refused: " + sdp.error());
    return leg->reject(488);
  }
  sdp_ = sdp.value();
  proceed();
}

void ServiceCall::proceed() {
  const bool early = service_.behaviour == ServiceBehaviour::EarlyMedia;
  if (early)
    leg().progress(183, sdp_);
  else
    leg().progress(180);
  // Sound begins with the answer, unless it is early media.
  if (!early) media()->pause();
  ringing();
  switch (service_.behaviour) {
    case ServiceBehaviour::NoAnswer:
      return;
    case ServiceBehaviour::EarlyMedia:
    case ServiceBehaviour::LateAnswer:
      return answerTimer_.start(delay_);
    default:
      answerNow();
  }
}

void ServiceCall::answerNow() {
  if (leg().state() == LegState::Ended) return;
  media()->resume();
  leg().answer(sdp_);
  answered();
}

}  // namespace genesys::sim
