#include "sip/user_agent.hpp"

#include <utility>

#include "sip/nua_stack.hpp"

namespace genesys::sip {
namespace {

class SofiaUserAgent : public UserAgent {
 public:
  SofiaUserAgent(SofiaLoop& loop, const UserAgentConfig& config, Handlers handlers)
      : stack_(loop, config, std::move(handlers)) {}

  Result<Done> open() { return stack_.open(); }
  std::unique_ptr<RegistrationPort> registrationPort(const DnCredentials& dn,
                                                     RegistrationPort::OnAnswer onAnswer) override {
    return makeRegistrationPort(stack_, dn, std::move(onAnswer));
  }
  std::unique_ptr<Dialog> dialogTo(const DnCredentials& dn, const std::string& target) override {
    return makeOutgoingDialog(stack_, dn, target);
  }
  std::unique_ptr<OutOfDialogRequest> message(const DnCredentials& dn, const std::string& target,
                                              const SipContent& content,
                                              OutOfDialogRequest::OnAnswer onAnswer) override {
    return makeOutOfDialogMessage(stack_, dn, target, content, std::move(onAnswer));
  }
  void admit(unsigned site, const std::vector<ServerTarget>& servers) override {
    stack_.admit(site, servers);
  }
  void trust(const std::vector<std::string>& peers) override { stack_.trust(peers); }
  void setServer(unsigned site, const ServerTarget& server) override {
    stack_.setServer(site, server);
  }
  std::unique_ptr<OutOfDialogRequest> probe(const ServerTarget& server,
                                            OutOfDialogRequest::OnAnswer onAnswer) override {
    return makeProbe(stack_, server, std::move(onAnswer));
  }
  std::unique_ptr<Subscription> subscribe(const DnCredentials& dn, SubscriptionRequest request,
                                          Subscription::OnNews onNews) override {
    return makeSubscription(stack_, dn, std::move(request), std::move(onNews));
  }
  std::string uriOf(const std::string& user, unsigned site) const override {
    return stack_.uri(user, site);
  }
  std::string connectionFault() const override { return stack_.connectionFault(); }
  void tap(std::function<void(const WireMessage&)> onMessage) override {
    stack_.tap(std::move(onMessage));
  }
  uint64_t droppedStrangers() const override { return stack_.droppedStrangers(); }
  uint64_t refusedFlood() const override { return stack_.refusedFlood(); }
  void shutDown(std::function<void()> done) override { stack_.shutDown(std::move(done)); }

 private:
  NuaStack stack_;
};

}  // namespace

Result<std::unique_ptr<UserAgent>> makeUserAgent(SofiaLoop& loop, const UserAgentConfig& config,
                                                 UserAgent::Handlers handlers) {
  auto agent = std::make_unique<SofiaUserAgent>(loop, config, std::move(handlers));
  if (const auto opened = agent->open(); !opened) {
    const std::string reason = opened.error();
    // nua_destroy() insists on a shutdown that has ended: leave the dying agent to the loop.
    auto* dying = agent.release();
    dying->shutDown([dying, &loop] { loop.post([dying] { delete dying; }); });
    return Failure{reason};
  }
  return std::unique_ptr<UserAgent>(std::move(agent));
}

}  // namespace genesys::sip
