// A MESSAGE outside of any dialog (RFC 3428) over a nua handle. SIP loop.
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_tag.h>

#include <utility>

#include "sip/address.hpp"
#include "sip/nua_stack.hpp"

namespace genesys::sip {
namespace {

class NuaMessage : public OutOfDialogRequest, private NuaHandleOwner {
 public:
  NuaMessage(NuaStack& stack, DnCredentials dn, const std::string& target,
             const SipContent& content, OnAnswer onAnswer)
      : dn_(std::move(dn)), onAnswer_(std::move(onAnswer)) {
    const std::string from = nameAddr(dn_.displayName, stack.uri(dn_.dn));
    const std::string to = nameAddr("", stack.uri(target));
    handle_ =
        nua_handle(stack.nua(), reinterpret_cast<nua_hmagic_t*>(static_cast<NuaHandleOwner*>(this)),
                   NUTAG_URL(stack.target(target).c_str()), SIPTAG_FROM_STR(from.c_str()),
                   SIPTAG_TO_STR(to.c_str()), TAG_END());
    const std::string extra = headerBlock(content.headers);
    nua_message(handle_, TAG_IF(!extra.empty(), SIPTAG_HEADER_STR(extra.c_str())),
                SIPTAG_CONTENT_TYPE_STR(content.type.c_str()),
                SIPTAG_PAYLOAD_STR(content.text.c_str()), TAG_END());
  }
  ~NuaMessage() override {
    nua_handle_bind(handle_, nullptr);
    nua_handle_destroy(handle_);
  }

 private:
  // A challenge is not answered: digests go out for REGISTER and INVITE alone (security rule 5).
  void onNua(nua_event_t event, int status, const char* phrase, const sip_t*) override {
    if (event == nua_r_message && status >= 200 && onAnswer_)
      std::exchange(onAnswer_, nullptr)(status >= 900 ? 503 : status, phrase);
  }

  DnCredentials dn_;
  OnAnswer onAnswer_;
  nua_handle_t* handle_;
};

}  // namespace

std::unique_ptr<OutOfDialogRequest> makeOutOfDialogMessage(NuaStack& stack, const DnCredentials& dn,
                                                           const std::string& target,
                                                           const SipContent& content,
                                                           OutOfDialogRequest::OnAnswer onAnswer) {
  return std::make_unique<NuaMessage>(stack, dn, target, content, std::move(onAnswer));
}

}  // namespace genesys::sip
