// Which of an agent's pages each call of a DN belongs to: the page that signed in, or one of its
// helpers, which a client of Janus's SIP plugin opens for further calls with a PeerConnection of
// their own. A value without I/O; SIP loop.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugin/dn_ownership.hpp"

namespace genesys::plugin {

/// None: the page that signed in.
using Host = std::optional<PageId>;

class CallHosts {
 public:
  void addHelper(PageId page) { helpers_.push_back(page); }
  /// Its calls belong to the page that signed in from now on: nothing is lost.
  void removeHelper(PageId page);
  bool isHelper(PageId page) const;
  const std::vector<PageId>& helpers() const { return helpers_; }
  /// Without a call.
  Host freeHelper() const;

  void assign(const std::string& callId, Host host);
  void ended(const std::string& callId) { hosts_.erase(callId); }
  Host hostOf(const std::string& callId) const;

 private:
  std::vector<PageId> helpers_;          ///< in order of sign-in
  std::map<std::string, PageId> hosts_;  ///< by call id
};

}  // namespace genesys::plugin
