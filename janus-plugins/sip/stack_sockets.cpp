#include "sip/stack_sockets.hpp"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cstdlib>
#include <memory>

namespace genesys::sip {
namespace {

struct DirClose {
  void operator()(DIR* dir) const { closedir(dir); }
};

std::optional<ServerTarget> addressOf(const sockaddr_storage& storage) {
  char text[INET6_ADDRSTRLEN] = "";
  uint16_t port = 0;
  if (storage.ss_family == AF_INET) {
    const auto* in = reinterpret_cast<const sockaddr_in*>(&storage);
    inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
    port = ntohs(in->sin_port);
  } else if (storage.ss_family == AF_INET6) {
    const auto* in6 = reinterpret_cast<const sockaddr_in6*>(&storage);
    inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof text);
    port = ntohs(in6->sin6_port);
  } else {
    return std::nullopt;
  }
  return ServerTarget{text, port};
}

std::optional<StackSocket> socketOf(int fd, const std::string& address) {
  sockaddr_storage name{};
  socklen_t length = sizeof name;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&name), &length) != 0) return std::nullopt;
  const auto local = addressOf(name);
  if (!local || local->address != address) return std::nullopt;
  StackSocket socket;
  socket.fd = fd;
  socket.localPort = local->port;
  struct stat status {};
  if (fstat(fd, &status) == 0) socket.inode = status.st_ino;
  int type = 0;
  length = sizeof type;
  socket.stream = getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_STREAM;
  length = sizeof name;
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&name), &length) == 0)
    socket.peer = addressOf(name);
  return socket;
}

}  // namespace

std::vector<StackSocket> socketsAt(const std::string& address) {
  std::vector<StackSocket> found;
  const std::unique_ptr<DIR, DirClose> dir(opendir("/proc/self/fd"));
  if (!dir) return found;
  while (const dirent* entry = readdir(dir.get())) {
    const int fd = std::atoi(entry->d_name);
    if (fd <= 2) continue;
    if (auto socket = socketOf(fd, address)) found.push_back(std::move(*socket));
  }
  return found;
}

}  // namespace genesys::sip
