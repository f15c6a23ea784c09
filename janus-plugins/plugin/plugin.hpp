// The composition root: configuration, threads and the Gateway that runs on them. Janus's callbacks
// arrive here, on any of its threads, are copied and posted.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "api/event.hpp"
#include "media/media_engine.hpp"
#include "media/recording/recorder.hpp"
#include "observe/http_listener.hpp"
#include "observe/line_file.hpp"
#include "plugin/event_pusher.hpp"
#include "plugin/gateway.hpp"
#include "plugin/handle_port.hpp"
#include "settings/config.hpp"
#include "sip/sofia_loop.hpp"
#include "util/result.hpp"

namespace genesys::plugin {

class Plugin {
 public:
  /// Reads `configFile`, opens the SIP stack and the media engine and starts registering.
  static Result<std::unique_ptr<Plugin>> create(const std::string& configFile);
  /// Ends calls, gives bindings back (at most 3 s), stops every thread.
  ~Plugin();

  /// A new handle; the returned port lives at least until destroySession().
  HandlePort* createSession(std::shared_ptr<JanusHandle> janus, const void* handle);
  /// `message` and `jsep` stay the caller's. False if the handle is unknown.
  bool handleMessage(const void* handle, const std::string& transaction, const json_t* message,
                     const json_t* jsep);
  void setupMedia(const void* handle);
  void hangupMedia(const void* handle);
  bool destroySession(const void* handle);
  api::Json querySession(const void* handle);
  api::Json adminMessage(const json_t* request);

 private:
  Plugin(std::string configFile, settings::Config config)
      : configFile_(std::move(configFile)), config_(std::move(config)) {}
  Result<Done> start();
  std::shared_ptr<HandlePort> portOf(const void* handle);
  Result<Done> openHttp();
  /// What `question` makes of the gateway, on the SIP loop; nothing if that is busy for longer than
  /// `limit`.
  template <class Answer>
  std::optional<Answer> ask(std::chrono::seconds limit, std::function<Answer(Gateway&)> question);
  api::Json askJson(std::chrono::seconds limit, std::function<api::Json(Gateway&)> question);

  const std::string configFile_;
  settings::Config config_;  ///< from the start on the loop's alone
  std::mutex handlesMutex_;
  std::unordered_map<const void*, std::shared_ptr<HandlePort>> handles_;
  std::atomic<PageId> nextPage_{1};

  // In order of lifetime: the gateway's objects use the engine and the pusher from the loop,
  // the recorder posts to the loop.
  std::unique_ptr<media::MediaEngine> media_;
  std::unique_ptr<EventPusher> pusher_;
  std::unique_ptr<sip::SofiaLoop> loop_;
  std::unique_ptr<media::Recorder> recorder_;    ///< only if it is configured
  std::unique_ptr<observe::LineFile> cdr_;       ///< only if it is configured
  std::unique_ptr<Gateway> gateway_;             ///< made, used and destroyed on the loop
  std::unique_ptr<observe::HttpListener> http_;  ///< only if it is configured; asks the gateway
};

}  // namespace genesys::plugin
