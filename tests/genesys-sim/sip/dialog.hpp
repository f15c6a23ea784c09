// What two user agents share about one dialog (RFC 3261 section 12), written the way SIP Server
// writes it. A plain value on the main thread.
#pragma once

#include <string>
#include <vector>

#include "transport/peer.hpp"
#include "wire/dialect.hpp"
#include "wire/sip_message.hpp"

namespace genesys::sim {

struct Dialog {
  std::string callId;
  std::string localValue;  ///< our From value in requests: `sip:1003@ip:5060;tag=…`, unbracketed
  std::string localTag;
  std::string remoteValue;  ///< our To value in requests, verbatim from the peer once it has a tag
  std::string remoteTag;
  std::string target;               ///< request-URI: the peer's Contact
  Peer peer;                        ///< where requests go: the first of the routes, else the target
  std::vector<std::string> routes;  ///< URIs of the proxies that stay in the dialog, ours first
  std::string localContact;         ///< `<sip:1003@ip:5060>`
  std::string callUuid;
  /// The last CSeq of ours: one counter for all methods, hence INVITE 1, NOTIFY 2, re-INVITE 3.
  uint32_t cseq = 0;

  /// A request with dialog fields filled in and the next CSeq; `branch` is the caller's to draw.
  RequestParts request(const std::string& method, const Peer& local, std::string branch);
  /// Takes the proxies that the first request or the 2xx to ours names, ours first.
  void learnRoutes(const std::vector<SipUri>& proxies);
  /// Takes the peer's tag and Contact from a response or a request of the peer.
  void learnRemote(const SipMessage& message, const std::string& remoteHeader,
                   const std::string& tag);
};

}  // namespace genesys::sim
