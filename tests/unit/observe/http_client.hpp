// Sends octets to a port of loopback and reads what comes until the other side closes.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <string>

#include "util/unique_fd.hpp"

namespace genesys::observe::test {

/// What is answered to `octets`; "" if nothing came or nobody listens.
inline std::string answerTo(uint16_t port, const std::string& octets) {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval limit{10, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) return {};
  if (::send(fd.get(), octets.data(), octets.size(), MSG_NOSIGNAL) < 0) return {};
  std::string answer;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = ::recv(fd.get(), buffer.data(), buffer.size(), 0)) > 0;)
    answer.append(buffer.data(), static_cast<size_t>(got));
  return answer;
}

/// The answer to a request; `more`: header lines, each with its line end.
inline std::string request(uint16_t port, const std::string& line, const std::string& more = "") {
  return answerTo(port, line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + more + "\r\n");
}

}  // namespace genesys::observe::test
