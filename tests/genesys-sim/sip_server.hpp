// The stand-in itself: registrar, calls and faults on one SIP address. Main thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "call/call_table.hpp"
#include "call/caller_call.hpp"
#include "media/port_pool.hpp"
#include "sip/registrar.hpp"
#include "sip/transaction_layer.hpp"
#include "switchboard.hpp"

namespace genesys::sim {

/// Spoils the next requests of one method.
struct Fault {
  int status = 0;     ///< answered with it; 0: dropped
  int64_t count = 0;  ///< how many messages; below 0: all until it is lifted
  uint64_t spoilt = 0;
};

class SipServer {
 public:
  struct Settings {
    SipTransport::Settings transport;
    Registrar::Settings registrar;
    std::string mediaIp;
    std::string mediaServerIp;  ///< of music, treatments and the conference bridge
    std::string music;          ///< empty: a hold passes to the held party as it is
    uint16_t firstRtpPort = 20000, lastRtpPort = 24999;
    std::string speechFile;  ///< empty: a tone stands for speech
    std::string recordDirectory;
    Seconds answerAfter{3};
    size_t maxCalls = 500;
    uint64_t seed = 0;
  };

  SipServer(EventLoop& loop, const Settings& settings);
  ~SipServer();
  /// Loads the speech and opens the sockets. The error names file or address.
  Result<Done> open();

  Registrar& registrar() { return registrar_; }
  CallTable& calls() { return calls_; }
  const TransactionLayer& transactions() const { return transactions_; }
  const SourceFactory& sources() const { return sources_; }
  Switchboard& switchboard() { return switchboard_; }
  size_t rtpPortsInUse() const { return ports_.used() + mediaServerPorts_.used(); }

  /// Rings a DN. The error says why it cannot be rung.
  Result<std::shared_ptr<Call>> makeCall(CallerOptions options);
  /// OPTIONS to the Contact of a DN, outside any dialog. Status 0: no answer within 32 s.
  Result<Done> probe(const std::string& dn, std::function<void(int status)> onAnswer);
  /// `method` in upper case; replaces an earlier fault of that method, count 0 lifts it.
  void injectFault(const std::string& method, const Fault& fault);
  const std::map<std::string, Fault>& faults() const { return faults_; }

 private:
  bool intercept(const SipMessage& request, const Peer& from);
  void onRequest(const ServerTransactionPtr& request);
  void onInvite(const ServerTransactionPtr& invite);
  void connect(const ServerTransactionPtr& invite, const std::string& from,
               const std::string& dialled);
  bool usesMediaServer() const { return settings_.mediaServerIp != settings_.mediaIp; }

  EventLoop& loop_;
  Settings settings_;
  Identifiers ids_;
  TransactionLayer transactions_;
  Registrar registrar_;
  PortPool ports_;
  PortPool mediaServerPorts_;  // unused when the media server's address is the callers'
  SourceFactory sources_;
  std::map<std::string, Fault> faults_;
  CallContext callContext_;
  CallTable calls_;
  Switchboard switchboard_;
};

}  // namespace genesys::sim
