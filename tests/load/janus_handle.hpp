// One handle of Janus, in a session and on a WebSocket of its own, as a page has it.
#pragma once

#include <jansson.h>

#include <functional>
#include <memory>
#include <string>

#include "session_description.hpp"
#include "web_socket.hpp"

namespace genesys::load {

struct JsonFree {
  void operator()(json_t* value) const { json_decref(value); }
};
using Json = std::unique_ptr<json_t, JsonFree>;

/// What the plugin says.
struct PluginEvent {
  std::string name;    ///< `result.event`; empty for an error
  std::string text;    ///< of an error, or the reason of a hang-up
  std::string answer;  ///< SDP; empty if none came along
};

class JanusHandle {
 public:
  struct Observer {
    std::function<void()> attached;
    std::function<void(const PluginEvent&)> said;
    std::function<void(const Candidate&)> candidate;
    std::function<void(const std::string&)> fault;
  };
  struct Server {
    std::string ip;
    uint16_t port;
    std::string plugin;
  };

  /// Session and handle follow by themselves.
  static Result<std::unique_ptr<JanusHandle>> open(const Server& server, Random& random,
                                                   Observer observer);
  int fd() const { return socket_.fd(); }
  /// Takes in what has come.
  void read();
  void request(Json body, const std::string& offer = {});
  void keepAlive();
  /// The session ends, and the handle with it.
  void destroy();

 private:
  JanusHandle(WebSocket socket, std::string plugin, Observer observer)
      : socket_(std::move(socket)), plugin_(std::move(plugin)), observer_(std::move(observer)) {}
  void send(Json message);
  void take(const json_t* message);
  void created(const json_t* message);

  WebSocket socket_;
  std::string plugin_;
  Observer observer_;
  json_int_t session_ = 0, handle_ = 0;
  unsigned transactions_ = 0;
  bool leaving_ = false;
};

}  // namespace genesys::load
