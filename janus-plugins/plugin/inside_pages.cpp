#include "plugin/inside_pages.hpp"

#include "api/json_reader.hpp"
#include "api/json_writer.hpp"
#include "plugin/gateway.hpp"
#include "plugin/line.hpp"
#include "util/text.hpp"

namespace genesys::plugin {
namespace {

using observe::HttpAnswer;

HttpAnswer jsonAnswer(unsigned status, const api::Json& json) {
  return {status, "application/json", api::textOf(json) + "\n", {}};
}

/// The token of "Bearer TOKEN"; empty if it is none.
std::string bearerOf(std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer ";
  if (!startsWithIgnoreCase(authorization, kScheme)) return {};
  const std::string_view token = trim(authorization.substr(kScheme.size()));
  return token.size() <= api::limits::kToken ? std::string(token) : std::string();
}

// RFC 6750 section 3: no error code where there was no token.
HttpAnswer unauthorized(const api::ApiError& error, bool given) {
  HttpAnswer answer = jsonAnswer(401, api::JsonObject()
                                          .set("error_code", static_cast<int64_t>(error.code))
                                          .set("error_name", api::errorName(error.code))
                                          .set("error", error.message)
                                          .take());
  answer.headers.emplace_back("WWW-Authenticate",
                              given ? "Bearer error=\"invalid_token\"" : "Bearer");
  return answer;
}

bool anySiteServes(const Gateway& gateway) {
  for (unsigned site = 0; site < gateway.sites(); ++site)
    if (gateway.serving(site)) return true;
  return false;
}

}  // namespace

Health healthOf(Gateway& gateway) {
  Health health;
  for (const auto& [number, line] : gateway.lines()) {
    ++health.dns;
    health.registered += line->dn().registration().state().inService();
    health.calls += line->dn().calls().size();
  }
  if (!anySiteServes(gateway)) health.reason = "no SIP Server answers";
  if (gateway.drain().on()) health.reason = "draining";
  health.inService = health.reason.empty();
  return health;
}

HttpAnswer healthPage(const Health& health) {
  return jsonAnswer(health.inService ? 200 : 503,
                    api::JsonObject()
                        .set("status", health.inService ? "in service" : "out of service")
                        .set("reason", health.reason)
                        .set("dns", static_cast<int64_t>(health.dns))
                        .set("registered", static_cast<int64_t>(health.registered))
                        .set("calls", static_cast<int64_t>(health.calls))
                        .take());
}

HttpAnswer tokenPage(const settings::SignIn& signIn, const std::string& authorization,
                     settings::SignIn::Time now) {
  if (!signIn.byToken()) return {204, "", "", {}};
  const std::string token = bearerOf(authorization);
  if (token.empty())
    return unauthorized({api::ErrorCode::BadCredential, "no bearer token", "token"},
                        !authorization.empty());
  const auto subject = signIn.checkToken(token, now);
  return subject ? HttpAnswer{204, "", "", {}} : unauthorized(subject.error(), true);
}

HttpAnswer insidePage(Gateway& gateway, const observe::HttpRequest& request,
                      settings::SignIn::Time now, std::chrono::nanoseconds loopDelay) {
  if (request.path == "/health") return healthPage(healthOf(gateway));
  if (request.path == "/token-check")
    return tokenPage(gateway.signIn(), request.authorization, now);
  if (request.path == "/metrics")
    return {200,
            "text/plain; version=0.0.4; charset=utf-8",
            gateway.measures().text(readingsOf(gateway, loopDelay)),
            {}};
  return {404, "text/plain", "/health, /metrics or /token-check\n", {}};
}

}  // namespace genesys::plugin
