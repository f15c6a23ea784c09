// A Dialog over a nua handle. SIP loop.
#include <fmt/format.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>

#include <utility>

#include "sip/address.hpp"
#include "sip/nua_stack.hpp"

namespace genesys::sip {
namespace {

constexpr const char* kSdpType = "application/sdp";
// What the phone understands in an early dialog (dialect, section 3.1).
constexpr const char* kAllowEvents = "talk, hold, dtmf";

class NuaDialog : public Dialog, private NuaHandleOwner {
 public:
  NuaDialog(NuaStack& stack, nua_handle_t* handle, DnCredentials dn, const ServerTarget& server)
      : stack_(stack),
        handle_(handle),
        dn_(std::move(dn)),
        contact_(nameAddr("", stack.contact(dn_.dn))) {
    nua_handle_bind(handle_, reinterpret_cast<nua_hmagic_t*>(static_cast<NuaHandleOwner*>(this)));
    stack.bindTo(handle_, server);
  }
  ~NuaDialog() override {
    // nua goes on with what is under way (a BYE, a 486 that waits for its ACK) without us.
    nua_handle_bind(handle_, nullptr);
    nua_handle_destroy(handle_);
  }

  void setOwner(DialogOwner* owner) override { owner_ = owner; }
  /// The stack refreshes a session by UPDATE if the far end has it. Where it has not, the call does
  /// by a re-INVITE of its own, earlier (session_refresh.hpp): the stack's would repeat an old SDP.
  void refreshByUpdate(bool allowed) {
    nua_set_hparams(handle_, NUTAG_UPDATE_REFRESH(allowed), TAG_END());
  }
  /// From now on a challenge is an answer like any other: a digest is for REGISTER and for the
  /// INVITE that begins a call. By itself the stack would answer the challenge to any later request
  /// with what it was given for that INVITE, or keep the request waiting, and all that come after
  /// it. (A refresh of the session that gets 422 is not repeated either.)
  void answerNoMoreChallenges() {
    if (!std::exchange(answersChallenges_, false)) return;
    nua_set_hparams(handle_, NUTAG_RETRY_COUNT(0), TAG_END());
  }
  void invite(const DialogBody& body) override;
  void respond(int status, const char* phrase, const DialogBody& body) override;
  void respondToUpdate(int status, const char* phrase, const DialogBody& body) override;
  void respondToRefer(int status, const char* phrase) override {
    nua_respond(handle_, status, phrase, NUTAG_WITH_THIS(stack_.nua()), TAG_END());
  }
  void send(const DialogRequest& request) override {
    std::visit([this](const auto& one) { sendOne(one); }, request);
  }
  void cancel() override { nua_cancel(handle_, TAG_END()); }
  void bye(const std::string& reason) override {
    nua_bye(handle_, TAG_IF(!reason.empty(), SIPTAG_REASON_STR(reason.c_str())), TAG_END());
  }

 private:
  void onNua(nua_event_t event, int status, const char* phrase, const sip_t* sip) override;
  void sendOne(const SendInfo& info);
  void sendOne(const SendMessage& message);
  void sendOne(const SendRefer& refer);
  void sendOne(const SendReferProgress& progress);
  void requestAnswered(const char* method, int status, const char* phrase) {
    if (status >= 200) tell(RequestAnswered{method, status >= 900 ? 503 : status, phrase});
  }
  void inviteAnswered(int status, const char* phrase, const sip_t* sip);
  bool authenticate(const sip_t* sip);
  void answerInDialog() {
    nua_respond(handle_, SIP_200_OK, NUTAG_WITH_THIS(stack_.nua()), TAG_END());
  }
  void tell(const DialogEvent& event) {
    if (owner_ != nullptr) owner_->onDialogEvent(event);
  }

  NuaStack& stack_;
  nua_handle_t* handle_;
  DnCredentials dn_;
  std::string contact_;
  DialogOwner* owner_ = nullptr;
  bool answersChallenges_ = true;
  unsigned challenges_ = 0;
};

void NuaDialog::invite(const DialogBody& body) {
  const std::string extra = headerBlock(body.headers);
  nua_invite(handle_, SIPTAG_CONTACT_STR(contact_.c_str()), SIPTAG_ALLOW_EVENTS_STR(kAllowEvents),
             TAG_IF(!extra.empty(), SIPTAG_HEADER_STR(extra.c_str())),
             TAG_IF(!body.sdp.empty(), SIPTAG_CONTENT_TYPE_STR(kSdpType)),
             TAG_IF(!body.sdp.empty(), SIPTAG_PAYLOAD_STR(body.sdp.c_str())), TAG_END());
}

void NuaDialog::respond(int status, const char* phrase, const DialogBody& body) {
  const std::string extra = headerBlock(body.headers);
  nua_respond(handle_, status, phrase, SIPTAG_CONTACT_STR(contact_.c_str()),
              TAG_IF(status < 300, SIPTAG_ALLOW_EVENTS_STR(kAllowEvents)),
              TAG_IF(!extra.empty(), SIPTAG_HEADER_STR(extra.c_str())),
              TAG_IF(!body.sdp.empty(), SIPTAG_CONTENT_TYPE_STR(kSdpType)),
              TAG_IF(!body.sdp.empty(), SIPTAG_PAYLOAD_STR(body.sdp.c_str())), TAG_END());
}

void NuaDialog::respondToUpdate(int status, const char* phrase, const DialogBody& body) {
  const std::string extra = headerBlock(body.headers);
  nua_respond(handle_, status, phrase, NUTAG_WITH_THIS(stack_.nua()),
              SIPTAG_CONTACT_STR(contact_.c_str()),
              TAG_IF(!extra.empty(), SIPTAG_HEADER_STR(extra.c_str())),
              TAG_IF(!body.sdp.empty(), SIPTAG_CONTENT_TYPE_STR(kSdpType)),
              TAG_IF(!body.sdp.empty(), SIPTAG_PAYLOAD_STR(body.sdp.c_str())), TAG_END());
}

void NuaDialog::sendOne(const SendInfo& info) {
  const std::string extra = headerBlock(info.content.headers);
  nua_info(handle_, TAG_IF(!extra.empty(), SIPTAG_HEADER_STR(extra.c_str())),
           SIPTAG_CONTENT_TYPE_STR(info.content.type.c_str()),
           SIPTAG_PAYLOAD_STR(info.content.text.c_str()), TAG_END());
}

void NuaDialog::sendOne(const SendMessage& message) {
  const std::string extra = headerBlock(message.content.headers);
  nua_message(handle_, TAG_IF(!extra.empty(), SIPTAG_HEADER_STR(extra.c_str())),
              SIPTAG_CONTENT_TYPE_STR(message.content.type.c_str()),
              SIPTAG_PAYLOAD_STR(message.content.text.c_str()), TAG_END());
}

void NuaDialog::sendOne(const SendRefer& refer) {
  nua_refer(handle_, SIPTAG_REFER_TO_STR(refer.referTo.c_str()),
            SIPTAG_REFERRED_BY_STR(refer.referredBy.c_str()), TAG_END());
}

void NuaDialog::sendOne(const SendReferProgress& progress) {
  const std::string body = fmt::format("SIP/2.0 {} {}\r\n", progress.status, progress.phrase);
  const bool last = progress.status >= 200;
  nua_notify(handle_, NUTAG_SUBSTATE(last ? nua_substate_terminated : nua_substate_active),
             SIPTAG_EVENT_STR("refer"), SIPTAG_CONTENT_TYPE_STR("message/sipfrag;version=2.0"),
             SIPTAG_PAYLOAD_STR(body.c_str()), TAG_END());
}

bool NuaDialog::authenticate(const sip_t* sip) {
  bool stale = false;
  const std::string credentials = credentialsFor(dn_, sip, &stale);
  if (credentials.empty() || (challenges_ > 0 && !stale) || challenges_ > 2) return false;
  ++challenges_;
  nua_authenticate(handle_, NUTAG_AUTH(credentials.c_str()), TAG_END());
  return true;
}

void NuaDialog::inviteAnswered(int status, const char* phrase, const sip_t* sip) {
  if ((status == 401 || status == 407) && answersChallenges_ && authenticate(sip)) return;
  if (status > 100 && status < 300) answerNoMoreChallenges();
  SipMessage message = readMessage(sip);
  message.status = status;
  message.phrase = phrase;
  tell(InviteAnswered{std::move(message)});
}

void NuaDialog::onNua(nua_event_t event, int status, const char* phrase, const sip_t* sip) {
  if (sip != nullptr && sip->sip_allow != nullptr)
    refreshByUpdate(sip_is_allowed(sip->sip_allow, sip_method_update, nullptr) != 0);
  switch (event) {
    case nua_i_invite:
      return tell(InviteReceived{readMessage(sip)});
    case nua_i_ack:
      return tell(AckReceived{readMessage(sip)});
    case nua_i_cancel:
      return tell(CancelReceived{readMessage(sip)});
    case nua_i_bye:
      return tell(ByeReceived{readMessage(sip)});
    case nua_i_notify:
      answerInDialog();
      return tell(NotifyReceived{readMessage(sip)});
    case nua_i_info:
      answerInDialog();
      return tell(InfoReceived{readMessage(sip)});
    case nua_i_options:  // the dialog is there, whatever else
      return answerInDialog();
    case nua_i_message:
      answerInDialog();
      return tell(MessageReceived{readMessage(sip)});
    case nua_i_refer:
      if (owner_ == nullptr) return respondToRefer(SIP_603_DECLINE);
      return tell(ReferReceived{readMessage(sip)});
    case nua_r_info:
      return requestAnswered("INFO", status, phrase);
    case nua_r_message:
      return requestAnswered("MESSAGE", status, phrase);
    case nua_r_refer:
      return requestAnswered("REFER", status, phrase);
    case nua_i_update:
      return tell(UpdateReceived{readMessage(sip)});
    case nua_i_prack:
      return tell(PrackReceived{readMessage(sip)});
    case nua_r_invite:
      return inviteAnswered(status, phrase, sip);
    case nua_r_bye:
      if (status >= 200) tell(ByeAnswered{status});
      return;
    case nua_i_terminated:
      return tell(DialogTerminated{status, phrase});
    default:
      return;  // nua_i_state and the like tell nothing that the above do not
  }
}

}  // namespace

std::unique_ptr<Dialog> makeIncomingDialog(NuaStack& stack, nua_handle_t* handle,
                                           const SipMessage& invite) {
  auto dialog = std::make_unique<NuaDialog>(
      stack, handle, DnCredentials{invite.requestUser, "", "", "", "", 0}, stack.sender().target);
  if (invite.allows) dialog->refreshByUpdate(invite.allowsUpdate);
  dialog->answerNoMoreChallenges();
  return dialog;
}

std::unique_ptr<Dialog> makeOutgoingDialog(NuaStack& stack, const DnCredentials& dn,
                                           const std::string& target) {
  const std::string from = nameAddr(dn.displayName, stack.uri(dn.dn, dn.site));
  const std::string to = stack.uri(target, dn.site);
  nua_handle_t* handle =
      nua_handle(stack.nua(), nullptr, NUTAG_URL(stack.target(target, dn.site).c_str()),
                 SIPTAG_FROM_STR(from.c_str()), SIPTAG_TO_STR(nameAddr("", to).c_str()),
                 // A digest goes out only where it was asked for, not on every request.
                 NUTAG_AUTH_CACHE(nua_auth_cache_challenged), TAG_END());
  return std::make_unique<NuaDialog>(stack, handle, dn, stack.server(dn.site));
}

}  // namespace genesys::sip
