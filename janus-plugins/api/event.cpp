#include "api/event.hpp"

#include "api/json_writer.hpp"

namespace genesys::api {
namespace {

Json iceServers(const std::vector<IceServer>& servers) {
  return jsonArray(servers, [](const IceServer& server) {
    return JsonObject()
        .set("urls", jsonTexts(server.urls))
        .setUnlessEmpty("username", server.username)
        .setUnlessEmpty("credential", server.credential)
        .take();
  });
}

JsonObject& setVolume(JsonObject& object, const CallVolume& volume) {
  return object.setFlag("muted", volume.muted)
      .setFlag("peer_muted", volume.peerMuted)
      .set("gain_db", volume.gainDb)
      .set("peer_gain_db", volume.peerGainDb);
}

Json volumeOf(const CallVolume& volume) {
  JsonObject object;
  return setVolume(object, volume).take();
}

Json callInfo(const CallInfo& call) {
  JsonObject info;
  info.set("call_id", call.callId)
      .set("direction", call.direction)
      .set("state", call.state)
      .set("username", call.peerUri)
      .set("displayname", call.peerName)
      .set("uuid", call.uuid)
      .set("headers", jsonHeaders(call.headers))
      .set("age", call.age.count())
      .set("answered", call.answered.count())
      .set("sip_codec", call.sipCodec)
      .set("browser_codec", call.browserCodec)
      .set("hold", call.hold)
      .setFlag("merged", call.merged)
      .setFlag("heard", call.heard)
      .setUnlessEmpty("srtp", call.srtp)
      .setUnlessEmpty("recording", call.recording);
  if (call.volume != CallVolume{}) info.set("volume", volumeOf(call.volume));
  return info.take();
}

JsonObject named(const char* event) {
  JsonObject result;
  result.set("event", event);
  return result;
}

JsonObject ofCall(const char* event, const std::string& callId) {
  return std::move(named(event).set("call_id", callId));
}

Json signedIn(const char* event, const SignedIn& session) {
  JsonObject result = named(event);
  result.set("username", session.dn)
      .set("subject", session.subject)
      .set("displayname", session.displayName)
      .set("calls", jsonArray(session.calls, callInfo))
      .set("ice_servers", iceServers(session.iceServers))
      .set("ignored", jsonTexts(session.ignored))
      .set("resume_window", session.resumeWindow.count())
      .set("master_id", static_cast<int64_t>(session.masterId))
      .setFlag("register_sent", !session.helper);
  if (session.helper) result.setFlag("helper", true);
  if (session.tokenExpiresIn) result.set("token_expires_in", session.tokenExpiresIn->count());
  return result.take();
}

// One overload per event: what stands in `result`.

Json result(const Registering& e) {
  return signedIn("registering", e.session);
}
Json result(const Registered& e) {
  return signedIn("registered", e.session);
}
Json result(const RegistrationFailed& e) {
  return named("registration_failed")
      .set("username", e.dn)
      .set("code", e.code)
      .set("reason", e.reason)
      .set("retry_in", e.retryIn.count())
      .take();
}
Json result(const Unregistering& e) {
  return named("unregistering").set("username", e.dn).take();
}
Json result(const Unregistered& e) {
  return named("unregistered").set("username", e.dn).take();
}
Json result(const TakenOver& e) {
  return named("taken_over").set("username", e.dn).take();
}
Json result(const Draining& e) {
  return named("draining").set("username", e.dn).take();
}
Json result(const IncomingCall& e) {
  JsonObject result = ofCall("incomingcall", e.callId);
  result.set("username", e.callerUri)
      .set("displayname", e.callerName)
      .set("callee", e.callee)
      .set("uuid", e.uuid)
      .set("headers", jsonHeaders(e.headers));
  result.setUnlessEmpty("referred_by", e.origin.referredBy)
      .setUnlessEmpty("replaces", e.origin.replaces)
      .setUnlessEmpty("asserted_identity", e.origin.assertedIdentity)
      .setUnlessEmpty("diversion", e.origin.diversion)
      .setUnlessEmpty("history_info", e.origin.historyInfo)
      .setUnlessEmpty("srtp", e.srtp);
  if (e.autoAnswer)
    result.set("auto_answer",
               JsonObject().set("after", e.autoAnswer->count()).setFlag("beep", true).take());
  return result.take();
}
Json result(const Calling& e) {
  return ofCall("calling", e.callId).set("uri", e.target).setUnlessEmpty("srtp", e.srtp).take();
}
Json result(const Proceeding& e) {
  return ofCall("proceeding", e.callId).set("code", e.code).take();
}
Json result(const Ringing& e) {
  return ofCall("ringing", e.callId).take();
}
Json result(const Progress& e) {
  return ofCall("progress", e.callId).set("username", e.peerUri).take();
}
Json result(const Accepting& e) {
  return ofCall("accepting", e.callId).take();
}
Json result(const Accepted& e) {
  return ofCall("accepted", e.callId)
      .set("username", e.peerUri)
      .set("headers", jsonHeaders(e.headers))
      .set("uuid", e.uuid)
      .set("sip_codec", e.sipCodec)
      .set("browser_codec", e.browserCodec)
      .setUnlessEmpty("srtp", e.srtp)
      .take();
}
Json result(const Declining& e) {
  return ofCall("declining", e.callId).set("code", e.code).take();
}
Json result(const HangingUp& e) {
  return ofCall("hangingup", e.callId).take();
}
Json result(const HungUp& e) {
  return ofCall("hangup", e.callId)
      .set("code", e.code)
      .set("reason", e.reason)
      .setUnlessEmpty("reason_header", e.reasonHeader)
      .take();
}
Json result(const DigitSent& e) {
  return ofCall("dtmfsent", e.callId).set("digit", std::string_view(&e.digit, 1)).take();
}
Json result(const DigitReceived& e) {
  return ofCall("dtmf", e.callId)
      .set("digit", std::string_view(&e.digit, 1))
      .set("duration", e.duration.count())
      .take();
}
Json result(const AudioNews& e) {
  return ofCall("audio", e.callId)
      .set("side", e.browser ? "browser" : "far_end")
      .setFlag("received", e.received)
      .setUnlessEmpty("reason", e.reason)
      .take();
}
Json result(const Updated& e) {
  return named("updated").set("calls", jsonTexts(e.callIds)).take();
}
Json result(const Holding& e) {
  return ofCall("holding", e.callId).take();
}
Json result(const Resuming& e) {
  return ofCall("resuming", e.callId).take();
}
Json result(const Merged& e) {
  return named("merged").set("call_ids", jsonTexts(e.callIds)).take();
}
Json result(const CallChanged& e) {
  return ofCall("call_changed", e.callId).set("call", callInfo(e.call)).take();
}
Json result(const UpdateFailed& e) {
  return ofCall("update_failed", e.callId)
      .set("request", e.request)
      .set("code", e.code)
      .set("reason", e.reason)
      .take();
}
Json result(const Talk& e) {
  return ofCall("talk", e.callId)
      .setFlag("answers", e.answers)
      .setUnlessEmpty("waiting_for", e.waitingFor)
      .take();
}
Json result(const Transferring& e) {
  return ofCall("transferring", e.callId).set("refer_to", e.referTo).take();
}
Json result(const TransferProgress& e) {
  return ofCall("transfer_progress", e.callId)
      .set("code", e.code)
      .set("reason", e.reason)
      .setFlag("final", e.final)
      .take();
}
Json result(const TransferAsked& e) {
  return ofCall("transfer", e.callId)
      .set("refer_id", e.referId)
      .set("refer_to", e.referTo)
      .set("referred_by", e.referredBy)
      .setUnlessEmpty("replaces", e.replaces)
      .setFlag("accepted", e.accepted)
      .take();
}
Json result(const CallDenied& e) {
  return ofCall("call_denied", e.callId)
      .set("refer_id", e.referId)
      .set("uri", e.target)
      .set("error_code", static_cast<int64_t>(e.code))
      .set("error_name", errorName(e.code))
      .set("reason", e.reason)
      .take();
}
Json result(const InfoSent& e) {
  return ofCall("infosent", e.callId).take();
}
Json result(const MessageSent& e) {
  return named("messagesent").setUnlessEmpty("call_id", e.inCall).take();
}
Json result(const MessageDelivery& e) {
  return named("messagedelivery")
      .setUnlessEmpty("call_id", e.inCall)
      .set("code", e.code)
      .set("reason", e.reason)
      .take();
}
JsonObject text(JsonObject result, const TextReceived& text, const char* type) {
  result.set("sender", text.sender)
      .set("displayname", text.senderName)
      .set(type, text.type)
      .set("content", text.content)
      .set("headers", jsonHeaders(text.headers));
  return result;
}
Json result(const InfoReceived& e) {
  return text(ofCall("info", e.callId), e.text, "type").take();
}
Json result(const MessageReceived& e) {
  JsonObject result = named("message");
  result.setUnlessEmpty("call_id", e.inCall);
  return text(std::move(result), e.text, "content_type").take();
}
JsonObject subscription(const char* event, const std::string& package, const std::string& target) {
  return std::move(named(event).set("notify", package).set("to", target));
}
Json result(const Subscribing& e) {
  return subscription("subscribing", e.package, e.target).take();
}
Json result(const SubscribeSucceeded& e) {
  return subscription("subscribe_succeeded", e.package, e.target).set("code", e.code).take();
}
Json result(const SubscribeFailed& e) {
  return subscription("subscribe_failed", e.package, e.target)
      .set("code", e.code)
      .set("reason", e.reason)
      .take();
}
Json result(const Unsubscribing& e) {
  return subscription("unsubscribing", e.package, e.target).take();
}
Json result(const Notify& e) {
  JsonObject result = named("notify");
  result.setUnlessEmpty("call_id", e.inCall)
      .set("notify", e.package)
      .setUnlessEmpty("to", e.target)
      .set("substate", e.substate);
  return text(std::move(result), e.text, "content-type").take();
}
Json result(const RecordingUpdated& e) {
  JsonObject result = ofCall("recordingupdated", e.callId);
  result.set("state", e.state).set("files", jsonTexts(e.files)).setUnlessEmpty("reason", e.reason);
  if (e.length) result.set("length", e.length->count());
  if (e.dropped) result.set("dropped", e.dropped->count());
  return result.take();
}
Json result(const VolumeChanged& e) {
  JsonObject result = ofCall("volume", e.callId);
  return setVolume(result, e.volume).take();
}
Json result(const IceServersEvent& e) {
  return named("ice_servers").set("ice_servers", iceServers(e.iceServers)).take();
}

}  // namespace

Json toJson(const Event& event) {
  JsonObject envelope;
  envelope.set("sip", "event");
  std::visit(
      [&](const auto& e) {
        if constexpr (requires { e.callId; }) envelope.set("call_id", e.callId);
        if constexpr (requires { e.inCall; }) envelope.setUnlessEmpty("call_id", e.inCall);
        envelope.set("result", result(e));
      },
      event);
  return envelope.take();
}

Json toJson(const ApiError& error) {
  return JsonObject()
      .set("sip", "event")
      .set("error_code", static_cast<int64_t>(error.code))
      .set("error_name", errorName(error.code))
      .set("error", error.message)
      .setUnlessEmpty("field", error.field)
      .take();
}

Json toJson(const Incident& incident) {
  return named(errorName(incident.code))
      .set("code", static_cast<int64_t>(incident.code))
      .set("dn", incident.dn)
      .set("subject", incident.subject)
      .set("number", incident.target)
      .set("reason", incident.reason)
      .take();
}

Json toJson(const Jsep& jsep) {
  return JsonObject()
      .set("type", jsep.type == Jsep::Type::Offer ? "offer" : "answer")
      .set("sdp", jsep.sdp)
      .take();
}

}  // namespace genesys::api
