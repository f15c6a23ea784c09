// Requests outside of any dialog over a nua handle: MESSAGE (RFC 3428) and OPTIONS. SIP loop.
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_tag.h>

#include <utility>

#include "sip/address.hpp"
#include "sip/nua_stack.hpp"

namespace genesys::sip {
namespace {

/// A handle of its own, and its one answer. A challenge is not answered: digests go out for
/// REGISTER and INVITE alone (security rule 5).
class NuaRequest : public OutOfDialogRequest, private NuaHandleOwner {
 public:
  NuaRequest(NuaStack& stack, const ServerTarget& server, nua_event_t answer,
             const std::string& url, const std::string& from, const std::string& to,
             OnAnswer onAnswer)
      : answer_(answer),
        onAnswer_(std::move(onAnswer)),
        handle_(nua_handle(stack.nua(),
                           reinterpret_cast<nua_hmagic_t*>(static_cast<NuaHandleOwner*>(this)),
                           NUTAG_URL(url.c_str()), SIPTAG_FROM_STR(from.c_str()),
                           SIPTAG_TO_STR(to.c_str()), TAG_END())) {
    stack.bindTo(handle_, server);
  }
  ~NuaRequest() override {
    nua_handle_bind(handle_, nullptr);
    nua_handle_destroy(handle_);
  }
  nua_handle_t* handle() const { return handle_; }

 private:
  void onNua(nua_event_t event, int status, const char* phrase, const sip_t*) override {
    if (event == answer_ && status >= 200 && onAnswer_)
      std::exchange(onAnswer_, nullptr)(status >= 900 ? 503 : status, phrase);
  }

  nua_event_t answer_;
  OnAnswer onAnswer_;
  nua_handle_t* handle_;
};

}  // namespace

std::unique_ptr<OutOfDialogRequest> makeOutOfDialogMessage(NuaStack& stack, const DnCredentials& dn,
                                                           const std::string& target,
                                                           const SipContent& content,
                                                           OutOfDialogRequest::OnAnswer onAnswer) {
  auto request = std::make_unique<NuaRequest>(
      stack, stack.server(dn.site), nua_r_message, stack.target(target, dn.site),
      nameAddr(dn.displayName, stack.uri(dn.dn, dn.site)), nameAddr("", stack.uri(target, dn.site)),
      std::move(onAnswer));
  const std::string extra = headerBlock(content.headers);
  nua_message(request->handle(), TAG_IF(!extra.empty(), SIPTAG_HEADER_STR(extra.c_str())),
              SIPTAG_CONTENT_TYPE_STR(content.type.c_str()),
              SIPTAG_PAYLOAD_STR(content.text.c_str()), TAG_END());
  return request;
}

std::unique_ptr<OutOfDialogRequest> makeProbe(NuaStack& stack, const ServerTarget& server,
                                              OutOfDialogRequest::OnAnswer onAnswer) {
  const std::string url = stack.urlOf(server);
  const std::string self = nameAddr("", stack.contact(""));
  auto request = std::make_unique<NuaRequest>(stack, server, nua_r_options, url, self,
                                              nameAddr("", url), std::move(onAnswer));
  nua_options(request->handle(), TAG_END());
  return request;
}

}  // namespace genesys::sip
