#include "plugin/event_pusher.hpp"

#include <gmock/gmock.h>

#include <future>

namespace genesys::plugin {
namespace {

using testing::ElementsAre;

/// Remembers the order; a push with JSEP waits until the test lets it go, as Janus may.
class SlowHandle : public JanusHandle {
 public:
  bool pushEvent(const std::string&, const api::Event& event,
                 const std::optional<api::Jsep>& jsep) override {
    if (jsep) opened.wait();
    const std::lock_guard lock(mutex);
    order.push_back(std::get<api::Ringing>(event).callId);
    if (order.size() == 3) all.set_value();
    return refusals-- <= 0;
  }
  void pushError(const std::string&, const api::ApiError&) override {}
  void closePeerConnection() override {}
  void notifyHandlers(const api::Incident&) override {}
  void relayRtp(std::span<const uint8_t>) override {}

  int refusals = 0;  ///< so many pushes are not taken
  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
  std::promise<void> all;
  std::mutex mutex;
  std::vector<std::string> order;
};

const api::Jsep kJsep{api::Jsep::Type::Answer, "v=0"};

TEST(EventPusher, KeepsOneHandlesOrderAndHoldsNobodyElseUp) {
  EventPusher pusher;
  const auto slow = std::make_shared<SlowHandle>();
  const auto other = std::make_shared<SlowHandle>();
  pusher.push(slow, "", api::Ringing{"1"});
  pusher.push(slow, "", api::Ringing{"2"}, kJsep);
  pusher.push(slow, "", api::Ringing{"3"});
  pusher.push(other, "", api::Ringing{"at once"});
  EXPECT_THAT(other->order, ElementsAre("at once"));
  slow->gate.set_value();
  ASSERT_EQ(slow->all.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_THAT(slow->order, ElementsAre("1", "2", "3"));
}

// Janus refuses an offer while it still cleans the last PeerConnection away.
TEST(EventPusher, RepeatsAnOfferThatWasRefused) {
  const auto handle = std::make_shared<SlowHandle>();
  handle->gate.set_value();
  handle->refusals = 2;
  {
    EventPusher pusher;
    pusher.push(handle, "", api::Ringing{"offer"}, api::Jsep{api::Jsep::Type::Offer, "v=0"});
  }
  EXPECT_THAT(handle->order, ElementsAre("offer", "offer", "offer"));
}

TEST(EventPusher, BringsOutWhatWaitsBeforeItEnds) {
  const auto handle = std::make_shared<SlowHandle>();
  handle->gate.set_value();
  {
    EventPusher pusher;
    pusher.push(handle, "", api::Ringing{"last"}, kJsep);
  }
  EXPECT_THAT(handle->order, ElementsAre("last"));
}

}  // namespace
}  // namespace genesys::plugin
