// Calls with a real UDP peer while the page does the wrong thing at the wrong time.
#include <thread>

#include "harness/genesys_fixture.hpp"

namespace genesys::harness {
namespace {

using testing::HasSubstr;

class CallsTest : public GenesysTest {
 protected:
  struct Talk {
    SipPeer::Dialog dialog;
    std::string callId;       ///< of the JSON API
    uint16_t gatewayRtp = 0;  ///< the port that our SDP named
  };

  /// Rings, and waits until both sides know it.
  Talk ring(FakeHandle& page, const std::string& dn) {
    Talk talk;
    talk.dialog = peer->invite(dn, g711Sdp(rtp.port()));
    EXPECT_TRUE(peer->takeResponse(talk.dialog.callId, 180).has_value());
    const auto incoming = page.events().take("incomingcall");
    EXPECT_TRUE(incoming.has_value()) << page.events().text();
    if (incoming) talk.callId = incoming->callId;
    return talk;
  }
  /// Rings, is accepted and acknowledged.
  Talk talk(FakeHandle& page, const std::string& dn) {
    Talk call = ring(page, dn);
    page.message(R"({"request":"accept"})", "accept");
    const auto ok = peer->takeResponse(call.dialog.callId, 200);
    EXPECT_TRUE(ok.has_value()) << page.events().text();
    if (!ok) return call;
    call.gatewayRtp = audioPortIn(ok->body);
    peer->ack(call.dialog, *ok);
    EXPECT_TRUE(page.events().take("accepted").has_value()) << page.events().text();
    return call;
  }
  /// RTP flows to the page while the far end talks, and to the far end while the page does.
  bool audioFlows(FakeHandle& page, const Talk& call) {
    const size_t before = page.packets();
    const auto deadline = std::chrono::steady_clock::now() + kDeadline;
    uint16_t index = 0;
    bool heard = false;
    while (std::chrono::steady_clock::now() < deadline) {
      const std::vector<uint8_t> packet = pcmuPacket(index);
      rtp.sendTo(call.gatewayRtp, packet.data(), packet.size());
      page.incomingRtp(opusPacket(index++));
      heard = heard || !rtp.receive(std::chrono::milliseconds(20)).empty();
      if (heard && page.packets() > before) return true;
    }
    return false;
  }
  bool farEndHears(std::chrono::milliseconds limit = kDeadline) {
    while (!rtp.receive(std::chrono::milliseconds(0)).empty()) continue;
    return !rtp.receive(limit).empty();
  }

  LoopbackSocket rtp;  ///< the far end's audio
};

TEST_F(CallsTest, AudioBothWaysAndHangUpByThePage) {
  startWithPeer();
  auto page = signedIn("7001");
  const Talk call = talk(*page, "7001");
  EXPECT_TRUE(audioFlows(*page, call));
  page->message(R"({"request":"hangup"})", "bye");
  EXPECT_TRUE(peer->takeRequest("BYE").has_value());
  const auto over = page->events().take("hangup");
  ASSERT_TRUE(over.has_value());
  EXPECT_EQ(over->callId, call.callId);
}

TEST_F(CallsTest, HangUpByTheFarEnd) {
  startWithPeer();
  auto page = signedIn("7001");
  Talk call = talk(*page, "7001");
  peer->bye(call.dialog);
  EXPECT_TRUE(peer->take([](const SipText& m) { return m.status() == 200 && m.method() == "BYE"; })
                  .has_value());
  EXPECT_TRUE(page->events().take("hangup").has_value());
}

TEST_F(CallsTest, ThePageGoesAndAnotherFindsTheCall) {
  startWithPeer("  resume_window_s = 60\n");
  auto page = signedIn("7001");
  const Talk call = talk(*page, "7001");
  ASSERT_TRUE(audioFlows(*page, call));
  page.reset();
  EXPECT_TRUE(farEndHears()) << "no comfort noise while the page is away";
  auto back = attached();
  back->message(signInRequest("7001"), "in", "offer", browserOffer());
  const auto state = back->events().answerTo("in");
  ASSERT_TRUE(state.has_value());
  EXPECT_THAT(state->body, HasSubstr(call.callId));
  back->setUpMedia();
  EXPECT_TRUE(audioFlows(*back, call));
  back->message(R"({"request":"hangup","call_id":")" + call.callId + R"("})", "bye");
  EXPECT_TRUE(peer->takeRequest("BYE").has_value());
}

TEST_F(CallsTest, ThePageGoesForGoodAndTheCallEnds) {
  startWithPeer("  resume_window_s = 1\n");
  auto page = signedIn("7001");
  talk(*page, "7001");
  page.reset();
  EXPECT_TRUE(peer->takeRequest("BYE").has_value());
}

TEST_F(CallsTest, ThePeerConnectionGoesAndComesBack) {
  startWithPeer("  resume_window_s = 60\n");
  auto page = signedIn("7001");
  const Talk call = talk(*page, "7001");
  ASSERT_TRUE(audioFlows(*page, call));
  page->hangUpMedia();
  page->incomingRtp(opusPacket(1));
  ASSERT_TRUE(page->settle());
  EXPECT_TRUE(farEndHears());
  page->message(R"({"request":"update"})", "u", "offer", browserOffer());
  const auto updated = page->events().answerTo("u");
  ASSERT_TRUE(updated.has_value());
  EXPECT_THAT(updated->body, HasSubstr(call.callId));
  page->setUpMedia();
  EXPECT_TRUE(audioFlows(*page, call));
}

TEST_F(CallsTest, ThePageGoesWhileItRings) {
  startWithPeer("  resume_window_s = 60\n");
  auto page = signedIn("7001");
  const Talk call = ring(*page, "7001");
  page.reset();
  auto back = signedIn("7001");
  back->message(R"({"request":"accept","call_id":")" + call.callId + R"("})", "accept");
  EXPECT_TRUE(peer->takeResponse(call.dialog.callId, 200).has_value()) << back->events().text();
}

TEST_F(CallsTest, CancelCrossesAccept) {
  startWithPeer();
  auto page = signedIn("7001");
  for (int i = 0; i < 10; ++i) {
    Talk call = ring(*page, "7001");
    std::thread cancelling([&] { peer->cancel(call.dialog); });
    page->message(R"({"request":"accept"})", "accept" + std::to_string(i));
    cancelling.join();
    const auto final = peer->take([&](const SipText& m) {
      return m.header("Call-ID") == call.dialog.callId && m.method() == "INVITE" &&
             m.status() >= 200;
    });
    ASSERT_TRUE(final.has_value());
    peer->ack(call.dialog, *final);
    if (final->status() == 200) peer->bye(call.dialog);
    EXPECT_TRUE(page->events().take("hangup").has_value()) << page->events().text();
  }
}

TEST_F(CallsTest, TakeOverInACall) {
  startWithPeer();
  auto first = signedIn("7001");
  const Talk call = talk(*first, "7001");
  auto second = attached();
  second->message(signInRequest("7001"), "in", "offer", browserOffer());
  const auto state = second->events().answerTo("in");
  ASSERT_TRUE(state.has_value());
  EXPECT_THAT(state->body, HasSubstr(call.callId));
  second->setUpMedia();
  EXPECT_TRUE(first->events().take("taken_over").has_value());
  EXPECT_TRUE(audioFlows(*second, call));
  first->message(R"({"request":"hangup"})", "old");
  const auto refused = first->events().answerTo("old");
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->name, "error");
}

TEST_F(CallsTest, ThePluginEndsInACall) {
  startWithPeer();
  auto page = signedIn("7001");
  talk(*page, "7001");
  page->callEvenIfDetached();
  plugin.destroy();
  EXPECT_TRUE(peer->takeRequest("BYE").has_value());
}

TEST_F(CallsTest, ThePluginEndsWhileItRings) {
  startWithPeer();
  auto page = signedIn("7001");
  const Talk call = ring(*page, "7001");
  plugin.destroy();
  EXPECT_TRUE(peer->take([&](const SipText& m) { return m.status() >= 400; }).has_value());
}

TEST_F(CallsTest, OutgoingCallAndDigits) {
  startWithPeer();
  auto page = signedIn("7001");
  page->message(R"({"request":"call","uri":"5551234"})", "call");
  const auto calling = page->events().answerTo("call");
  ASSERT_TRUE(calling && calling->name == "calling") << (calling ? calling->body : "none");
  const auto invite = peer->takeRequest("INVITE");
  ASSERT_TRUE(invite.has_value());
  peer->respond(*invite, 180);
  EXPECT_TRUE(page->events().take("ringing").has_value());
  peer->respond(*invite, 200, g711Sdp(rtp.port()));
  EXPECT_TRUE(peer->takeRequest("ACK").has_value());
  EXPECT_TRUE(page->events().take("accepted").has_value());
  Talk call;
  call.gatewayRtp = audioPortIn(invite->body);
  EXPECT_TRUE(audioFlows(*page, call));
  page->message(R"({"request":"dtmf_info","digit":"5","duration":100})", "digit");
  EXPECT_TRUE(page->events().take("dtmfsent").has_value());
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  bool digit = false;
  while (!digit && std::chrono::steady_clock::now() < deadline) {
    const std::string packet = rtp.receive(std::chrono::milliseconds(100));
    digit = packet.size() == 16 && (packet[1] & 0x7f) == 101 && packet[12] == 5;
  }
  EXPECT_TRUE(digit);
}

TEST_F(CallsTest, PagesComeAndGoInManyCalls) {
  startWithPeer("  resume_window_s = 60\n");
  std::vector<std::thread> agents;
  for (const char* dn : {"7001", "7002", "7003", "7004"})
    agents.emplace_back([this, dn] {
      auto page = signedIn(dn);
      Talk call = talk(*page, dn);
      for (int i = 0; i < 6; ++i) {
        for (uint16_t n = 0; n < 20; ++n) page->incomingRtp(opusPacket(n));
        if (i % 2) page->hangUpMedia();
        page = signedIn(dn);
      }
      peer->bye(call.dialog);
      EXPECT_TRUE(page->events().take("hangup").has_value()) << page->events().text();
    });
  for (std::thread& agent : agents) agent.join();
}

}  // namespace
}  // namespace genesys::harness
