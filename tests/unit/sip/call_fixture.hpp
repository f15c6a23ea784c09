// One Call with SIP Server, audio and time in memory.
#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <vector>

#include "sip/fakes.hpp"
#include "support/virtual_scheduler.hpp"

namespace genesys::sip::test {

class CallFixture : public testing::Test, public CallObserver {
 protected:
  CallFixture() {
    CallFacts facts;
    facts.peerUri = "sip:5551234@server";
    make(std::move(facts));
  }
  void make(CallFacts facts, sdp::SrtpTerms srtp = {}) {
    CallSettings settings;
    settings.mediaAddress = "192.0.2.1";
    settings.codecs = {&media::pcmu(), &media::pcma()};
    settings.autoAnswerAlertInfo = {"auto answer"};
    settings.srtp = std::move(srtp);
    settings.secrets = kernelRandom;
    call.reset();
    call = std::make_unique<Call>(scheduler, *this, random, settings, std::move(facts),
                                  std::make_unique<FakeDialog>(wire),
                                  std::make_unique<FakeAudio>(audio));
  }
  void onCallNews(Call&, const CallNews& one) override {
    news.push_back(one.kind);
    last = one;
  }
  void onTalk(Call& which) override { which.accept(true); }
  void onHold(Call&) override { ++holdsAsked; }
  void onAutoAnswer(Call& which) override { which.accept(true); }
  void onChanged(Call&) override { ++changes; }
  void onHoldFailed(Call&, const HoldMachine::Failed& failed) override {
    failures.push_back(failed);
  }
  void onCallRequest(Call&, const CallRequestNews& one) override { requests.push_back(one); }
  int onRefer(Call&, const ReferTarget& target, const SipMessage&) override {
    referredTo.push_back(target);
    return 202;
  }
  void onReleased(Call&) override { released = true; }

  void talk() {
    call->startIncoming(request(kOffer));
    call->accept(true);
    wire->receive(AckReceived{request()});
    ASSERT_EQ(call->state(), CallMachine::State::Established);
  }
  /// kOffer as an answer, with another a= line.
  static std::string answer(const std::string& direction) {
    return kOffer + ("a=" + direction + "\r\n");
  }
  /// o='s session id and version of what was sent last.
  std::pair<std::string, int> origin() const {
    const std::string& sdp = wire->sent.back().body.sdp;
    std::istringstream line(sdp.substr(sdp.find("o=- ") + 4));
    std::pair<std::string, int> found;
    line >> found.first >> found.second;
    return found;
  }

  genesys::test::VirtualScheduler scheduler;
  Random random{1};
  std::shared_ptr<Wire> wire = std::make_shared<Wire>();
  std::shared_ptr<AudioLog> audio = std::make_shared<AudioLog>();
  std::vector<CallNews::Kind> news;
  CallNews last{};
  std::vector<HoldMachine::Failed> failures;
  std::vector<CallRequestNews> requests;
  std::vector<ReferTarget> referredTo;
  int changes = 0;
  int holdsAsked = 0;
  bool released = false;
  std::unique_ptr<Call> call;
};

}  // namespace genesys::sip::test
