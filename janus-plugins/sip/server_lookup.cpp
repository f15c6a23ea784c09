#include "sip/server_lookup.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "util/log.hpp"

namespace genesys::sip {
namespace {

bool ranksBefore(const LocatedServer& a, const LocatedServer& b) {
  const auto key = [](const LocatedServer& s) {
    return std::tie(s.priority, s.target.address, s.target.port, s.weight);
  };
  return key(a) < key(b);
}

/// RFC 2782's draw: each next one with a chance in proportion to its weight.
void draw(std::vector<LocatedServer>& group, std::vector<ServerTarget>& out, Random& random) {
  uint64_t total = 0;
  for (const auto& server : group) total += server.weight;
  while (total > 0) {
    uint64_t left = random.between(1, total);
    const auto chosen = std::ranges::find_if(group, [&left](const LocatedServer& server) {
      if (server.weight >= left) return true;
      left -= server.weight;
      return false;
    });
    total -= chosen->weight;
    out.push_back(std::move(chosen->target));
    group.erase(chosen);
  }
  for (auto& server : group) out.push_back(std::move(server.target));
}

}  // namespace

std::vector<ServerTarget> inOrder(std::vector<LocatedServer> servers, Random& random) {
  std::ranges::sort(servers, ranksBefore);
  std::vector<ServerTarget> ordered;
  for (auto first = servers.begin(); first != servers.end();) {
    const auto last = std::find_if(first, servers.end(), [&](const auto& server) {
      return server.priority != first->priority;
    });
    std::vector<LocatedServer> group(std::make_move_iterator(first), std::make_move_iterator(last));
    draw(group, ordered, random);
    first = last;
  }
  return ordered;
}

std::vector<LocatedServer> ServerLookup::operator()() {
  if (!question_.service.empty()) {
    auto services = dns_.services(question_.service + question_.host);
    if (services) lastServices_ = std::move(*services);
  }
  std::vector<LocatedServer> found;
  for (const SrvRecord& record : lastServices_) {
    if (record.target.empty() || record.target == ".") continue;
    for (const auto& address : addressesOf(record.target))
      found.push_back({record.priority, record.weight, {address, record.port}});
  }
  if (lastServices_.empty())
    for (const auto& address : addressesOf(question_.host))
      found.push_back({0, 0, {address, question_.port}});
  std::ranges::sort(found, ranksBefore);
  return found;
}

std::vector<std::string> ServerLookup::addressesOf(const std::string& host) {
  std::vector<std::string>& last = lastAddresses_[host];
  auto found = dns_.addresses(host);
  if (!found.empty()) last = std::move(found);
  return last;
}

}  // namespace genesys::sip
