// Where a SIP Server configured by name is: SRV records (RFC 2782, RFC 3263 section 4.2) or,
// without any, addresses. Each name's last good answer stays when DNS fails (security rule 10).
// Blocks: for the resolver's thread alone.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sip/server_list.hpp"
#include "util/random.hpp"

namespace genesys::sip {

struct SrvRecord {
  unsigned priority = 0;  ///< lower is better
  unsigned weight = 0;    ///< share of those of one priority
  uint16_t port = 0;
  std::string target;  ///< "" or ".": no such service here
};

/// A server with its rank. Addresses of one name have the same rank.
struct LocatedServer {
  unsigned priority = 0;
  unsigned weight = 0;
  ServerTarget target;
  bool operator==(const LocatedServer&) const = default;
};

/// By priority; within one, records with a weight come first, drawn at random by it, and the others
/// behind them as they stand.
std::vector<ServerTarget> inOrder(std::vector<LocatedServer> servers, Random& random);

/// Questions to DNS.
struct Dns {
  /// nullopt if there was no answer; empty if there is no such record.
  std::function<std::optional<std::vector<SrvRecord>>(const std::string& name)> services;
  /// IP literals; none if there was no answer or there are none.
  std::function<std::vector<std::string>(const std::string& host)> addresses;
};

/// The machine's resolver. `family`: AF_INET or AF_INET6, the only addresses asked for.
Dns systemDns(int family);

class ServerLookup {
 public:
  struct Question {
    std::string host;
    uint16_t port = 5060;  ///< of addresses that no SRV record names
    std::string service;   ///< such as "_sip._udp."; "": no SRV records are asked for
  };

  ServerLookup(Question question, Dns dns) : question_(std::move(question)), dns_(std::move(dns)) {}

  /// Every server known now, sorted; none if nothing has ever been known.
  std::vector<LocatedServer> operator()();

 private:
  std::vector<std::string> addressesOf(const std::string& host);

  Question question_;
  Dns dns_;
  std::vector<SrvRecord> lastServices_;
  std::map<std::string, std::vector<std::string>> lastAddresses_;  ///< by host
};

}  // namespace genesys::sip
