// What Janus's threads share of one handle: its number for the SIP loop, and where its RTP goes.
// Stored in janus_plugin_session::plugin_handle; any thread.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <utility>

#include "media/media_engine.hpp"
#include "plugin/dn_ownership.hpp"
#include "plugin/janus_core.hpp"

namespace genesys::plugin {

class HandlePort {
 public:
  HandlePort(PageId page, std::shared_ptr<JanusHandle> janus)
      : page_(page), janus_(std::move(janus)) {}

  PageId page() const { return page_; }
  const std::shared_ptr<JanusHandle>& janus() const { return janus_; }

  /// SIP loop: where the browser's RTP goes from now on; nullptr drops it.
  void connect(std::shared_ptr<media::BrowserLeg> leg) {
    const std::lock_guard lock(mutex_);
    leg_.swap(leg);
  }
  // Janus's handle loop.
  void incomingRtp(std::span<const uint8_t> packet) {
    if (const auto leg = connected()) leg->incomingRtp(packet);
  }
  void incomingRtcp(std::span<const uint8_t> packet) {
    if (const auto leg = connected()) leg->incomingRtcp(packet);
  }

 private:
  std::shared_ptr<media::BrowserLeg> connected() {
    const std::lock_guard lock(mutex_);
    return leg_;
  }

  const PageId page_;
  const std::shared_ptr<JanusHandle> janus_;
  std::mutex mutex_;
  std::shared_ptr<media::BrowserLeg> leg_;
};

}  // namespace genesys::plugin
