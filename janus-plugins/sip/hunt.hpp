// One incoming call that rings at several DNs: the caller's dialog, and for each DN that rings a
// dialog of its own within the gateway, of which the first that is answered becomes the caller's.
// SIP loop.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sip/dialog.hpp"
#include "sip/hunt_machine.hpp"
#include "util/scheduler.hpp"

namespace genesys::sip {

class Hunt : private DialogOwner {
 public:
  struct Member {
    std::string dn;
    /// Offers the INVITE to the DN, which answers it through the dialog that it gets.
    std::function<void(std::unique_ptr<Dialog>, const SipMessage&)> invite;
  };
  struct Order {
    bool inTurn = false;
    Millis turn{20000};
  };

  /// `onOver`: nothing is left for it to do. It may be called from start(); destroy the hunt then,
  /// but not within the call.
  Hunt(Scheduler& scheduler, Order order, std::vector<Member> members,
       std::unique_ptr<Dialog> caller, SipMessage invite, std::function<void()> onOver);
  ~Hunt() override;
  Hunt(const Hunt&) = delete;
  Hunt& operator=(const Hunt&) = delete;

  void start() { handle(HuntMachine::Start{}); }
  /// Nobody rings any more, and the caller gets `status`.
  void giveUp(int status) { handle(HuntMachine::GiveUp{status}); }

 private:
  class Leg;
  /// What a member has answered with; lives as long as the call that reports it.
  struct Answer {
    int status;
    const char* phrase;
    const DialogBody& body;
  };

  void onDialogEvent(const DialogEvent& event) override;
  void responded(size_t member, const Answer& answer);
  void handle(const HuntMachine::Event& event);
  void perform(const HuntMachine::Action& action);
  void ring(size_t member);
  void connect(size_t member);
  void stopRinging(const HuntMachine::StopRinging& stop);

  Scheduler& scheduler_;
  std::vector<Member> members_;
  HuntMachine machine_;
  std::unique_ptr<Dialog> caller_;  ///< until somebody answers
  SipMessage invite_;
  std::function<void()> onOver_;
  std::vector<Leg*> legs_;          ///< by member; owned by the DNs' calls
  const Answer* answer_ = nullptr;  ///< being reported
  std::string answeredBy_;          ///< DN
  bool ringsToCaller_ = true;       ///< a 180 may be sent
  std::string callersReason_;       ///< Reason of the caller's CANCEL
  Timer timer_;
};

}  // namespace genesys::sip
