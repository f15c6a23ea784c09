#include "plugin/header_list.hpp"

#include <algorithm>

#include "util/text.hpp"

namespace genesys::plugin {

bool allows(const std::vector<std::string>& list, std::string_view name) {
  return std::any_of(list.begin(), list.end(), [&](std::string_view entry) {
    if (entry.ends_with('*')) return startsWithIgnoreCase(name, entry.substr(0, entry.size() - 1));
    return equalsIgnoreCase(entry, name);
  });
}

api::Headers selectHeaders(const std::vector<sip::SipHeader>& headers,
                           const std::vector<std::string>& list) {
  api::Headers selected;
  for (const sip::SipHeader& header : headers)
    if (allows(list, header.name)) selected.emplace(header.name, header.value);
  return selected;
}

std::vector<sip::SipHeader> toSip(const api::Headers& headers) {
  std::vector<sip::SipHeader> list;
  for (const auto& [name, value] : headers) list.push_back({name, value});
  return list;
}

}  // namespace genesys::plugin
