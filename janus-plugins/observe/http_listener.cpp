#include "observe/http_listener.hpp"

#include <fmt/format.h>
#include <microhttpd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "util/log.hpp"
#include "util/socket_address.hpp"

namespace genesys::observe {
namespace {

constexpr unsigned kMaxConnections = 64;
constexpr unsigned kIdleSeconds = 30;
// Request line and headers of one connection, answers' headers too: a token has 8 KiB at most.
constexpr size_t kConnectionMemory = 32768;

MHD_Result send(MHD_Connection* connection, const HttpAnswer& answer) {
  MHD_Response* response = MHD_create_response_from_buffer(
      answer.body.size(), const_cast<char*>(answer.body.data()), MHD_RESPMEM_MUST_COPY);
  if (response == nullptr) return MHD_NO;
  if (!answer.body.empty())
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer.type.c_str());
  MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
  for (const auto& [name, value] : answer.headers)
    MHD_add_response_header(response, name.c_str(), value.c_str());
  const MHD_Result queued = MHD_queue_response(connection, answer.status, response);
  MHD_destroy_response(response);
  return queued;
}

}  // namespace

struct HttpListener::Border {
  /// First called with the headers alone, then for each part of a body, then to be answered.
  static MHD_Result access(void* self, MHD_Connection* connection, const char* path,
                           const char* method, const char*, const char*, size_t* uploadSize,
                           void** state) {
    static char seen;
    const bool known = std::string_view(method) == "GET" || std::string_view(method) == "HEAD";
    if (!known)
      return send(connection, {405, "text/plain", "GET or HEAD\n", {{"Allow", "GET, HEAD"}}});
    if (*state == nullptr) {
      *state = &seen;
      return MHD_YES;
    }
    if (*uploadSize > 0) return MHD_NO;
    const char* authorization =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);
    const HttpRequest request{path, authorization != nullptr ? authorization : ""};
    return send(connection, static_cast<HttpListener*>(self)->handled(request));
  }
  // Its own words may repeat what was sent, a token among it: they are not logged.
  static void quiet(void*, const char*, va_list) {}
};

HttpAnswer HttpListener::handled(const HttpRequest& request) const {
  try {
    return handler_(request);
  } catch (const std::exception& error) {  // none may unwind through libmicrohttpd
    logError("http {}: {}", request.path, error.what());
    return {500, "text/plain", "internal error\n", {}};
  }
}

Result<std::unique_ptr<HttpListener>> HttpListener::open(const std::string& address, uint16_t port,
                                                         Handler handler) {
  const auto at = SocketAddress::from(address, port);
  if (!at) return Failure{fmt::format("'{}' is no address", address)};
  std::unique_ptr<HttpListener> listener(new HttpListener(std::move(handler)));
  unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG;
  if (at->family() == AF_INET6) flags |= MHD_USE_IPv6;
  errno = 0;
  // The logger comes first, as libmicrohttpd wants it.
  listener->daemon_ = MHD_start_daemon(
      flags, port, nullptr, nullptr, &Border::access, listener.get(), MHD_OPTION_EXTERNAL_LOGGER,
      &Border::quiet, nullptr, MHD_OPTION_SOCK_ADDR, at->raw(), MHD_OPTION_CONNECTION_LIMIT,
      kMaxConnections, MHD_OPTION_CONNECTION_TIMEOUT, kIdleSeconds,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemory, MHD_OPTION_END);
  if (listener->daemon_ == nullptr)
    return Failure{fmt::format("cannot listen on {} port {}: {}", address, port,
                               errno != 0 ? std::strerror(errno) : "libmicrohttpd refused")};
  return listener;
}

HttpListener::~HttpListener() {
  if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
}

uint16_t HttpListener::port() const {
  const MHD_DaemonInfo* info = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT);
  return info != nullptr ? info->port : 0;
}

}  // namespace genesys::observe
