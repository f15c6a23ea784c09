// The control side of the plugin: every DN's line and every page's session, and what they share.
// Made, used and destroyed on the SIP loop.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "media/media_engine.hpp"
#include "media/recording/recorder.hpp"
#include "observe/line_file.hpp"
#include "plugin/admission.hpp"
#include "plugin/call_ledger.hpp"
#include "plugin/drain.hpp"
#include "plugin/event_pusher.hpp"
#include "plugin/handle_port.hpp"
#include "plugin/measures.hpp"
#include "plugin/server_pool.hpp"
#include "plugin/switchboard.hpp"
#include "plugin/tracing.hpp"
#include "settings/config.hpp"
#include "settings/sign_in.hpp"
#include "sip/server_resolver.hpp"
#include "sip/user_agent.hpp"
#include "util/random.hpp"
#include "util/scheduler.hpp"

namespace genesys::plugin {

class Line;
class Session;

/// What lines and sessions use; all of it outlives the Gateway.
struct GatewayParts {
  Scheduler& scheduler;
  media::MediaEngine& media;
  EventPusher& pusher;
  settings::Config& config;             ///< changed by Gateway::reconfigure() alone
  media::Recorder* recorder = nullptr;  ///< none: nothing is recorded
  SecretRandom secrets = kernelRandom;  ///< what SRTP keys are made of
  observe::LineFile* cdr = nullptr;     ///< gets a line for each call; none: nowhere
};

/// Who may send SIP besides the SIP Servers: trusted peers and trunks.
std::vector<std::string> peersOf(const settings::Config& config);

class Gateway {
 public:
  explicit Gateway(GatewayParts parts);
  ~Gateway();

  /// Opens the SIP stack, makes every line, and registers the DNs that are always registered.
  Result<Done> open(sip::SofiaLoop& loop);
  /// The same with a stack that is open already; tests give one in memory.
  void open(std::unique_ptr<sip::UserAgent> agent);
  /// Ends every call and gives every binding back; `done` is called when SIP Server has answered
  /// or `limit` is over and the stack is shut down.
  void shutDown(Millis limit, std::function<void()> done);

  /// Takes a configuration over that has no change which needs a restart, as a whole. Calls go on
  /// as they began; a DN that is gone from it stays until its calls have ended.
  void reconfigure(settings::Config next);
  /// A line that has retired because its DN was removed is out of service.
  void lineLeft(const std::string& number);

  /// An INVITE outside any dialog.
  void invited(std::unique_ptr<sip::Dialog> dialog, const sip::SipMessage& invite);

  /// A REGISTER of some DN got this final status from the server in use; 0: silence.
  void registerWent(unsigned site, int status);
  /// The stack's connection to a SIP Server is gone.
  void connectionLost(const sip::ServerTarget& server);
  /// The SIP Server in use at a site; nullptr before its name is known.
  const sip::ServerTarget* server(unsigned site) const;
  /// Whether SIP Server of a site answers, as far as is known.
  bool serving(unsigned site) const { return site < sites_.size() && sites_[site].pool->serving(); }
  /// Whether it has answered what it was asked last; nullopt: not asked yet.
  std::optional<bool> serverAnswers(unsigned site) const;
  unsigned sites() const { return static_cast<unsigned>(sites_.size()); }

  // One Janus handle, from its own point of view.
  void addSession(std::shared_ptr<HandlePort> port);
  /// `withJsep`: the message had a JSEP, even if it could not be read.
  void request(PageId page, const std::string& transaction,
               const Result<api::Request, api::ApiError>& request, bool withJsep = false);
  void peerConnectionUp(PageId page);
  void peerConnectionDown(PageId page);
  void removeSession(PageId page);

  // For lines and sessions.
  Line* line(const std::string& number);
  Session* session(PageId page);
  /// Live calls on the DNs that `subject` is signed in to.
  size_t callsOf(const std::string& subject) const;
  Admission& admission() { return admission_; }
  Switchboard& switchboard() { return switchboard_; }
  CallLedger& ledger() { return ledger_; }
  Measures& measures() { return measures_; }
  const observe::LineFile* cdr() const { return parts_.cdr; }
  Drain& drain() { return drain_; }
  Tracing& tracing() { return tracing_; }
  /// Does it for each line, as many a second as register, in the place of a round under way.
  void forEachLine(std::function<void(Line&)> act);
  /// Sessions of `subject` that are signed in to another DN than `number`.
  size_t pagesOf(const std::string& subject, const std::string& number) const;
  Scheduler& scheduler() { return parts_.scheduler; }
  media::MediaEngine& media() { return parts_.media; }
  EventPusher& pusher() { return parts_.pusher; }
  media::Recorder* recorder() const { return parts_.recorder; }
  const settings::Config& config() const { return parts_.config; }
  const settings::SignIn& signIn() const { return signIn_; }
  sip::UserAgent& agent() { return *agent_; }
  Random& random() { return random_; }
  const SecretRandom& secrets() const { return parts_.secrets; }
  const std::map<std::string, std::unique_ptr<Line>>& lines() const { return lines_; }

 private:
  struct Site {
    const settings::SiteServers* servers = nullptr;  ///< of the configuration
    std::unique_ptr<ServerPool> pool;
    std::unique_ptr<sip::ServerResolver> resolver;  ///< only for a SIP Server configured by name
  };

  Pace::Each roundOf(std::function<void(Line&)> act);
  void updateDns(std::map<std::string, settings::DnConfig> next);
  void dropLine(const std::string& number);
  Result<Done> openCapture();
  void openSite(const settings::SiteServers& servers);
  void setServers(unsigned site, std::vector<sip::ServerTarget> servers);
  void callClosed(const CallRecord& record);
  void warnOfReadableKeys() const;
  void awaitFarewell(MonoTime deadline);
  void closeStack();

  GatewayParts parts_;
  settings::SignIn signIn_;
  Admission admission_;
  Random random_;
  Measures measures_;
  CallLedger ledger_;  ///< outlives every dialog
  std::unique_ptr<sip::UserAgent> agent_;
  std::vector<Site> sites_;  ///< one, or two with Business Continuity
  std::map<std::string, std::unique_ptr<Line>> lines_;
  std::map<PageId, std::unique_ptr<Session>> sessions_;
  Switchboard switchboard_{*this};
  Drain drain_{*this};
  Tracing tracing_{*this};
  std::unique_ptr<Pace> round_;  ///< of forEachLine()
  bool closing_ = false;
  std::function<void()> onShutDown_;
  Timer farewellTimer_;
};

}  // namespace genesys::plugin
