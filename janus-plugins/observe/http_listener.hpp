// A small HTTP server for the inside: questions without a body, answered at once. Wraps
// libmicrohttpd, which runs one thread for it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "util/result.hpp"

struct MHD_Daemon;

namespace genesys::observe {

struct HttpRequest {
  std::string path;           ///< without query
  std::string authorization;  ///< the header as it came; "" if there is none
};

struct HttpAnswer {
  unsigned status = 200;
  std::string type = "application/json";
  std::string body;  ///< empty with 204
  std::vector<std::pair<std::string, std::string>> headers;
};

class HttpListener {
 public:
  /// Called on the listener's thread, one request after the other. It may wait, but not long:
  /// everybody else waits with it.
  using Handler = std::function<HttpAnswer(const HttpRequest&)>;

  /// Listens on an IPv4 or IPv6 literal; `port` 0 takes any that is free. GET and HEAD are handed
  /// on, other methods get 405, and whoever sends a body is cut off.
  static Result<std::unique_ptr<HttpListener>> open(const std::string& address, uint16_t port,
                                                    Handler handler);
  /// No request is being handled afterwards.
  ~HttpListener();
  HttpListener(const HttpListener&) = delete;
  HttpListener& operator=(const HttpListener&) = delete;

  uint16_t port() const;

 private:
  explicit HttpListener(Handler handler) : handler_(std::move(handler)) {}
  HttpAnswer handled(const HttpRequest& request) const;
  struct Border;  ///< libmicrohttpd's callbacks

  Handler handler_;
  MHD_Daemon* daemon_ = nullptr;
};

}  // namespace genesys::observe
