// A subscription of a DN at SIP Server (RFC 6665) over a nua handle; the stack refreshes it. SIP
// loop.
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>

#include <utility>

#include "sip/address.hpp"
#include "sip/nua_stack.hpp"

namespace genesys::sip {
namespace {

class NuaSubscription : public Subscription, private NuaHandleOwner {
 public:
  NuaSubscription(NuaStack& stack, const DnCredentials& dn, SubscriptionRequest request,
                  OnNews onNews)
      : stack_(stack),
        request_(std::move(request)),
        onNews_(std::move(onNews)),
        contact_(nameAddr("", stack.contact(dn.dn))) {
    const std::string from = nameAddr(dn.displayName, stack.uri(dn.dn, dn.site));
    const std::string to = nameAddr("", stack.uri(request_.target, dn.site));
    handle_ =
        nua_handle(stack.nua(), reinterpret_cast<nua_hmagic_t*>(static_cast<NuaHandleOwner*>(this)),
                   NUTAG_URL(stack.target(request_.target, dn.site).c_str()),
                   SIPTAG_FROM_STR(from.c_str()), SIPTAG_TO_STR(to.c_str()), TAG_END());
    stack.bindTo(handle_, stack.server(dn.site));
    refresh(request_.ttl);
  }
  ~NuaSubscription() override {
    nua_handle_bind(handle_, nullptr);
    nua_handle_destroy(handle_);  // a subscription that stands is ended by an Expires of 0
  }

  void refresh(Seconds ttl) override {
    const std::string expires = std::to_string(ttl.count());
    nua_subscribe(handle_, SIPTAG_EVENT_STR(request_.event.c_str()),
                  SIPTAG_CONTACT_STR(contact_.c_str()), SIPTAG_EXPIRES_STR(expires.c_str()),
                  TAG_IF(!request_.accept.empty(), SIPTAG_ACCEPT_STR(request_.accept.c_str())),
                  TAG_END());
  }

 private:
  // A challenge is not answered: digests go out for REGISTER and INVITE alone (security rule 5).
  void onNua(nua_event_t event, int status, const char* phrase, const sip_t* sip) override {
    if (event == nua_r_subscribe && status >= 200)
      onNews_(Answered{status >= 900 ? 503 : status, phrase});
    if (event != nua_i_notify) return;
    nua_respond(handle_, SIP_200_OK, NUTAG_WITH_THIS(stack_.nua()), TAG_END());
    onNews_(Notified{readMessage(sip)});
  }

  NuaStack& stack_;
  SubscriptionRequest request_;
  OnNews onNews_;
  std::string contact_;
  nua_handle_t* handle_;
};

}  // namespace

std::unique_ptr<Subscription> makeSubscription(NuaStack& stack, const DnCredentials& dn,
                                               SubscriptionRequest request,
                                               Subscription::OnNews onNews) {
  return std::make_unique<NuaSubscription>(stack, dn, std::move(request), std::move(onNews));
}

}  // namespace genesys::sip
