#include "plugin/call_ledger.hpp"

#include <utility>

#include "sip/address.hpp"
#include "util/overloaded.hpp"

namespace genesys::plugin {
namespace {

// A call within this gateway has one Call-ID and two records.
std::string keyOf(bool outgoing, const sip::CallFacts& facts) {
  return outgoing ? "out " + facts.id : "in " + facts.sipCallId;
}

}  // namespace

/// A dialog that is listened to on its way.
class CallLedger::Watched : public sip::Dialog, private sip::DialogOwner {
 public:
  Watched(CallLedger& ledger, std::string key, std::unique_ptr<sip::Dialog> dialog)
      : ledger_(ledger), key_(std::move(key)), dialog_(std::move(dialog)) {}
  ~Watched() override {
    dialog_->setOwner(nullptr);
    ledger_.close(key_);
  }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  void setOwner(sip::DialogOwner* owner) override {
    owner_ = owner;
    dialog_->setOwner(owner != nullptr ? this : nullptr);
  }
  void invite(const sip::DialogBody& body) override { dialog_->invite(body); }
  void respond(int status, const char* phrase, const sip::DialogBody& body) override {
    CallRecord& record = recordOf();
    record.responded(status, ledger_.since(record));
    dialog_->respond(status, phrase, body);
  }
  void respondToUpdate(int status, const char* phrase, const sip::DialogBody& body) override {
    dialog_->respondToUpdate(status, phrase, body);
  }
  void respondToRefer(int status, const char* phrase) override {
    dialog_->respondToRefer(status, phrase);
  }
  void send(const sip::DialogRequest& request) override { dialog_->send(request); }
  void cancel() override {
    recordOf().cancelled = true;
    dialog_->cancel();
  }
  void bye(const std::string& reason) override {
    over(CallRecord::Side::Here);
    dialog_->bye(reason);
  }

 private:
  CallRecord& recordOf() { return ledger_.open_.at(key_); }

  void over(CallRecord::Side by) {
    CallRecord& record = recordOf();
    if (record.endedBy == CallRecord::Side::Nobody) record.endedBy = by;
    record.endedAt(ledger_.since(record));
  }

  void onDialogEvent(const sip::DialogEvent& event) override {
    CallRecord& record = recordOf();
    const Millis since = ledger_.since(record);
    std::visit(Overloaded{[&](const sip::InviteAnswered& e) {
                            if (record.sipCallId.empty()) record.sipCallId = e.message.callId;
                            record.responded(e.message.status, since);
                          },
                          [&](const sip::CancelReceived&) {
                            record.cancelled = record.code == 0;
                            record.responded(487, since);  // which the stack has sent
                          },
                          [&](const sip::ByeReceived&) { over(CallRecord::Side::FarEnd); },
                          [&](const sip::DialogTerminated& e) {
                            if (e.status >= 300 && e.status < 700)
                              record.responded(e.status, since);
                            record.endedAt(since);
                          },
                          [](const auto&) {}},
               event);
    // Its owner may destroy this dialog, but not within the call.
    if (owner_ != nullptr) owner_->onDialogEvent(event);
  }

  CallLedger& ledger_;
  const std::string key_;
  std::unique_ptr<sip::Dialog> dialog_;
  sip::DialogOwner* owner_ = nullptr;
};

std::unique_ptr<sip::Dialog> CallLedger::incoming(std::unique_ptr<sip::Dialog> dialog,
                                                  const sip::SipMessage& invite,
                                                  const std::string& dn) {
  CallRecord record;
  record.dn = dn;
  record.caller = sip::userOf(invite.fromUri);
  record.called = invite.requestUser;
  record.sipCallId = invite.callId;
  record.uuid = invite.header("X-Genesys-CallUUID");
  return open(std::move(dialog), "in " + invite.callId, std::move(record));
}

std::unique_ptr<sip::Dialog> CallLedger::outgoing(std::unique_ptr<sip::Dialog> dialog,
                                                  const std::string& dn,
                                                  const sip::CallFacts& facts) {
  CallRecord record;
  record.outgoing = true;
  record.dn = dn;
  record.caller = dn;
  record.called = sip::userOf(facts.peerUri);
  record.callId = facts.id;
  return open(std::move(dialog), keyOf(true, facts), std::move(record));
}

std::unique_ptr<sip::Dialog> CallLedger::open(std::unique_ptr<sip::Dialog> dialog, std::string key,
                                              CallRecord record) {
  record.started = std::chrono::system_clock::now();
  record.begun = scheduler_.now();
  while (open_.contains(key)) key += "'";  // a Call-ID that comes twice at once
  open_.emplace(key, std::move(record));
  return std::make_unique<Watched>(*this, std::move(key), std::move(dialog));
}

// Of a call that rings at several DNs each one tells its end: whoever has answered counts.
void CallLedger::hungUp(const sip::Call& call, const sip::CallNews& news, Ending ending) {
  const sip::CallFacts& facts = call.facts();
  const auto found = open_.find(keyOf(facts.outgoing, facts));
  if (found == open_.end()) return;
  CallRecord& record = found->second;
  if (record.answered && !record.ended) return;  // somebody else has answered, and talks
  record.dn = std::move(ending.dn);
  record.callId = facts.id;
  if (!facts.uuid.empty()) record.uuid = facts.uuid;
  record.toldCode = news.code;
  record.reason = news.reason;
  record.sipCodec = std::move(ending.sipCodec);
  record.browserCodec = std::move(ending.browserCodec);
  record.audio = ending.audio;
}

void CallLedger::close(const std::string& key) {
  auto node = open_.extract(key);
  CallRecord& record = node.mapped();
  record.endedAt(since(record));
  if (onClosed_) onClosed_(record);
}

Millis CallLedger::since(const CallRecord& record) const {
  return std::chrono::duration_cast<Millis>(scheduler_.now() - record.begun);
}

}  // namespace genesys::plugin
