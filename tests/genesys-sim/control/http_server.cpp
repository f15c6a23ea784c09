#include "control/http_server.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "transport/peer.hpp"

namespace genesys::sim {
namespace {

constexpr size_t kMaxBody = 65536;
constexpr unsigned kMaxConnections = 256;
constexpr unsigned kIdleSeconds = 60;

}  // namespace

/// One request from its first line to its answer.
struct HttpServer::Exchange {
  HttpRequest request;
  std::optional<HttpResponse> response;
  MHD_Connection* connection = nullptr;  // null once the client is gone
  bool handled = false;
};

HttpServer::HttpServer(EventLoop& loop, Handler handler)
    : handler_(std::move(handler)), loop_(loop), resumption_(loop, [this] { serve(); }) {}

HttpServer::~HttpServer() {
  watch_.reset();
  // A daemon must not be stopped while requests are suspended: let them go unanswered.
  for (const auto& exchange : suspended_) {
    exchange->response = HttpResponse{503, "{\"error\": \"shutting down\"}\n"};
    MHD_resume_connection(exchange->connection);
  }
  if (daemon_) MHD_stop_daemon(daemon_);
}

Result<Done> HttpServer::open(const std::string& host, uint16_t port) {
  const auto at = makePeer(host, port, TransportKind::Tcp);
  if (!at) return Failure{at.error()};
  sockaddr_in address = at->socketAddress();
  daemon_ = MHD_start_daemon(
      MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, port, nullptr, nullptr, &HttpServer::access, this,
      MHD_OPTION_SOCK_ADDR, reinterpret_cast<sockaddr*>(&address), MHD_OPTION_NOTIFY_COMPLETED,
      &HttpServer::completed, nullptr, MHD_OPTION_CONNECTION_LIMIT, kMaxConnections,
      MHD_OPTION_CONNECTION_TIMEOUT, kIdleSeconds, MHD_OPTION_END);
  if (!daemon_)
    return Failure{
        fmt::format("cannot listen on http {}:{}: {}", host, port, std::strerror(errno))};
  const MHD_DaemonInfo* info = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_EPOLL_FD);
  watch_ = std::make_unique<FdWatch>(loop_, info->epoll_fd, POLLIN, [this](short) { serve(); });
  return Done{};
}

void HttpServer::serve() {
  if (serving_) return;
  serving_ = true;
  MHD_UNSIGNED_LONG_LONG wait = 0;
  bool waits = false;
  for (int round = 0; round < 32; ++round) {
    MHD_run(daemon_);
    waits = MHD_get_timeout(daemon_, &wait) == MHD_YES;
    if (!waits || wait > 0) break;
  }
  serving_ = false;
  if (waits) resumption_.start(Millis(std::min<unsigned long long>(wait + 1, 1000)));
}

MHD_Result HttpServer::access(void* self, MHD_Connection* connection, const char* url,
                              const char* method, const char*, const char* upload,
                              size_t* uploadSize, void** state) {
  if (!*state) {
    auto exchange = std::make_shared<Exchange>();
    exchange->request = {method, url, {}};
    exchange->connection = connection;
    *state = new std::shared_ptr<Exchange>(std::move(exchange));  // freed by completed()
    return MHD_YES;
  }
  auto& exchange = *static_cast<std::shared_ptr<Exchange>*>(*state);
  if (*uploadSize > 0) {
    if (exchange->request.body.size() + *uploadSize > kMaxBody) return MHD_NO;
    exchange->request.body.append(upload, *uploadSize);
    *uploadSize = 0;
    return MHD_YES;
  }
  return static_cast<HttpServer*>(self)->handle(connection, exchange);
}

MHD_Result HttpServer::handle(MHD_Connection* connection,
                              const std::shared_ptr<Exchange>& exchange) {
  if (!exchange->handled) {
    exchange->handled = true;
    dispatch(exchange);
  }
  if (!exchange->response) {
    suspended_.insert(exchange);
    MHD_suspend_connection(connection);
    return MHD_YES;
  }
  const std::string& json = exchange->response->json;
  MHD_Response* response = MHD_create_response_from_buffer(
      json.size(), const_cast<char*>(json.data()), MHD_RESPMEM_MUST_COPY);
  if (!response) return MHD_NO;
  MHD_add_response_header(response, "Content-Type", "application/json");
  const MHD_Result queued =
      MHD_queue_response(connection, static_cast<unsigned>(exchange->response->status), response);
  MHD_destroy_response(response);
  return queued;
}

void HttpServer::dispatch(const std::shared_ptr<Exchange>& exchange) {
  const HttpReply reply = [this, weak = std::weak_ptr(exchange)](HttpResponse response) {
    const auto self = weak.lock();
    if (!self || self->response || !self->connection) return;
    self->response = std::move(response);
    if (suspended_.erase(self) == 0) return;
    MHD_resume_connection(self->connection);
    resumption_.start(Millis(0));
  };
  try {
    handler_(exchange->request, reply);
  } catch (const std::exception& error) {  // none may unwind through libmicrohttpd
    reply({500, fmt::format("{{\"error\": \"{}\"}}\n", error.what())});
  }
}

void HttpServer::completed(void*, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
  auto* exchange = static_cast<std::shared_ptr<Exchange>*>(*state);
  if (exchange) (*exchange)->connection = nullptr;
  delete exchange;
  *state = nullptr;
}

}  // namespace genesys::sim
