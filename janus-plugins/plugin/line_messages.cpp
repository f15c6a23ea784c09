// Texts, keys and transfers that come in a line's calls, and messages outside of them. SIP loop.
#include <fmt/format.h>

#include "plugin/gateway.hpp"
#include "plugin/header_list.hpp"
#include "plugin/line.hpp"
#include "plugin/session.hpp"
#include "util/log.hpp"
#include "util/overloaded.hpp"

namespace genesys::plugin {
namespace {

// MESSAGEs of one DN that may be under way at once.
constexpr size_t kMostMessages = 16;

}  // namespace

api::TextReceived Line::textOf(const sip::SipMessage& message) const {
  return {message.fromUri, message.fromName, message.contentType, message.body,
          selectHeaders(message.headers, gateway_.config().agent.readableHeaders)};
}

void Line::onCallRequest(sip::Call& call, const sip::CallRequestNews& news) {
  const std::string& id = call.facts().id;
  Session* page = pageOf(id);
  if (page == nullptr) return;
  std::visit(Overloaded{[&](const sip::InfoCame& e) {
                          page->tell(api::InfoReceived{id, textOf(e.message)});
                        },
                        [&](const sip::MessageCame& e) {
                          page->tell(api::MessageReceived{id, textOf(e.message)});
                        },
                        [&](const sip::DigitByInfo& e) {
                          page->tell(api::DigitReceived{id, e.digit, e.duration});
                        },
                        [&](const sip::MessageDelivered& e) {
                          page->tell(api::MessageDelivery{id, e.status, e.phrase});
                        },
                        [&](const sip::NotifyCame& e) {
                          api::Notify notify = notifyOf(e.message);
                          notify.inCall = id;
                          page->tell(std::move(notify));
                        },
                        [&](const sip::TransferProgress& e) {
                          page->tell(api::TransferProgress{id, e.code, e.phrase, e.final});
                        }},
             news);
}

void Line::onReferral(sip::Call& call, const sip::Referral& referral, bool accepted) {
  if (Session* page = pageOf(call.facts().id))
    page->tell(api::TransferAsked{call.facts().id, referral.id, dn_.uriOf(referral.target.user),
                                  referral.referredBy, referral.target.replaces, accepted});
}

// The agent talks on, with somebody else: nothing rings (RFC 3891 section 3).
void Line::onReplacement(sip::Call& call, sip::Call& old) {
  logInfo("DN {}: call {} takes the place of {}", config_.number, call.facts().id, old.facts().id);
  const Host host = hosts_.hostOf(old.facts().id);
  hosts_.assign(call.facts().id, host);
  ears_[host].focus = call.facts().id;
  call.accept(audioFor(call) != nullptr);
  old.giveUp(200, "replaced by another call");
}

bool Line::sendDigit(const std::string& callId, char digit, Millis duration) {
  if (config_.digits == settings::DigitMode::Info) {
    sip::Call* call = dn_.find(callId);
    if (call == nullptr || !call->answered()) return false;
    call->sendInfo({"application/dtmf-relay",
                    fmt::format("Signal={}\r\nDuration={}\r\n", digit, duration.count()),
                    {}});
    return true;
  }
  const auto leg = legs_.find(callId);
  return leg != legs_.end() && leg->second->sendDigit(digit, duration);
}

bool Line::sendMessage(const std::string& target, sip::SipContent content) {
  if (messages_.size() >= kMostMessages) return false;
  const uint64_t number = ++lastMessage_;
  messages_[number] =
      dn_.message(target, content, [this, number](int status, const std::string& phrase) {
        if (Session* page = session()) page->tell(api::MessageDelivery{"", status, phrase});
        // Not within its own call.
        gateway_.scheduler().post([this, alive = std::weak_ptr(alive_), number] {
          if (alive.lock()) messages_.erase(number);
        });
      });
  return true;
}

bool Line::messageReceived(const sip::SipMessage& message) {
  Session* page = session();
  if (page == nullptr) return false;
  page->tell(api::MessageReceived{"", textOf(message)});
  return true;
}

}  // namespace genesys::plugin
