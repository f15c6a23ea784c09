#include "plugin/call_hosts.hpp"

#include <algorithm>

namespace genesys::plugin {

void CallHosts::removeHelper(PageId page) {
  std::erase(helpers_, page);
  std::erase_if(hosts_, [page](const auto& hosted) { return hosted.second == page; });
}

bool CallHosts::isHelper(PageId page) const {
  return std::find(helpers_.begin(), helpers_.end(), page) != helpers_.end();
}

Host CallHosts::freeHelper() const {
  for (const PageId page : helpers_)
    if (std::none_of(hosts_.begin(), hosts_.end(),
                     [page](const auto& hosted) { return hosted.second == page; }))
      return page;
  return std::nullopt;
}

void CallHosts::assign(const std::string& callId, Host host) {
  if (host)
    hosts_[callId] = *host;
  else
    hosts_.erase(callId);
}

Host CallHosts::hostOf(const std::string& callId) const {
  const auto hosted = hosts_.find(callId);
  return hosted == hosts_.end() ? Host() : Host(hosted->second);
}

}  // namespace genesys::plugin
