// What conf/janus.plugin.genesys.jcfg says, checked as a whole: a plugin is configured completely
// or not at all.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dialplan/plan.hpp"
#include "media/codec.hpp"
#include "media/media_engine.hpp"
#include "media/recording/recorder.hpp"
#include "sdp/srtp_agreement.hpp"
#include "sip/server_list.hpp"
#include "sip/transport.hpp"
#include "util/result.hpp"

namespace genesys::settings {

enum class RegisterWhen {
  Always,
  OnSignIn,
  Never,  ///< SIP Server has the gateway's address as the DN's static contact
};
/// What NOTIFY Event: talk does to a ringing call.
enum class TalkPolicy {
  Answer,
  Ignore,
  Ask,  ///< the page is told, and the agent answers
};

/// What a REFER of SIP Server does.
enum class ReferPolicy { Accept, Reject, Ask };
/// How digits travel. Where telephone-event is wanted and the far end knows none, they are tones.
enum class DigitMode {
  Rfc4733,  ///< telephone-event in the audio's RTP stream
  Info,     ///< SIP INFO, application/dtmf-relay
  InBand,   ///< tones in the audio
};

struct DnConfig {
  std::string number;       ///< 1-32 characters of [A-Za-z0-9+*#._-]
  std::string sipPassword;  ///< for digest; empty: SIP Server does not ask
  std::string authUser;     ///< digest user; default: number
  RegisterWhen registerWhen = RegisterWhen::OnSignIn;
  std::vector<const media::Codec*> codecs;  ///< in order of preference, never empty
  std::string displayName;
  std::string agentPassword;  ///< sign-in in password mode; empty: nobody can sign in so
  TalkPolicy talkAnswers = TalkPolicy::Answer;
  ReferPolicy refer = ReferPolicy::Accept;
  DigitMode digits = DigitMode::Rfc4733;
  std::vector<std::string> roles;  ///< of whoever uses the DN, besides those of the token
  sdp::SrtpTerms srtp;             ///< of the SIP side
  int gainDb = 0;                  ///< -20 to 20: the agent for far ends, when a call begins
  int peerGainDb = 0;              ///< far ends for the agent
  bool recording = true;   ///< its agent may record calls, if recording is configured at all
  bool autoAnswer = true;  ///< heed Call-Info and Alert-Info that ask for it
  bool operator==(const DnConfig&) const = default;
};

/// Where the SIP Servers of one site are.
struct SiteServers {
  std::string host;  ///< IP literal or DNS name of SIP Server
  uint16_t port = 5060;
  bool srv = false;  ///< host is a name and no port is configured: SRV records are asked for
  std::vector<sip::ServerTarget> backups;  ///< by priority, behind host
  std::string domain;                      ///< host part of the DNs' URIs; default: host
  std::string tlsServerName;               ///< that the certificate must carry
};

struct SipServerConfig : SiteServers {
  sip::Transport transport = sip::Transport::Udp;
  sip::TlsSettings tls;                           ///< with Transport::Tls
  std::chrono::milliseconds probeInterval{3000};  ///< of the OPTIONS, if there are backups
  unsigned registersPerSecond = 500;              ///< after a change of server
  unsigned invitesPerSecond = 100;                ///< new calls of each peer; 0: no limit
  std::string localAddress;                       ///< IP literal that the SIP socket is bound to
  std::string advertisedAddress;  ///< that Contact and Via name; default: localAddress
  uint16_t localPort = 5060;
  std::vector<std::string> trustedPeers;  ///< further IP literals that may send SIP; host's are in
  std::string realm;                      ///< the only realm we answer digest for; empty: any
  bool largeByTcp = false;                ///< with UDP
  unsigned udpMtu = 1300;                 ///< octets of a request
  std::chrono::seconds keepalive{10};     ///< of silence until a connection is tried
  std::chrono::seconds registerExpires{1800};
  std::chrono::milliseconds transactionTimeout{4000};
  std::chrono::seconds sessionExpires{1800};  ///< RFC 4028; 0: not asked for
  std::chrono::seconds sessionMin{90};        ///< shorter ones are refused with 422
  std::string userAgent = "janus-genesys";
};

struct SignInConfig {
  enum class Mode { Token, Password } mode = Mode::Token;
  std::string algorithm;  ///< "HS256", "RS256" or "ES256": the only one accepted
  std::string key;        ///< content of the key file: secret, or PEM public key
  std::string audience;
  std::string issuer;                ///< empty: not checked
  std::string dnClaim = "dn";        ///< a string or an array of strings
  std::string rolesClaim = "roles";  ///< the same
  unsigned maxHandlesPerSubject = 4;
};

struct IceConfig {
  std::vector<std::string> stunUrls;
  std::vector<std::string> turnUrls;
  std::string turnSecret;  ///< content of the secret file, shared with coturn
  std::chrono::seconds turnLifetime{600};
};

struct AgentConfig {
  std::chrono::seconds resumeWindow{30};
  std::chrono::seconds ringTimeout{60};  ///< an unanswered incoming call gets 480 after it
  std::vector<std::string>
      readableHeaders;  ///< of SIP requests, handed to the page; "X-*" = prefix
  std::vector<std::string> writableHeaders;      ///< that the page may set
  std::vector<std::string> autoAnswerAlertInfo;  ///< texts in Alert-Info that ask to answer
  unsigned maxCalls = 4;         ///< at once; own calls of an agent count on all of its DNs
  unsigned callsPerMinute = 60;  ///< that an agent may start; 0: no limit
  std::vector<std::string> subscribeEvents;  ///< event packages that the page may subscribe to
};

struct MediaConfig : media::EngineConfig {
  std::string advertisedAddress;  ///< that SDP names; default: bindAddress
};

/// Where the gateway answers HTTP on the inside.
struct HttpConfig {
  std::string address = "127.0.0.1";  ///< loopback or private
  uint16_t port = 0;                  ///< 0: nowhere
};

/// Where SIP messages are sent to be looked at later.
struct HepConfig {
  std::string server;  ///< IP literal; empty: nowhere
  uint16_t port = 9060;
  uint32_t captureId = 2001;  ///< that the server knows this gateway by
  std::string key;            ///< content of the key file; empty: none
};

/// An option as it counts, from the file or by default; to compare two configurations.
struct EffectiveOption {
  std::string text;
  std::string content;  ///< of the file that it names; never shown
  bool secret = false;
  bool operator==(const EffectiveOption&) const = default;
};
/// By "group.option"; without those of single DNs.
using EffectiveOptions = std::map<std::string, EffectiveOption>;

struct Config {
  SipServerConfig sip;
  std::optional<SiteServers> secondSite;  ///< DNs register there, too (Business Continuity)
  std::map<std::string, DnConfig> dns;    ///< by number, ranges spread out
  SignInConfig signIn;
  IceConfig ice;
  AgentConfig agent;
  MediaConfig media;
  dialplan::Plan dialPlan;
  media::RecorderConfig recorder;  ///< without a folder nothing is recorded
  HttpConfig http;
  HepConfig hep;
  std::string cdrFile;       ///< absolute path; empty: no call records
  EffectiveOptions options;  ///< all of the above, as text
};

/// Where and why a file was refused; prints as "FILE:LINE: reason".
struct ConfigError {
  std::string file;
  unsigned line = 0;
  std::string reason;
  std::string toString() const;
};

/// Reads and checks the file and what it includes or names (key and secret files, relative to it).
/// Unknown options are errors, too: a misspelt one must not be silently ignored.
Result<Config, ConfigError> loadConfig(const std::string& path);

}  // namespace genesys::settings
