// What SIP Server does across calls: calls by the desktop, consultation, transfer, conference,
// REFER and Replaces. Main thread.
#pragma once

#include <memory>
#include <string>

#include "call/call_table.hpp"
#include "sip/registrar.hpp"

namespace genesys::sim {

/// How a consultation is completed.
struct Completion {
  std::string consultation;  ///< id of its call
  bool conference = false;   ///< else a transfer
  bool primaryFirst = true;  ///< which of the agent's dialogs ends first in a transfer
  std::string sdp = "none";  ///< of the re-INVITEs, as of ReinviteOptions
};

class Switchboard {
 public:
  using CallResult = Result<std::shared_ptr<Call>>;

  Switchboard(const CallContext& context, CallTable& calls, const Registrar& registrar)
      : context_(context), calls_(calls), registrar_(registrar) {}

  /// A DN as it registered itself, anyone else at our address.
  std::string uriOf(const std::string& user) const;
  /// The desktop of `by` calls a DN or a service number that answers; `flow` of RFC 3725, 1 or 2.
  CallResult makeCall(const std::string& by, const std::string& to, int flow);
  /// A transfer gives the call in which the others go on, or `primary` if nobody of them has a
  /// phone.
  CallResult complete(const std::shared_ptr<Call>& primary, const Completion& how);
  /// REFER to the phone of `dn`; in a call between DNs the other phone gets its BYE at once. The
  /// call in which the phone goes on. `replaces` is a call's id or empty.
  CallResult refer(const std::shared_ptr<Call>& call, const std::string& dn, const std::string& to,
                   const std::string& replaces);
  /// A Replaces header for the dialog of a call with the phone of `dn`: `ofPhone` for the phone
  /// itself to read, else for us.
  Result<std::string> replacesOf(const std::string& callId, const std::string& dn,
                                 bool ofPhone = true) const;

  /// A phone's REFER: transfer, blind or attended.
  void onRefer(Call& call, Leg& leg, const ServerTransactionPtr& request);
  /// A phone's INVITE that takes the place of a dialog.
  void onReplaces(const ServerTransactionPtr& invite, const std::string& replaces);

 private:
  struct Dialogs;  // the agent's, in both calls of a consultation

  template <class Kind>
  std::shared_ptr<Kind> begin(const std::string& from, const std::string& to,
                              const std::string& uuid);
  Result<Dialogs> dialogsOf(const std::shared_ptr<Call>& primary, const std::string& consultation);
  std::shared_ptr<Call> join(FarEnd first, FarEnd second, const std::string& uuid);
  CallResult confer(const Dialogs& dialogs, const std::string& sdp);
  void transferTo(const std::shared_ptr<Call>& call, const std::shared_ptr<Leg>& leg,
                  const std::string& user);
  void transferToDn(const std::shared_ptr<Call>& call, const std::shared_ptr<Leg>& leg,
                    const std::string& dn, const Binding& binding);
  void connected(const std::shared_ptr<Call>& call, const std::shared_ptr<Leg>& leg, Call& target);

  const CallContext& context_;
  CallTable& calls_;
  const Registrar& registrar_;
};

}  // namespace genesys::sim
