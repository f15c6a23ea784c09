// A Gateway with SIP Server, Janus and media in memory, in virtual time.
#pragma once

#include <gmock/gmock.h>

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "plugin/gateway.hpp"
#include "plugin/line.hpp"
#include "plugin/session.hpp"
#include "sip/fakes.hpp"
#include "support/virtual_scheduler.hpp"

namespace genesys::plugin::test {

/// A page: what was pushed to it. Events with JSEP come from the pusher's thread, hence the lock.
class FakePage : public JanusHandle {
 public:
  bool pushEvent(const std::string& transaction, const api::Event& event,
                 const std::optional<api::Jsep>& jsep) override {
    const api::Json json = api::toJson(event);
    add(transaction,
        json_string_value(json_object_get(json_object_get(json.get(), "result"), "event")), event,
        jsep);
    return true;
  }
  void pushError(const std::string& transaction, const api::ApiError& error) override {
    add(transaction, std::string("error ") + api::errorName(error.code), std::nullopt, {});
  }
  void closePeerConnection() override { add("", "close_pc", std::nullopt, {}); }
  void notifyHandlers(const api::Incident& incident) override { incidents.push_back(incident); }
  void relayRtp(std::span<const uint8_t>) override {}

  std::vector<api::Incident> incidents;  ///< SIP loop

  struct Pushed {
    std::string transaction;
    std::string name;
    std::optional<api::Event> event;
    std::optional<api::Jsep> jsep;
  };
  /// Waits (with a deadline) until `name` was pushed, and takes everything up to it out.
  Pushed expect(const std::string& name) {
    std::unique_lock lock(mutex_);
    const bool came = changed_.wait_for(lock, std::chrono::seconds(10), [&] {
      return std::any_of(pushed_.begin(), pushed_.end(),
                         [&](const Pushed& one) { return one.name == name; });
    });
    if (!came) {
      ADD_FAILURE() << "no " << name << ", but " << testing::PrintToString(namesLocked());
      return {};
    }
    while (pushed_.front().name != name) pushed_.erase(pushed_.begin());
    Pushed hit = std::move(pushed_.front());
    pushed_.erase(pushed_.begin());
    return hit;
  }
  std::vector<std::string> names() {
    const std::lock_guard lock(mutex_);
    return namesLocked();
  }

 private:
  void add(const std::string& transaction, std::string name, std::optional<api::Event> event,
           std::optional<api::Jsep> jsep) {
    const std::lock_guard lock(mutex_);
    pushed_.push_back({transaction, std::move(name), std::move(event), std::move(jsep)});
    changed_.notify_all();
  }
  std::vector<std::string> namesLocked() const {
    std::vector<std::string> names;
    for (const auto& one : pushed_) names.push_back(one.name);
    return names;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Pushed> pushed_;
};

class FakeBrowserLeg : public media::BrowserLeg {
 public:
  void incomingRtp(std::span<const uint8_t>) override {}
  void incomingRtcp(std::span<const uint8_t>) override {}
  void setOpusPayloadType(uint8_t type) override { payloadType = type; }
  void setPacketTime(uint16_t milliseconds) override { ptimeMs = milliseconds; }
  media::LegCounters counters() const override { return {}; }
  void close() override { closed = true; }
  uint8_t payloadType = 0;
  uint16_t ptimeMs = 0;
  bool closed = false;
};

class FakeSipLeg : public media::SipLeg {
 public:
  uint16_t localPort() const override { return 30000; }
  void configure(const media::SipLegParams& p) override { params = p; }
  void join(const std::shared_ptr<media::BrowserLeg>& browser) override {
    joined = browser;
    mixed = false;
  }
  void joinMix(const std::shared_ptr<media::BrowserLeg>& browser) override {
    joined = browser;
    mixed = true;
  }
  void setLevels(const media::AudioLevels& l) override { levels = l; }
  bool sendDigit(char digit, std::chrono::milliseconds) override {
    digits += digit;
    return params.sendDigitsAs || params.digitsAsTones;
  }
  void expectAudio() override { expecting = true; }
  void record(std::shared_ptr<media::RecordingSink> sink) override {
    tapes.push_back(std::move(sink));
  }
  void pauseRecording(bool paused) override { tapePaused = paused; }
  media::LegCounters counters() const override { return {}; }
  void close() override { closed = true; }
  std::vector<std::shared_ptr<media::RecordingSink>> tapes;  ///< nullptr: a recording ends
  bool tapePaused = false;
  bool expecting = false;
  media::SipLegParams params;
  media::AudioLevels levels;
  std::shared_ptr<media::BrowserLeg> joined;
  std::string digits;
  bool mixed = false;
  bool closed = false;
};

class FakeMedia : public media::MediaEngine {
 public:
  unsigned workerFor(std::string_view) const override { return 0; }
  std::shared_ptr<media::BrowserLeg> openBrowserLeg(unsigned,
                                                    std::shared_ptr<media::BrowserSink>) override {
    browsers.push_back(std::make_shared<FakeBrowserLeg>());
    return browsers.back();
  }
  Result<std::shared_ptr<media::SipLeg>> openSipLeg(unsigned,
                                                    media::SipLegObserver observer) override {
    legs.push_back(std::make_shared<FakeSipLeg>());
    observers.push_back(std::move(observer));
    return std::shared_ptr<media::SipLeg>(legs.back());
  }
  std::vector<std::shared_ptr<FakeBrowserLeg>> browsers;
  std::vector<std::shared_ptr<FakeSipLeg>> legs;
  std::vector<media::SipLegObserver> observers;
};

class FakeRecorder : public media::Recorder {
 public:
  struct Sink : media::RecordingSink {
    bool write(std::unique_ptr<media::RecordedChunk>) override { return true; }
    void finish() override {}
  };
  std::shared_ptr<media::RecordingSink> open(
      media::RecordingPlan plan, std::function<void(const media::RecordingEnd&)> onEnd) override {
    plans.push_back(std::move(plan));
    ends.push_back(std::move(onEnd));
    return std::make_shared<Sink>();
  }
  std::vector<media::RecordingPlan> plans;
  std::vector<std::function<void(const media::RecordingEnd&)>> ends;
};

inline const char* const kBrowserOffer =
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
    "c=IN IP4 0.0.0.0\r\na=sendrecv\r\na=rtpmap:111 opus/48000/2\r\n";

class GatewayFixture : public testing::Test {
 protected:
  GatewayFixture() {
    config.sip.host = "192.0.2.81";
    config.sip.localAddress = "192.0.2.1";
    config.media.bindAddress = "192.0.2.1";
    config.media.advertisedAddress = "192.0.2.1";
    config.signIn.mode = settings::SignInConfig::Mode::Password;
    config.agent.resumeWindow = std::chrono::seconds(30);
    config.agent.writableHeaders = {"X-Demo-*"};
    config.agent.readableHeaders = {"X-Genesys-*"};
    for (const char* number : {"7001", "7002"}) {
      settings::DnConfig dn;
      dn.number = number;
      dn.codecs = {&media::pcmu()};
      dn.agentPassword = "password of " + dn.number;
      config.dns[number] = dn;
    }
    reopen();
  }
  /// A new gateway, after `config` has changed.
  void reopen() {
    gateway =
        std::make_unique<Gateway>(GatewayParts{scheduler, media, pusher, config, recorder.get()});
    auto owned = std::make_unique<sip::test::FakeUserAgent>();
    agent = owned.get();
    gateway->open(std::move(owned));
  }

  struct Page {
    PageId id;
    std::shared_ptr<FakePage> janus;
  };
  Page open() {
    Page page{nextPage++, std::make_shared<FakePage>()};
    gateway->addSession(std::make_shared<HandlePort>(page.id, page.janus));
    return page;
  }
  void ask(const Page& page, api::Action action, std::optional<api::Jsep> jsep = std::nullopt) {
    gateway->request(page.id, "t", api::Request{std::move(action), std::move(jsep)});
  }
  static api::Register credentials(const std::string& dn, const std::string& secret = "") {
    api::Register request;
    request.dn = dn;
    request.secret = secret.empty() ? "password of " + dn : secret;
    return request;
  }
  static api::Jsep offer() { return {api::Jsep::Type::Offer, kBrowserOffer}; }

  /// Signs in; FakeUserAgent's port is that of the DN made last, so only 7002 is ever in service.
  Page signIn(const std::string& dn = "7002") {
    Page page = open();
    ask(page, credentials(dn));
    page.janus->expect("registering");
    if (dn == "7002") {
      sip::RegistrationMachine::Answer ok;
      ok.status = 200;
      ok.granted = Seconds(1800);
      agent->port->answer(ok);
      page.janus->expect("registered");
    }
    return page;
  }
  Page signInWithAudio() {
    Page page = signIn();
    bringAudioUp(page);
    return page;
  }
  void bringAudioUp(const Page& page) {
    ask(page, api::Update{}, offer());
    page.janus->expect("updated");
    gateway->peerConnectionUp(page.id);
  }
  std::shared_ptr<sip::test::Wire> invite(const std::string& dn = "7002") {
    auto wire = std::make_shared<sip::test::Wire>();
    sip::SipMessage message = sip::test::request(sip::test::kOffer);
    message.requestUser = dn;
    gateway->invited(std::make_unique<sip::test::FakeDialog>(wire), message);
    return wire;
  }
  /// An incoming call that is answered and acknowledged.
  std::shared_ptr<sip::test::Wire> talk(const Page& page) {
    auto wire = invite();
    page.janus->expect("incomingcall");
    ask(page, api::Accept{});
    page.janus->expect("accepted");
    wire->receive(sip::AckReceived{sip::test::request()});
    return wire;
  }

  genesys::test::VirtualScheduler scheduler;
  FakeMedia media;
  EventPusher pusher;
  settings::Config config;
  std::unique_ptr<FakeRecorder> recorder;  ///< none unless a test makes one and reopens
  std::unique_ptr<Gateway> gateway;
  sip::test::FakeUserAgent* agent = nullptr;
  PageId nextPage = 1;
};

}  // namespace genesys::plugin::test
