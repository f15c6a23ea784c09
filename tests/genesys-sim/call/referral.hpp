// A REFER of ours and what the phone has said of it (RFC 3515). A plain value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/sip_message.hpp"

namespace genesys::sim {

struct Referral {
  std::string referTo;        ///< as it stood in Refer-To
  int status = 0;             ///< of the answer to REFER; 0: none yet
  std::vector<int> progress;  ///< statuses in the sipfrags, in the order they came
  bool over = false;          ///< the subscription was terminated

  /// A NOTIFY of the phone; true if it belongs to a REFER.
  bool read(const SipMessage& notify);
  bool succeeded() const { return over && !progress.empty() && progress.back() / 100 == 2; }
};

/// Refer-To or Replaces of the phone: whom it means. Nothing if there is no SIP URI with a user.
struct ReferTarget {
  std::string user;
  std::string replaces;  ///< unescaped value of the header in the URI, empty if none
};
std::optional<ReferTarget> parseReferTo(const std::string& value);

/// `call-id;to-tag=…;from-tag=…` (RFC 3891).
struct ReplacesValue {
  std::string callId, toTag, fromTag;
};
ReplacesValue parseReplaces(const std::string& value);
std::string unescapeUri(std::string_view text);
/// With what may not stand in a URI's header escaped.
std::string escapeForUri(const std::string& text);

}  // namespace genesys::sim
