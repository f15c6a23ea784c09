#include "sdp/scan.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <string>

namespace genesys::sdp {

std::string_view nextWord(std::string_view& rest) {
  const size_t start = std::min(rest.find_first_not_of(' '), rest.size());
  const size_t end = std::min(rest.find(' ', start), rest.size());
  const std::string_view word = rest.substr(start, end - start);
  rest.remove_prefix(end);
  return word;
}

bool isToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c > 0x20 && c < 0x7f &&
           std::string_view("\"(),/:;<=>?@[\\]").find(c) == std::string_view::npos;
  });
}

Halves split(std::string_view text, char separator) {
  const size_t at = text.find(separator);
  if (at == std::string_view::npos) return {text, {}};
  return {text.substr(0, at), text.substr(at + 1)};
}

bool isUnicastLiteral(std::string_view text, bool version6) {
  const std::string literal(text);
  if (version6) {
    in6_addr address{};
    return inet_pton(AF_INET6, literal.c_str(), &address) == 1 && !IN6_IS_ADDR_MULTICAST(&address);
  }
  in_addr address{};
  if (inet_pton(AF_INET, literal.c_str(), &address) != 1) return false;
  const uint32_t bits = ntohl(address.s_addr);
  return !IN_MULTICAST(bits) && bits != INADDR_BROADCAST;
}

}  // namespace genesys::sdp
