#include "agent.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace genesys::load {
namespace {

constexpr size_t kApart = 37;  // packets: not everybody says the same at the same time

}  // namespace

Agent::Agent(const Office& office, IceLoop& loop, std::string dn, uint16_t port, size_t number,
             Random random)
    : office_(office),
      loop_(loop),
      dn_(std::move(dn)),
      port_(port),
      number_(number),
      random_(random) {}

void Agent::signIn() {
  auto rtcp = bindUdp(office_.sipAddress, static_cast<uint16_t>(port_ + 1));
  if (!rtcp) return fail(rtcp.error());
  rtcp_ = std::move(rtcp).value();
  auto opened = JanusHandle::open(
      office_.server, random_,
      {.attached = [this] { office_.standing ? openPeerConnection() : registerWith({}); },
       .said = [this](const PluginEvent& event) { said(event); },
       .candidate =
           [this](const Candidate& one) {
             if (connection_) connection_->add(one);
           },
       .fault =
           [this](const std::string& why) {
             if (state_ != State::Gone) fail(why);
           }});
  if (!opened) return fail(opened.error());
  handle_ = std::move(opened).value();
  state_ = State::SigningIn;
}

void Agent::fail(const std::string& why) {
  if (fault_.empty()) fault_ = fmt::format("{}: {}", dn_, why);
}

void Agent::openPeerConnection() {
  browser_.reset();
  ssrc_ = static_cast<uint32_t>(random_.next());
  connection_ = std::make_unique<PeerConnection>(loop_, *office_.identity, *office_.format, ssrc_);
  connection_->open(office_.address);
  asking_ = true;
}

void Agent::registerWith(const std::string& offer) {
  Json body(json_pack("{s:s}", "request", "register"));
  if (office_.stock) {
    json_object_set_new(body.get(), "type", json_string("guest"));
    json_object_set_new(body.get(), "username",
                        json_string(fmt::format("sip:{}@{}", dn_, office_.sipServer).c_str()));
  } else {
    json_object_set_new(body.get(), "username", json_string(dn_.c_str()));
    json_object_set_new(body.get(), "secret", json_string(office_.password.c_str()));
  }
  handle_->request(std::move(body), offer);
}

void Agent::call() {
  auto socket = bindUdp(office_.sipAddress, port_);
  if (!socket) return fail(socket.error());
  sip_.emplace(std::move(socket).value(), pcmuFormat(), *office_.customerVoice, number_ * kApart,
               random_);
  state_ = State::Calling;
  asked_ = realNow();
  if (browser_) browser_->forgetArrivals();
  if (office_.standing)
    dial({});
  else
    openPeerConnection();
}

void Agent::dial(const std::string& offer) {
  const std::string number = fmt::format("9016*{}", port_);
  const std::string uri =
      office_.stock ? fmt::format("sip:{}@{}", number, office_.sipServer) : number;
  handle_->request(Json(json_pack("{s:s, s:s}", "request", "call", "uri", uri.c_str())), offer);
}

void Agent::hangUp() {
  state_ = State::HangingUp;
  handle_->request(Json(json_pack("{s:s}", "request", "hangup")));
}

void Agent::leave() {
  state_ = State::Gone;
  if (handle_) handle_->destroy();
}

void Agent::said(const PluginEvent& event) {
  if (event.name.empty()) return fail(event.text);
  if (!event.answer.empty() && connection_) connection_->takeAnswer(event.answer);
  if (event.name == "registered") registered_ = true;
  if (event.name == "registration_failed") fail("not registered: " + event.text);
  if (event.name == "accepted" && state_ == State::Calling) {
    accepted_ = realNow();
    state_ = State::Talking;
  }
  if (event.name == "hangup") ended(event);
  if (event.name == "webrtc_down" && office_.standing && state_ != State::Gone)
    fail("PeerConnection is down: " + event.text);
}

void Agent::ended(const PluginEvent& event) {
  if (state_ == State::Calling || state_ == State::Talking)
    return fail("the call is over: " + event.text);
  sip_.reset();
  if (!office_.standing) browser_.reset();
  state_ = State::Idle;
}

void Agent::offered() {
  asking_ = false;
  if (state_ == State::SigningIn)
    registerWith(connection_->offer());
  else
    dial(connection_->offer());
}

void Agent::onTime() {
  if (connection_) {
    connection_->onTime();
    if (!connection_->fault().empty()) return fail(connection_->fault());
    if (asking_ && !connection_->offer().empty()) offered();
    if (auto ready = connection_->takeReady()) {
      browser_.emplace(std::move(ready->way.socket), *office_.format, *office_.agentVoice,
                       number_ * kApart, random_);
      browser_->setSsrc(ssrc_);
      browser_->setRemote(ready->way.remote);
      browser_->setSrtp(std::move(ready->srtp));
      suite_ = ready->suite;
      connection_.reset();
    }
  }
  if (state_ == State::SigningIn && registered_ && (browser_ || !office_.standing))
    state_ = State::Idle;
}

bool Agent::heard() const {
  return talking() && browser_ && sip_ && browser_->firstArrival() != 0 &&
         sip_->firstArrival() != 0;
}

Nanos Agent::heardAfter() const {
  return std::max({browser_->firstArrival(), sip_->firstArrival(), accepted_}) - asked_;
}

}  // namespace genesys::load
