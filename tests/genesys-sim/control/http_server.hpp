// A small HTTP server on a loopback address: libmicrohttpd driven by the event loop, so that
// requests are handled on the main thread and may be answered later.
#pragma once

#include <microhttpd.h>

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "core/event_loop.hpp"
#include "util/result.hpp"

namespace genesys::sim {

struct HttpRequest {
  std::string method;
  std::string path;  ///< without query
  std::string body;
};
struct HttpResponse {
  int status = 200;
  std::string json;
};
/// Answers a request, once, now or later; a second answer is ignored.
using HttpReply = std::function<void(HttpResponse)>;

class HttpServer {
 public:
  using Handler = std::function<void(const HttpRequest&, const HttpReply&)>;

  HttpServer(EventLoop& loop, Handler handler);
  ~HttpServer();
  Result<Done> open(const std::string& host, uint16_t port);

 private:
  struct Exchange;
  static MHD_Result access(void* self, MHD_Connection* connection, const char* url,
                           const char* method, const char* version, const char* upload,
                           size_t* uploadSize, void** state);
  static void completed(void*, MHD_Connection*, void** state, MHD_RequestTerminationCode);
  MHD_Result handle(MHD_Connection* connection, const std::shared_ptr<Exchange>& exchange);
  void dispatch(const std::shared_ptr<Exchange>& exchange);
  void serve();

  Handler handler_;
  MHD_Daemon* daemon_ = nullptr;
  EventLoop& loop_;
  bool serving_ = false;
  std::set<std::shared_ptr<Exchange>> suspended_;  // to be answered later
  std::unique_ptr<FdWatch> watch_;
  Timer resumption_;  // runs the daemon after a suspended request was answered, and for timeouts
};

}  // namespace genesys::sim
