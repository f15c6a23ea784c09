// Keeps a record of every INVITE outside of a dialog, in either direction, from its coming to the
// end of its dialog, and hands it over once. It watches the dialog itself, so that no way of
// ending a call can be forgotten. SIP loop.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "plugin/call_record.hpp"
#include "sip/call.hpp"
#include "util/scheduler.hpp"

namespace genesys::plugin {

class CallLedger {
 public:
  using OnClosed = std::function<void(const CallRecord&)>;

  /// `scheduler` outlives it, and it outlives every dialog that it has watched.
  CallLedger(const Scheduler& scheduler, OnClosed onClosed)
      : scheduler_(scheduler), onClosed_(std::move(onClosed)) {}

  /// `dn`: the DN that the INVITE is for, "" if there is none. What comes back is to be used
  /// instead of `dialog`.
  std::unique_ptr<sip::Dialog> incoming(std::unique_ptr<sip::Dialog> dialog,
                                        const sip::SipMessage& invite, const std::string& dn);
  std::unique_ptr<sip::Dialog> outgoing(std::unique_ptr<sip::Dialog> dialog, const std::string& dn,
                                        const sip::CallFacts& facts);

  /// What a DN knows of a call when it is over for the agent.
  struct Ending {
    std::string dn;
    std::string sipCodec;
    std::string browserCodec;
    std::optional<media::LegCounters> audio;
  };
  void hungUp(const sip::Call& call, const sip::CallNews& news, Ending ending);

 private:
  class Watched;

  std::unique_ptr<sip::Dialog> open(std::unique_ptr<sip::Dialog> dialog, std::string key,
                                    CallRecord record);
  void close(const std::string& key);
  Millis since(const CallRecord& record) const;

  const Scheduler& scheduler_;
  OnClosed onClosed_;
  std::map<std::string, CallRecord> open_;
};

}  // namespace genesys::plugin
