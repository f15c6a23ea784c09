#include "plugin/gateway.hpp"
#include "plugin/gateway_fixture.hpp"
#include "plugin/recording_name.hpp"

namespace genesys::plugin {
namespace {

using Action = api::Record::Action;
using Format = media::RecordingPlan::Format;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

class RecordingsTest : public test::GatewayFixture {
 protected:
  RecordingsTest() {
    recorder = std::make_unique<test::FakeRecorder>();
    reopen();
  }
  static api::Record start() {
    api::Record request;
    request.audio = request.peerAudio = true;
    return request;
  }
  static api::Record act(Action action) {
    api::Record request;
    request.action = action;
    return request;
  }
  api::RecordingUpdated updated(const Page& page) {
    return std::get<api::RecordingUpdated>(*page.janus->expect("recordingupdated").event);
  }
  void ends(size_t number, const media::RecordingEnd& end) {
    recorder->ends.at(number)(end);
    scheduler.runPosted();
  }
};

TEST_F(RecordingsTest, StartsAndStops) {
  const Page page = signInWithAudio();
  talk(page);
  api::Record request = start();
  request.tag = "complaint";
  ask(page, request);
  const api::RecordingUpdated started = updated(page);
  EXPECT_EQ(started.state, "recording");
  EXPECT_THAT(
      started.files,
      ElementsAre(
          MatchesRegex(
              R"([0-9]{8}T[0-9]{6}\.[0-9]{3}Z-7002-[0-9a-f]{16}-complaint-user-audio\.mjr)"),
          HasSubstr("-complaint-peer-audio.mjr")));
  ASSERT_EQ(media.legs[0]->tapes.size(), 1U);
  EXPECT_NE(media.legs[0]->tapes[0], nullptr);
  EXPECT_EQ(recorder->plans[0].law, &media::pcmu());
  const auto changed = page.janus->expect("call_changed");
  EXPECT_EQ(std::get<api::CallChanged>(*changed.event).call.recording, "on");

  ask(page, act(Action::Stop));
  EXPECT_EQ(updated(page).state, "stopping");
  EXPECT_EQ(media.legs[0]->tapes.back(), nullptr);
  ends(0, {false, "", Millis(1234), Millis(100)});
  const api::RecordingUpdated stopped = updated(page);
  EXPECT_EQ(stopped.state, "stopped");
  EXPECT_EQ(stopped.files, started.files);
  EXPECT_EQ(stopped.reason, "");
  EXPECT_EQ(stopped.length, Millis(1234));
  EXPECT_EQ(stopped.dropped, Millis(100));
  ask(page, start());  // and again
  EXPECT_EQ(updated(page).state, "recording");
}

TEST_F(RecordingsTest, PausesAndGoesOn) {
  const Page page = signInWithAudio();
  talk(page);
  ask(page, start());
  updated(page);
  ask(page, act(Action::Pause));
  EXPECT_EQ(updated(page).state, "paused");
  EXPECT_TRUE(media.legs[0]->tapePaused);
  ask(page, act(Action::Resume));
  EXPECT_EQ(updated(page).state, "recording");
  EXPECT_FALSE(media.legs[0]->tapePaused);
}

TEST_F(RecordingsTest, OneStereoFile) {
  const Page page = signInWithAudio();
  talk(page);
  api::Record request = start();
  request.format = api::Record::Format::Opus;
  ask(page, request);
  EXPECT_THAT(updated(page).files, ElementsAre(MatchesRegex(R"(.*Z-7002-[0-9a-f]{16}\.opus)")));
  EXPECT_EQ(recorder->plans[0].format, Format::Opus);
}

TEST_F(RecordingsTest, RefusesWhatCannotBe) {
  const Page page = signInWithAudio();
  ask(page, start());
  page.janus->expect("error wrong_state");  // no call
  talk(page);
  ask(page, act(Action::Start));
  page.janus->expect("error recording_failed");  // neither side
  ask(page, act(Action::Stop));
  page.janus->expect("error recording_failed");  // there is none
  ask(page, start());
  updated(page);
  ask(page, start());
  page.janus->expect("error recording_failed");  // twice
  EXPECT_EQ(recorder->plans.size(), 1U);
}

TEST_F(RecordingsTest, IsOffUnlessConfiguredAndAllowed) {
  recorder.reset();
  reopen();
  const Page page = signInWithAudio();
  talk(page);
  ask(page, start());
  page.janus->expect("error recording_failed");
  recorder = std::make_unique<test::FakeRecorder>();
  config.dns["7002"].recording = false;
  reopen();
  const Page other = signInWithAudio();
  talk(other);
  ask(other, start());
  other.janus->expect("error recording_failed");
  EXPECT_TRUE(recorder->plans.empty());
}

TEST_F(RecordingsTest, AFailureIsToldAndTheCallGoesOn) {
  const Page page = signInWithAudio();
  talk(page);
  ask(page, start());
  updated(page);
  ends(0, {true, "No space left on device", Millis(500), Millis(0)});
  const api::RecordingUpdated failed = updated(page);
  EXPECT_EQ(failed.state, "failed");
  EXPECT_EQ(failed.reason, "No space left on device");
  EXPECT_EQ(media.legs[0]->tapes.back(), nullptr);
  EXPECT_EQ(gateway->line("7002")->dn().calls().size(), 1U);
}

TEST_F(RecordingsTest, TheEndOfTheCallEndsIt) {
  const Page page = signInWithAudio();
  talk(page);
  ask(page, start());
  updated(page);
  ask(page, api::Hangup{});
  page.janus->expect("hangup");
  EXPECT_TRUE(media.legs[0]->closed);
  scheduler.advance(Millis(40000));
  ends(0, {false, "", Millis(2000), Millis(0)});
  const api::RecordingUpdated stopped = updated(page);
  EXPECT_EQ(stopped.state, "stopped");
  EXPECT_EQ(stopped.reason, "the call has ended");
}

TEST_F(RecordingsTest, GoesOnWithoutItsPage) {
  const Page page = signInWithAudio();
  talk(page);
  ask(page, start());
  updated(page);
  gateway->removeSession(page.id);
  EXPECT_EQ(media.legs[0]->tapes.size(), 1U);
  const Page back = open();
  ask(back, credentials("7002"));
  const auto registered = back.janus->expect("registered");
  EXPECT_EQ(std::get<api::Registered>(*registered.event).session.calls.at(0).recording, "on");
}

TEST(RecordingName, IsTheGatewaysOwn) {
  const auto time = std::chrono::system_clock::time_point(std::chrono::milliseconds(1767225600007));
  EXPECT_EQ(recordingName(time, "7001", "01ab", "tag"), "20260101T000000.007Z-7001-01ab-tag");
  EXPECT_EQ(recordingName(time, "*7/../#", "01ab", ""), "20260101T000000.007Z-_7_..__-01ab");
}

}  // namespace
}  // namespace genesys::plugin
