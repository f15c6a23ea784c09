#include "plugin/call_info.hpp"

#include <fmt/format.h>

#include "plugin/header_list.hpp"

namespace genesys::plugin {
namespace {

using State = sip::CallMachine::State;

std::string stateName(State state) {
  switch (state) {
    case State::Ringing:
    case State::Accepting:
      return "ringing";
    case State::Calling:
      return "calling";
    case State::Early:
      return "early";
    case State::Answered:
    case State::Established:
      return "established";
    default:
      return "ending";
  }
}

const char* holdName(sip::HoldState hold) {
  if (hold.local) return hold.remote ? "both" : "local";
  return hold.remote ? "remote" : "none";
}

Millis since(MonoTime then, MonoTime now) {
  return std::chrono::duration_cast<Millis>(now - then);
}

}  // namespace

api::CallInfo describeCall(const sip::Call& call, const std::vector<std::string>& readableHeaders,
                           MonoTime now) {
  const sip::CallFacts& facts = call.facts();
  api::CallInfo info;
  info.callId = facts.id;
  info.direction = facts.outgoing ? "out" : "in";
  info.state = stateName(call.state());
  info.peerUri = facts.peerUri;
  info.peerName = facts.peerName;
  info.uuid = facts.uuid;
  info.headers = selectHeaders(facts.headers, readableHeaders);
  info.age = since(facts.started, now);
  if (facts.answered) info.answered = since(*facts.answered, now);
  if (const media::Codec* codec = call.codec())
    info.sipCodec = fmt::format("{}/{}", codec->name, codec->rtpClock);
  const media::Codec& opus = media::opus();
  info.browserCodec = fmt::format("{}/{}/{}", opus.name, opus.rtpClock, opus.channels);
  info.hold = holdName(call.holdState());
  if (const media::SrtpSuite* suite = call.srtpSuite()) info.srtp = suite->name;
  return info;
}

}  // namespace genesys::plugin
