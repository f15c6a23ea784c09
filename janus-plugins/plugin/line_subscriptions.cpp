// What a line's page wants to hear of users of SIP Server (SUBSCRIBE, NOTIFY). SIP loop.
#include <utility>

#include "plugin/gateway.hpp"
#include "plugin/line.hpp"
#include "plugin/session.hpp"
#include "util/log.hpp"
#include "util/overloaded.hpp"
#include "util/text.hpp"

namespace genesys::plugin {
namespace {

// Subscriptions of one DN at once.
constexpr size_t kMostSubscriptions = 16;

}  // namespace

api::Notify Line::notifyOf(const sip::SipMessage& message) const {
  const auto state = message.header("Subscription-State");
  api::Notify notify;
  notify.package = message.event;
  notify.substate = state.substr(0, state.find(';'));
  notify.text = textOf(message);
  return notify;
}

bool Line::subscribe(const api::Subscribe& request) {
  const SubscriptionKey key{request.event, request.target};
  const auto known = subscriptions_.find(key);
  if (known != subscriptions_.end()) {
    known->second.asked = true;
    known->second.subscription->refresh(request.ttl);
    return true;
  }
  if (subscriptions_.size() >= kMostSubscriptions) return false;
  subscriptions_[key].subscription =
      dn_.subscribe({request.target, request.event, request.accept, request.ttl},
                    [this, key](const sip::Subscription::News& news) { onNotice(key, news); });
  return true;
}

bool Line::unsubscribe(const api::Unsubscribe& request) {
  return subscriptions_.erase({request.event, request.target}) > 0;
}

void Line::endSubscriptions() {
  subscriptions_.clear();
}

void Line::onNotice(const SubscriptionKey& key, const sip::Subscription::News& news) {
  Session* page = session();
  const auto& [event, target] = key;
  bool over = false;
  std::visit(
      Overloaded{[&](const sip::Subscription::Answered& answer) {
                   over = answer.status >= 300;
                   const bool asked = std::exchange(subscriptions_[key].asked, false);
                   if (page == nullptr) return;
                   if (over)
                     page->tell(api::SubscribeFailed{event, target, answer.status, answer.phrase});
                   else if (asked)  // and not a refresh
                     page->tell(api::SubscribeSucceeded{event, target, answer.status});
                 },
                 [&](const sip::Subscription::Notified& notified) {
                   api::Notify notify = notifyOf(notified.message);
                   notify.target = target;
                   over = equalsIgnoreCase(notify.substate, "terminated");
                   if (page != nullptr) page->tell(std::move(notify));
                 }},
      news);
  if (!over) return;
  // Not within its own call.
  gateway_.scheduler().post([this, alive = std::weak_ptr(alive_), key] {
    if (alive.lock()) subscriptions_.erase(key);
  });
}

}  // namespace genesys::plugin
