#include "plugin/gateway.hpp"
#include "plugin/gateway_fixture.hpp"

namespace genesys::plugin {
namespace {

class CallVolumeTest : public test::GatewayFixture {
 protected:
  api::VolumeChanged told(const Page& page) {
    return std::get<api::VolumeChanged>(*page.janus->expect("volume").event);
  }
};

TEST_F(CallVolumeTest, MuteAndGainReachTheLegAndStayWithTheCall) {
  const Page page = signInWithAudio();
  talk(page);
  EXPECT_EQ(media.legs[0]->levels, media::AudioLevels{});
  api::ChangeVolume mute;
  mute.muted = true;
  ask(page, mute);
  EXPECT_EQ(told(page).volume, (api::CallVolume{.muted = true}));
  EXPECT_EQ(media.legs[0]->levels, (media::AudioLevels{.agent = {0, true}, .farEnd = {}}));
  EXPECT_TRUE(
      std::get<api::CallChanged>(*page.janus->expect("call_changed").event).call.volume.muted);
  api::ChangeVolume louder;
  louder.gainDb = -3;
  louder.peerGainDb = 6;
  louder.peerMuted = true;
  ask(page, louder);
  EXPECT_EQ(told(page).volume, (api::CallVolume{true, true, -3, 6})) << "still mute";
  EXPECT_EQ(media.legs[0]->levels, (media::AudioLevels{{-3, true}, {6, true}}));
  mute.muted = false;
  ask(page, mute);
  EXPECT_EQ(media.legs[0]->levels, (media::AudioLevels{{-3, false}, {6, true}}));
}

TEST_F(CallVolumeTest, WithoutACallItIsRefused) {
  const Page page = signInWithAudio();
  ask(page, api::ChangeVolume{});
  page.janus->expect("error wrong_state");
}

}  // namespace
}  // namespace genesys::plugin
