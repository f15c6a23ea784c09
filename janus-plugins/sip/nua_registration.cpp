// REGISTER transactions over a nua handle, one handle per DN so that Call-ID and CSeq go on
// (RFC 3261 section 10.2). When to send what is the RegistrationMachine's business, not nua's: the
// requests go out as plain methods, without nua's own refresh and outbound engine. SIP loop.
#include <fmt/format.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_tag.h>

#include <utility>

#include "sip/address.hpp"
#include "sip/nua_stack.hpp"

namespace genesys::sip {
namespace {

class NuaRegistration : public RegistrationPort, private NuaHandleOwner {
 public:
  NuaRegistration(NuaStack& stack, DnCredentials dn, OnAnswer onAnswer)
      : stack_(stack), dn_(std::move(dn)), onAnswer_(std::move(onAnswer)) {}
  ~NuaRegistration() override { abandon(); }

  void sendRegister(Seconds expires) override {
    const std::string contact = fmt::format("<{}>;expires={}", contactUri(), expires.count());
    send(contact.c_str(), std::to_string(expires.count()).c_str());
  }
  void sendQuery() override { send(nullptr, nullptr); }
  void authenticate() override {
    if (handle_ != nullptr) nua_authenticate(handle_, NUTAG_AUTH(credentials_.c_str()), TAG_END());
    authenticated_ = true;
  }
  void setCredentials(const DnCredentials& dn) override { dn_ = dn; }
  void abandon() override {
    if (handle_ == nullptr) return;
    nua_handle_bind(handle_, nullptr);
    nua_handle_destroy(std::exchange(handle_, nullptr));
  }

 private:
  std::string contactUri() const { return stack_.contact(dn_.dn); }
  void send(const char* contact, const char* expires);
  void onNua(nua_event_t event, int status, const char* phrase, const sip_t* sip) override;

  NuaStack& stack_;
  DnCredentials dn_;
  OnAnswer onAnswer_;
  nua_handle_t* handle_ = nullptr;
  std::string callId_;  ///< of the first REGISTER: nua alone would make a new one for each
  std::string credentials_;
  bool authenticated_ = false;  ///< the request under way carries credentials
};

void NuaRegistration::send(const char* contact, const char* expires) {
  const std::string address = nameAddr("", stack_.uri(dn_.dn, dn_.site));
  authenticated_ = false;
  if (handle_ == nullptr)
    handle_ = nua_handle(
        stack_.nua(), reinterpret_cast<nua_hmagic_t*>(static_cast<NuaHandleOwner*>(this)),
        SIPTAG_FROM_STR(address.c_str()), SIPTAG_TO_STR(address.c_str()), TAG_END());
  stack_.bindTo(handle_, stack_.server(dn_.site));
  nua_method(
      handle_, NUTAG_METHOD("REGISTER"), NUTAG_URL(stack_.target("", dn_.site).c_str()),
      NUTAG_DIALOG(0), TAG_IF(contact != nullptr, SIPTAG_CONTACT_STR(contact)),
      TAG_IF(contact == nullptr, SIPTAG_CONTACT(static_cast<const sip_contact_t*>(SIP_NONE))),
      TAG_IF(!callId_.empty(), SIPTAG_CALL_ID_STR(callId_.c_str())),
      TAG_IF(expires != nullptr, SIPTAG_EXPIRES_STR(expires)), TAG_END());
}

void NuaRegistration::onNua(nua_event_t event, int status, const char* phrase, const sip_t* sip) {
  if (event != nua_r_method || status < 200) return;
  if (sip != nullptr && sip->sip_call_id != nullptr) callId_ = sip->sip_call_id->i_id;
  const SipMessage message = readMessage(sip);
  RegistrationMachine::Answer answer;
  answer.status = status >= 900 ? 0 : status;  // 9xx: sofia's own word for "could not send"
  answer.phrase = phrase;
  if (sip != nullptr) stack_.answered(stack_.server(dn_.site));
  // Without a message the status is the stack's own; what it knows of the connection says more.
  if (const auto fault = stack_.connectionFault(); sip == nullptr && !fault.empty()) {
    answer.status = 0;
    answer.phrase = fault;
  }
  answer.granted = grantedExpiry(sip, contactUri());
  answer.minExpires = message.minExpires;
  answer.retryAfter = message.retryAfter;
  if (status == 401 || status == 407) {
    credentials_ = credentialsFor(dn_, sip, &answer.stale);
    // No credentials for this realm: as good as refused ones.
    answer.credentialsSent = authenticated_ || credentials_.empty();
  }
  onAnswer_(answer);
}

}  // namespace

std::unique_ptr<RegistrationPort> makeRegistrationPort(NuaStack& stack, const DnCredentials& dn,
                                                       RegistrationPort::OnAnswer onAnswer) {
  return std::make_unique<NuaRegistration>(stack, dn, std::move(onAnswer));
}

}  // namespace genesys::sip
