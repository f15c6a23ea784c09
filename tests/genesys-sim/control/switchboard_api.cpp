// The routes that drive calls as an agent's desktop and SIP Server do: hold, other parties,
// consultation, transfer, conference, REFER, data.
#include <fmt/format.h>

#include "control/call_json.hpp"
#include "control/call_request.hpp"
#include "control/control_api.hpp"
#include "control/reply.hpp"

namespace genesys::sim {
namespace {

void replyCall(const HttpReply& reply, const Switchboard::CallResult& call, int status) {
  if (!call) return fault(reply, 409, call.error());
  ok(reply, callJson(*call.value(), true, MonoClock::now()), status);
}

}  // namespace

std::shared_ptr<Leg> ControlApi::phoneOf(const Call& call, const std::string& dn,
                                         const HttpReply& reply) {
  auto leg = call.legOf(dn);
  if (leg && leg->state() != LegState::Ended && !leg->dialog().remoteTag.empty()) return leg;
  fault(reply, 409, "the call has no dialog with the phone");
  return nullptr;
}

void ControlApi::notifyPhone(const Call& call, const std::string& dn, const std::string& event,
                             const HttpReply& reply) {
  const auto leg = phoneOf(call, dn, reply);
  if (!leg) return;
  leg->notify(event, [reply, begun = MonoClock::now()](int status, const SipMessage*) {
    replyTimed(reply, status, begun);
  });
}

void ControlApi::notify(const HttpRequest& request, const Parts& path, const HttpReply& reply) {
  const auto call = callOf(path, reply);
  if (!call) return;
  FieldReader fields(request.body);
  const std::string event = fields.text("event", "talk");
  const std::string dn = fields.text("dn");
  const auto verdict = fields.finish();
  if (!verdict) return fault(reply, 400, verdict.error());
  notifyPhone(*call, dn, event, reply);
}

void ControlApi::holdOrRetrieve(const HttpRequest& request, const Parts& path,
                                const HttpReply& reply) {
  const auto call = callOf(path, reply);
  if (!call) return;
  const bool hold = path[2] == "hold";
  FieldReader fields(request.body);
  const std::string dn = fields.text("dn");
  const std::string by = fields.text("by", "reinvite");
  if (by != "reinvite" && by != "notify") fields.fail("by: neither reinvite nor notify");
  const auto verdict = fields.finish();
  if (!verdict) return fault(reply, 400, verdict.error());
  if (by == "notify") return notifyPhone(*call, dn, hold ? "hold" : "talk", reply);
  const auto leg = phoneOf(*call, dn, reply);
  if (!leg) return;
  const auto sent = hold ? call->hold(*leg) : call->retrieve(*leg);
  if (!sent) return fault(reply, 409, sent.error());
  ok(reply, callJson(*call, true, MonoClock::now()), 202);
}

void ControlApi::connect(const HttpRequest& request, const Parts& path, const HttpReply& reply) {
  const auto call = callOf(path, reply);
  if (!call) return;
  const auto options = parseConnect(request.body);
  if (!options) return fault(reply, 400, options.error());
  const auto sent = call->connect(options.value());
  if (!sent) return fault(reply, 409, sent.error());
  ok(reply, callJson(*call, true, MonoClock::now()), 202);
}

void ControlApi::desktopCall(const HttpRequest& request, const Parts& path,
                             const HttpReply& reply) {
  FieldReader fields(request.body);
  const std::string to = fields.text("to", {}, 64);
  const auto flow = fields.number("flow", 1, 2);
  const auto verdict = fields.finish();
  if (!verdict) return fault(reply, 400, verdict.error());
  if (server_.calls().full()) return fault(reply, 409, "as many calls are up as may be");
  replyCall(reply, server_.switchboard().makeCall(path[1], to, static_cast<int>(flow.value_or(1))),
            201);
}

void ControlApi::complete(const HttpRequest& request, const Parts& path, const HttpReply& reply) {
  const auto call = callOf(path, reply);
  if (!call) return;
  const auto how = parseCompletion(request.body);
  if (!how) return fault(reply, 400, how.error());
  replyCall(reply, server_.switchboard().complete(call, how.value()), 201);
}

void ControlApi::refer(const HttpRequest& request, const Parts& path, const HttpReply& reply) {
  const auto call = callOf(path, reply);
  if (!call) return;
  FieldReader fields(request.body);
  const std::string dn = fields.text("dn");
  const std::string to = fields.text("to", {}, 64);
  const std::string replaces = fields.text("replaces");
  if (to.empty()) fields.fail("to: missing");
  const auto verdict = fields.finish();
  if (!verdict) return fault(reply, 400, verdict.error());
  replyCall(reply, server_.switchboard().refer(call, dn, to, replaces), 202);
}

void ControlApi::sendText(const HttpRequest& request, const Parts& path, const HttpReply& reply) {
  const auto call = callOf(path, reply);
  if (!call) return;
  FieldReader fields(request.body);
  const std::string dn = fields.text("dn");
  const std::string type = fields.text("type", "text/plain");
  const std::string content = fields.text("content", {}, 4096);
  if (content.empty()) fields.fail("content: missing");
  const auto verdict = fields.finish();
  if (!verdict) return fault(reply, 400, verdict.error());
  const auto leg = phoneOf(*call, dn, reply);
  if (!leg) return;
  leg->request(path[2] == "info" ? "INFO" : "MESSAGE", {}, type, content,
               [reply, begun = MonoClock::now()](int status, const SipMessage*) {
                 replyTimed(reply, status, begun);
               });
}

/// A session refresh by UPDATE (RFC 4028 section 7.4); by re-INVITE it is one with a full offer.
void ControlApi::refresh(const HttpRequest& request, const Parts& path, const HttpReply& reply) {
  const auto call = callOf(path, reply);
  if (!call) return;
  FieldReader fields(request.body);
  const std::string dn = fields.text("dn");
  const auto verdict = fields.finish();
  if (!verdict) return fault(reply, 400, verdict.error());
  const auto leg = phoneOf(*call, dn, reply);
  if (!leg) return;
  leg->request(
      "UPDATE",
      {{"Session-Expires", "1800;refresher=uac"}, {"Min-SE", "90"}, {"Supported", "timer"}}, {}, {},
      [reply, begun = MonoClock::now()](int status, const SipMessage*) {
        replyTimed(reply, status, begun);
      });
}

}  // namespace genesys::sim
