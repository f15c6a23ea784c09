#include "sip_server.hpp"

#include <fmt/format.h>

#include "call/bridged_call.hpp"
#include "call/service_call.hpp"
#include "util/log.hpp"

namespace genesys::sim {
namespace {

uint32_t ipOf(const std::string& text) {
  const auto peer = makePeer(text, 0, TransportKind::Udp);
  return peer ? peer->ip : 0;
}

ResponseParts optionsAnswer() {
  return ResponseParts{200, "OK", {}, {{"Allow", kAllowInitial}}, {}, {}};
}

}  // namespace

SipServer::SipServer(EventLoop& loop, const Settings& settings)
    : loop_(loop),
      settings_(settings),
      ids_(Random(settings.seed)),
      transactions_(loop, settings.transport, ids_),
      registrar_(settings.registrar, ids_.nonce()),
      ports_(ipOf(settings.mediaIp), settings.firstRtpPort, settings.lastRtpPort),
      mediaServerPorts_(ipOf(settings.mediaServerIp), settings.firstRtpPort, settings.lastRtpPort),
      callContext_{{loop, transactions_, ids_},
                   ports_,
                   usesMediaServer() ? mediaServerPorts_ : ports_,
                   sources_,
                   settings.mediaIp,
                   settings.mediaServerIp,
                   settings.music,
                   settings.recordDirectory,
                   settings.answerAfter,
                   [this](Call& call, Leg& leg, const ServerTransactionPtr& refer) {
                     switchboard_.onRefer(call, leg, refer);
                   }},
      calls_(settings.maxCalls),
      switchboard_(callContext_, calls_, registrar_) {
  transactions_.setUser(
      {[this](const ServerTransactionPtr& request) { onRequest(request); },
       [this](const SipMessage& ack) {
         if (const auto leg = calls_.legOf(ack)) leg->receiveAck(ack);
       },
       [this](const SipMessage& request, const Peer& from) { return intercept(request, from); }});
}

SipServer::~SipServer() {
  while (!calls_.active().empty()) {
    const auto call = calls_.active().begin()->second;
    call->onOver(*call);  // ends without a word to the phone
  }
}

Result<Done> SipServer::open() {
  if (!settings_.speechFile.empty()) {
    const auto loaded = sources_.loadSpeech(settings_.speechFile);
    if (!loaded) return loaded;
  }
  return transactions_.open();
}

bool SipServer::intercept(const SipMessage& request, const Peer& from) {
  const auto found = faults_.find(request.method);
  if (found == faults_.end() || found->second.count == 0) return false;
  Fault& fault = found->second;
  if (fault.count > 0) --fault.count;
  ++fault.spoilt;
  if (fault.status == 0) return true;
  Peer to = from;
  if (from.transport == TransportKind::Udp) to.port = request.via.port;
  const ResponseParts refusal{fault.status, phraseOf(fault.status), ids_.tag(), {}, {}, {}};
  transactions_.sendStateless(writeResponse(request, from.ipText(), refusal), to);
  return true;
}

void SipServer::injectFault(const std::string& method, const Fault& fault) {
  if (fault.count == 0)
    faults_.erase(method);
  else
    faults_[method] = fault;
}

void SipServer::onRequest(const ServerTransactionPtr& request) {
  const SipMessage& message = request->request();
  if (message.method == "REGISTER")
    return request->respond(registrar_.onRegister(message, request->from(), MonoClock::now()));
  if (!message.toTag.empty()) {
    if (const auto leg = calls_.legOf(message)) return leg->receive(request);
    return request->respond(481);
  }
  if (message.method == "INVITE") return onInvite(request);
  if (message.method == "OPTIONS") return request->respond(optionsAnswer());
  request->respond(ResponseParts{405, {}, {}, {{"Allow", kAllowInitial}}, {}, {}});
}

void SipServer::onInvite(const ServerTransactionPtr& invite) {
  const SipMessage& request = invite->request();
  const std::string& from = request.from.user;
  const MonoTime now = MonoClock::now();
  if (!registrar_.isProvisioned(from)) return invite->respond(403);
  if (const auto challenge = registrar_.challengeInvite(request, from, now))
    return invite->respond(*challenge);
  if (calls_.full())
    return invite->respond(ResponseParts{503, {}, {}, {{"Retry-After", "5"}}, {}, {}});
  if (const std::string* replaces = request.header("Replaces"))
    return switchboard_.onReplaces(invite, *replaces);
  connect(invite, from, request.requestUri.user);
}

void SipServer::connect(const ServerTransactionPtr& invite, const std::string& from,
                        const std::string& dialled) {
  if (const ServiceNumber* service = findService(dialled)) {
    const auto call =
        std::make_shared<ServiceCall>(callContext_, calls_.nextId(), *service, from, dialled);
    calls_.add(call);
    return call->start(invite);
  }
  if (!registrar_.isProvisioned(dialled)) return invite->respond(404);
  const auto binding = registrar_.find(dialled, MonoClock::now());
  if (!binding) return invite->respond(480);
  const auto call = std::make_shared<BridgedCall>(callContext_, calls_.nextId(), from, dialled);
  calls_.add(call);
  call->start(invite, switchboard_.uriOf(from), *binding);
}

Result<std::shared_ptr<Call>> SipServer::makeCall(CallerOptions options) {
  if (!registrar_.isProvisioned(options.to))
    return Failure{fmt::format("to: DN {} is not provisioned", options.to)};
  const auto binding = registrar_.find(options.to, MonoClock::now());
  if (!binding) return Failure{fmt::format("to: DN {} is not registered", options.to)};
  if (calls_.full()) return Failure{fmt::format("{} calls are up already", settings_.maxCalls)};
  if (!options.replaces.empty()) {
    const auto value = switchboard_.replacesOf(options.replaces, options.to);
    if (!value) return Failure{value.error()};
    options.headers.push_back({"Replaces", value.value()});
  }
  options.fromUri = switchboard_.uriOf(options.from);
  const auto call = std::make_shared<CallerCall>(callContext_, calls_.nextId(), std::move(options));
  const auto started = call->start(*binding);
  if (!started) return Failure{started.error()};
  calls_.add(call);
  return std::static_pointer_cast<Call>(call);
}

Result<Done> SipServer::probe(const std::string& dn, std::function<void(int)> onAnswer) {
  const auto binding = registrar_.find(dn, MonoClock::now());
  if (!binding) return Failure{fmt::format("DN {} is not registered", dn)};
  const Peer& local = transactions_.local();
  Dialog outside;
  outside.callId = ids_.callId(local.ipText());
  outside.localValue = fmt::format("sip:{};tag={}", local.hostPort(), ids_.tag());
  outside.remoteValue = binding->aor;
  outside.target = binding->contact.text;
  outside.peer = binding->peer;
  RequestParts parts = outside.request("OPTIONS", local, ids_.branch());
  parts.contact = fmt::format("<sip:{}>", local.hostPort());
  ClientRequest request;
  request.bytes = writeRequest(parts);
  request.method = parts.method;
  request.branch = parts.branch;
  request.to = outside.peer;
  request.onResponse = [onAnswer](const SipMessage& response) {
    if (response.status >= 200) onAnswer(response.status);
  };
  request.onTimeout = [onAnswer] { onAnswer(0); };
  transactions_.send(std::move(request));
  return Done{};
}

}  // namespace genesys::sim
