#include "plugin/plugin.hpp"

#include <future>
#include <utility>

#include "plugin/admin.hpp"
#include "plugin/inside_pages.hpp"
#include "plugin/reload.hpp"
#include "plugin/status.hpp"
#include "util/log.hpp"

namespace genesys::plugin {
namespace {

constexpr Millis kFarewellLimit{3000};
constexpr Seconds kShutDownLimit{10};
// How long an administrator's question may wait for the SIP loop.
constexpr Seconds kAskLimit{2};
// The same for a new configuration: tens of thousands of DNs are gone through.
constexpr Seconds kReloadLimit{10};

}  // namespace

Result<std::unique_ptr<Plugin>> Plugin::create(const std::string& configFile) {
  auto config = settings::loadConfig(configFile);
  if (!config) return Failure{config.error().toString()};
  std::unique_ptr<Plugin> plugin(new Plugin(configFile, std::move(config).value()));
  if (const auto started = plugin->start(); !started) return Failure{started.error()};
  return plugin;
}

Result<Done> Plugin::start() {
  auto media = media::makeMediaEngine(config_.media);
  if (!media) return Failure{"media: " + media.error()};
  media_ = std::move(media).value();
  pusher_ = std::make_unique<EventPusher>();
  loop_ = std::make_unique<sip::SofiaLoop>();
  if (!config_.recorder.folder.empty()) {
    auto recorder = media::makeRecorder(config_.recorder);
    if (!recorder) return Failure{"recording.folder: " + recorder.error()};
    recorder_ = std::move(recorder).value();
  }
  if (!config_.cdrFile.empty()) cdr_ = std::make_unique<observe::LineFile>(config_.cdrFile);
  Result<Done> opened = Done{};
  loop_->runAndWait([&] {
    gateway_ = std::make_unique<Gateway>(GatewayParts{*loop_, *media_, *pusher_, config_,
                                                      recorder_.get(), kernelRandom, cdr_.get()});
    opened = gateway_->open(*loop_);
  });
  if (opened) opened = openHttp();
  if (opened)
    logInfo("{} DN(s), SIP Server {} port {}, RTP ports {}-{} of {}", config_.dns.size(),
            config_.sip.host, config_.sip.port, config_.media.ports.first, config_.media.ports.last,
            config_.media.bindAddress);
  return opened;
}

Result<Done> Plugin::openHttp() {
  if (config_.http.port == 0) return Done{};
  auto listener = observe::HttpListener::open(
      config_.http.address, config_.http.port, [this](const observe::HttpRequest& request) {
        const auto now = std::chrono::system_clock::now();
        const MonoTime asked = MonoClock::now();
        const auto page =
            ask<observe::HttpAnswer>(kAskLimit, [request, now, asked](Gateway& gateway) {
              return insidePage(gateway, request, now, MonoClock::now() - asked);
            });
        return page.value_or(observe::HttpAnswer{503, "text/plain", "the SIP loop is busy\n", {}});
      });
  if (!listener) return Failure{"http: " + listener.error()};
  http_ = std::move(listener).value();
  logInfo("HTTP on {} port {}", config_.http.address, config_.http.port);
  return Done{};
}

Plugin::~Plugin() {
  http_.reset();  // it asks the gateway
  if (!loop_ || !gateway_) return;
  auto done = std::make_shared<std::promise<void>>();
  auto finished = done->get_future();
  loop_->post([this, done] {
    gateway_->shutDown(kFarewellLimit, [this, done] {
      // Not within the stack's own callback.
      loop_->post([this, done] {
        gateway_.reset();
        done->set_value();
      });
    });
  });
  if (finished.wait_for(kShutDownLimit) == std::future_status::ready) return;
  logError("the SIP stack did not shut down in time; it is left behind");
  loop_->runAndWait([this] { (void)gateway_.release(); });
}

HandlePort* Plugin::createSession(std::shared_ptr<JanusHandle> janus, const void* handle) {
  auto port = std::make_shared<HandlePort>(nextPage_++, std::move(janus));
  {
    const std::lock_guard lock(handlesMutex_);
    handles_[handle] = port;
  }
  loop_->post([this, port] { gateway_->addSession(port); });
  return port.get();
}

std::shared_ptr<HandlePort> Plugin::portOf(const void* handle) {
  const std::lock_guard lock(handlesMutex_);
  const auto found = handles_.find(handle);
  return found == handles_.end() ? nullptr : found->second;
}

bool Plugin::handleMessage(const void* handle, const std::string& transaction,
                           const json_t* message, const json_t* jsep) {
  const auto port = portOf(handle);
  if (!port) return false;
  auto request =
      std::make_shared<Result<api::Request, api::ApiError>>(api::parseRequest(message, jsep));
  loop_->post([this, page = port->page(), transaction, request, withJsep = jsep != nullptr] {
    gateway_->request(page, transaction, *request, withJsep);
  });
  return true;
}

void Plugin::setupMedia(const void* handle) {
  if (const auto port = portOf(handle))
    loop_->post([this, page = port->page()] { gateway_->peerConnectionUp(page); });
}

void Plugin::hangupMedia(const void* handle) {
  if (const auto port = portOf(handle))
    loop_->post([this, page = port->page()] { gateway_->peerConnectionDown(page); });
}

bool Plugin::destroySession(const void* handle) {
  std::shared_ptr<HandlePort> port;
  {
    const std::lock_guard lock(handlesMutex_);
    const auto found = handles_.find(handle);
    if (found == handles_.end()) return false;
    port = std::move(found->second);
    handles_.erase(found);
  }
  loop_->post([this, page = port->page()] { gateway_->removeSession(page); });
  return true;
}

// Janus asks while it holds the handle's lock; nothing on the SIP loop ever takes that lock (the
// event pusher does), so waiting here ends.
template <class Answer>
std::optional<Answer> Plugin::ask(Seconds limit, std::function<Answer(Gateway&)> question) {
  auto answer = std::make_shared<std::promise<Answer>>();
  auto future = answer->get_future();
  loop_->post(
      [this, answer, question = std::move(question)] { answer->set_value(question(*gateway_)); });
  if (future.wait_for(limit) == std::future_status::ready) return future.get();
  return std::nullopt;
}

api::Json Plugin::askJson(Seconds limit, std::function<api::Json(Gateway&)> question) {
  if (auto answer = ask<api::Json>(limit, std::move(question))) return std::move(*answer);
  return api::toJson(api::ApiError{api::ErrorCode::Internal, "the SIP loop is busy", ""});
}

api::Json Plugin::querySession(const void* handle) {
  const auto port = portOf(handle);
  if (!port) return api::Json(json_object());
  return askJson(kAskLimit,
                 [page = port->page()](Gateway& gateway) { return sessionStatus(gateway, page); });
}

api::Json Plugin::adminMessage(const json_t* request) {
  if (const auto task = configTask(request)) {
    // The file is read on this thread, so that the loop waits for no disk.
    auto loaded = std::make_shared<LoadedConfig>(settings::loadConfig(configFile_));
    return askJson(kReloadLimit, [task = *task, loaded](Gateway& gateway) {
      return configAnswer(gateway, task, std::move(*loaded));
    });
  }
  const std::shared_ptr<json_t> copy(json_deep_copy(request),
                                     [](json_t* json) { json_decref(json); });
  return askJson(kAskLimit, [copy](Gateway& gateway) { return adminAnswer(gateway, copy.get()); });
}

}  // namespace genesys::plugin
