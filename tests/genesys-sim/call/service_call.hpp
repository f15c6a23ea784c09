// A call of a phone to one of the numbers that people can hear. Main thread.
#pragma once

#include <string_view>

#include "call/media_call.hpp"

namespace genesys::sim {

enum class ServiceBehaviour {
  Answer,
  Record,
  Busy,
  NoAnswer,
  Forbidden,
  EarlyMedia,
  LateAnswer,
  Elsewhere
};

struct ServiceNumber {
  const char* number;
  const char* name;
  ServiceBehaviour behaviour;
  const char* play;  ///< as in POST /calls
};
/// Every service number, the last of an empty number.
const std::vector<ServiceNumber>& serviceNumbers();
/// `9014` and `9014*5`: what follows the star is seconds, of 9016 a port. Null for no service.
const ServiceNumber* findService(std::string_view dialled);

class ServiceCall : public MediaCall {
 public:
  ServiceCall(const CallContext& context, std::string id, const ServiceNumber& service,
              const std::string& from, const std::string& dialled);
  void start(const ServerTransactionPtr& invite);

  void onProgress(Leg&, const SipMessage&) override {}
  void onAnswer(Leg&, const SipMessage&) override {}

 private:
  void proceed();
  void answerNow();
  std::string recordPath() const;

  const ServiceNumber& service_;
  Millis delay_;
  std::string sdp_;  // our answer, or our offer when the INVITE had none
  Timer answerTimer_;
};

}  // namespace genesys::sim
