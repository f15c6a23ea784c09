// SIP Server in memory: dialogs and REGISTER ports that remember what was sent through them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sip/call.hpp"
#include "sip/user_agent.hpp"

namespace genesys::sip::test {

/// What went out through a FakeDialog; outlives it.
struct Wire {
  struct Sent {
    std::string what;  ///< "INVITE", "CANCEL", "BYE", "200", "180", ...
    DialogBody body;
  };
  std::vector<Sent> sent;
  DialogOwner* owner = nullptr;

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& one : sent) names.push_back(one.what);
    return names;
  }
  void receive(const DialogEvent& event) const {
    if (owner != nullptr) owner->onDialogEvent(event);
  }
};

class FakeDialog : public Dialog {
 public:
  explicit FakeDialog(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}
  void setOwner(DialogOwner* owner) override { wire_->owner = owner; }
  void invite(const DialogBody& body) override { wire_->sent.push_back({"INVITE", body}); }
  void respond(int status, const char*, const DialogBody& body) override {
    wire_->sent.push_back({std::to_string(status), body});
  }
  void respondToUpdate(int status, const char*, const DialogBody& body) override {
    wire_->sent.push_back({"UPDATE " + std::to_string(status), body});
  }
  void respondToRefer(int status, const char*) override {
    wire_->sent.push_back({"REFER " + std::to_string(status), {}});
  }
  void send(const DialogRequest& request) override {
    if (const auto* info = std::get_if<SendInfo>(&request))
      wire_->sent.push_back({"INFO", {info->content.text, {{"Content-Type", info->content.type}}}});
    if (const auto* message = std::get_if<SendMessage>(&request))
      wire_->sent.push_back({"MESSAGE", {message->content.text, {}}});
    if (const auto* refer = std::get_if<SendRefer>(&request))
      wire_->sent.push_back(
          {"REFER", {"", {{"Refer-To", refer->referTo}, {"Referred-By", refer->referredBy}}}});
    if (const auto* progress = std::get_if<SendReferProgress>(&request))
      wire_->sent.push_back({"NOTIFY " + std::to_string(progress->status), {}});
  }
  void cancel() override { wire_->sent.push_back({"CANCEL", {}}); }
  void bye(const std::string& reason) override {
    wire_->sent.push_back({"BYE", {"", {{"Reason", reason}}}});
  }

 private:
  std::shared_ptr<Wire> wire_;
};

struct AudioLog {
  std::vector<sdp::Agreed> applied;
  bool open = true;
};

class FakeAudio : public CallAudio {
 public:
  explicit FakeAudio(std::shared_ptr<AudioLog> log) : log_(std::move(log)) {}
  ~FakeAudio() override { log_->open = false; }
  uint16_t localPort() const override { return 30000; }
  void apply(const sdp::Agreed& agreed) override { log_->applied.push_back(agreed); }

 private:
  std::shared_ptr<AudioLog> log_;
};

class FakePort : public RegistrationPort {
 public:
  FakePort(std::vector<std::string>& sent, OnAnswer onAnswer)
      : sent_(sent), onAnswer_(std::move(onAnswer)) {}
  void sendRegister(Seconds expires) override {
    sent_.push_back("REGISTER " + std::to_string(expires.count()));
  }
  void sendQuery() override { sent_.push_back("QUERY"); }
  void authenticate() override { sent_.push_back("AUTHENTICATE"); }
  void abandon() override { sent_.push_back("ABANDON"); }
  void setCredentials(const DnCredentials& dn) override { password = dn.password; }
  std::string password;
  void answer(const RegistrationMachine::Answer& answer) const { onAnswer_(answer); }

 private:
  std::vector<std::string>& sent_;
  OnAnswer onAnswer_;
};

class FakeSubscription : public Subscription {
 public:
  explicit FakeSubscription(std::vector<std::string>& log) : log_(log) {}
  ~FakeSubscription() override { log_.push_back("ended"); }
  void refresh(Seconds ttl) override { log_.push_back("refresh " + std::to_string(ttl.count())); }

 private:
  std::vector<std::string>& log_;
};

class FakeUserAgent : public UserAgent {
 public:
  std::unique_ptr<RegistrationPort> registrationPort(const DnCredentials& dn,
                                                     RegistrationPort::OnAnswer onAnswer) override {
    auto port =
        std::make_unique<FakePort>(dn.site == 0 ? registers : secondRegisters, std::move(onAnswer));
    (dn.site == 0 ? this->port : secondPort) = port.get();
    return port;
  }
  std::unique_ptr<Dialog> dialogTo(const DnCredentials& dn, const std::string&) override {
    return std::make_unique<FakeDialog>(dn.site == 0 ? wire : secondWire);
  }
  std::unique_ptr<OutOfDialogRequest> message(const DnCredentials&, const std::string& target,
                                              const SipContent& content,
                                              OutOfDialogRequest::OnAnswer onAnswer) override {
    messages.push_back(target + ": " + content.text);
    messageAnswered = std::move(onAnswer);
    return nullptr;
  }
  void admit(unsigned, const std::vector<ServerTarget>&) override {}
  void trust(const std::vector<std::string>& peers) override { trusted = peers; }
  void setServer(unsigned site, const ServerTarget& server) override {
    (site == 0 ? servers : secondServers).push_back(server);
  }
  std::unique_ptr<OutOfDialogRequest> probe(const ServerTarget& server,
                                            OutOfDialogRequest::OnAnswer onAnswer) override {
    probes.emplace_back(server, std::move(onAnswer));
    return nullptr;
  }
  std::unique_ptr<Subscription> subscribe(const DnCredentials&, SubscriptionRequest request,
                                          Subscription::OnNews onNews) override {
    subscriptions.push_back(request.event + " of " + request.target + ", " +
                            std::to_string(request.ttl.count()) + " s");
    subscriptionNews = std::move(onNews);
    return std::make_unique<FakeSubscription>(subscriptions);
  }
  std::string uriOf(const std::string& user, unsigned site) const override {
    return "sip:" + user + (site == 0 ? "@server" : "@second");
  }
  std::string connectionFault() const override { return fault; }
  void tap(std::function<void(const WireMessage&)> onMessage) override {
    tapped = std::move(onMessage);
  }
  uint64_t droppedStrangers() const override { return 0; }
  uint64_t refusedFlood() const override { return 0; }
  void shutDown(std::function<void()> done) override { done(); }

  std::string fault;
  std::vector<std::string> trusted;
  std::function<void(const WireMessage&)> tapped;
  std::vector<std::string> registers;
  std::vector<std::string> messages;
  std::vector<std::string> subscriptions;
  Subscription::OnNews subscriptionNews;
  OutOfDialogRequest::OnAnswer messageAnswered;
  std::vector<ServerTarget> servers;
  std::vector<std::pair<ServerTarget, OutOfDialogRequest::OnAnswer>> probes;
  FakePort* port = nullptr;  ///< the latest
  // The same of the second site.
  std::vector<std::string> secondRegisters;
  std::vector<ServerTarget> secondServers;
  FakePort* secondPort = nullptr;
  std::shared_ptr<Wire> secondWire = std::make_shared<Wire>();
  std::shared_ptr<Wire> wire = std::make_shared<Wire>();
};

inline const char* const kOffer =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
    "m=audio 40000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\n";

inline SipMessage request(std::string body = "", std::string type = "application/sdp") {
  SipMessage message;
  message.fromUri = "sip:5551234@server";
  message.toUri = "sip:7001@server";
  message.requestUser = "7001";
  message.callId = "A-1@server";
  if (!body.empty()) message.contentType = std::move(type);
  message.body = std::move(body);
  return message;
}

inline SipMessage response(int status, std::string body = "") {
  SipMessage message = request(std::move(body));
  message.status = status;
  message.phrase = "Phrase";
  return message;
}

}  // namespace genesys::sip::test
