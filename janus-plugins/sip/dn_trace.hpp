// Which SIP messages belong to DNs that an operator traces, and how they stand in the log: without
// credentials and keys. A value without I/O. SIP loop.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "util/clock.hpp"

namespace genesys::sip {

/// A message as it went over the wire, with LF or CRLF.
struct WireMessage {
  bool sent = false;
  std::string peer;  ///< such as "udp/[192.0.2.81]:5060"
  std::string text;
};

class DnTrace {
 public:
  /// False if as many as may be are traced already.
  bool start(const std::string& dn, MonoTime until, MonoTime now);
  /// False if it was not traced.
  bool stop(const std::string& dn);
  /// Takes out those whose time is over.
  std::vector<std::string> expire(MonoTime now);
  const std::map<std::string, MonoTime>& traced() const { return until_; }

  /// The lines for the log; none if it is of no DN that is traced.
  std::vector<std::string> read(const WireMessage& message, MonoTime now);

 private:
  /// The DN that is named in the start line, From, To or Contact, or whose dialog it is.
  std::string dnOf(std::string_view text, MonoTime now);

  std::map<std::string, MonoTime> until_;       ///< by DN
  std::map<std::string, std::string> dialogs_;  ///< Call-ID to DN
};

/// The lines of a message as they may be seen: what authenticates or encrypts is taken out.
std::vector<std::string> redactedLines(std::string_view message);

}  // namespace genesys::sip
