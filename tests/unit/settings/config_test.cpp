#include "settings/config.hpp"

#include <gmock/gmock.h>

#include "config_fixture.hpp"

namespace genesys::settings {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

TEST_F(ConfigTest, LeastFileHasTheDefaults) {
  const Config config = good(kSip + kSignIn + kDns);
  EXPECT_EQ(config.sip.host, "192.0.2.1");
  EXPECT_EQ(config.sip.port, 5060);
  EXPECT_EQ(config.sip.transport, sip::Transport::Udp);
  EXPECT_EQ(config.sip.domain, "192.0.2.1");
  EXPECT_EQ(config.sip.localAddress, "192.0.2.10");
  EXPECT_EQ(config.sip.localPort, 5060);
  EXPECT_THAT(config.sip.trustedPeers, IsEmpty());
  EXPECT_EQ(config.sip.registerExpires, seconds(1800));
  EXPECT_EQ(config.sip.transactionTimeout, milliseconds(4000));
  EXPECT_EQ(config.sip.userAgent, "janus-genesys");
  EXPECT_EQ(config.signIn.mode, SignInConfig::Mode::Token);
  EXPECT_EQ(config.signIn.key, kKey);  // without the line end
  EXPECT_EQ(config.signIn.dnClaim, "dn");
  EXPECT_EQ(config.signIn.maxHandlesPerSubject, 4U);
  EXPECT_EQ(config.signIn.rolesClaim, "roles");
  EXPECT_EQ(config.agent.maxCalls, 4U);
  EXPECT_EQ(config.agent.callsPerMinute, 60U);
  EXPECT_THAT(config.ice.turnUrls, IsEmpty());
  EXPECT_EQ(config.agent.resumeWindow, seconds(30));
  EXPECT_EQ(config.agent.ringTimeout, seconds(60));
  EXPECT_THAT(config.agent.readableHeaders, ElementsAre("X-Genesys-*"));
  EXPECT_EQ(config.media.bindAddress, "192.0.2.10");
  EXPECT_EQ(config.media.ports.first, 30000);
  EXPECT_EQ(config.media.ports.last, 39999);
  EXPECT_EQ(config.media.dscp, 46);
  ASSERT_EQ(config.dns.size(), 1U);
  const DnConfig& dn = config.dns.at("7001");
  EXPECT_EQ(dn.number, "7001");
  EXPECT_EQ(dn.authUser, "7001");
  EXPECT_EQ(dn.registerWhen, RegisterWhen::OnSignIn);
  EXPECT_THAT(dn.codecs, ElementsAre(&media::pcmu(), &media::pcma()));
  EXPECT_EQ(log_, "");
}

TEST_F(ConfigTest, EveryOptionArrives) {
  folder_.write("turn.secret", "0123456789abcdef");
  folder_.write("other.key", std::string(40, 'k'));
  const Config config = good(R"(
sip_server = { host = "sip.example.com"; port = 5070; transport = "tcp"; domain = "example.com";
  local_address = "2001:db8::1"; local_port = 5071; trusted_peers = ["192.0.2.2", "2001:db8::2"];
  realm = "genesys"; register_expires_s = 600; transaction_timeout_ms = 2000;
  session_expires_s = 600; session_min_s = 120;
  user_agent = "gw/1.0"; };
sign_in = { mode = "token"; algorithm = "HS256"; key_file = "other.key"; audience = "aud";
  issuer = "iss"; dn_claim = "dns"; roles_claim = "groups"; max_handles_per_subject = 2; };
ice = { stun_urls = ["stun:h:3478"]; turn_urls = ["turns:h:5349?transport=tcp"];
  turn_secret_file = "turn.secret"; turn_lifetime_s = 300; };
agent = { resume_window_s = 0; ring_timeout_s = 20; max_calls = 2; calls_per_minute = 0;
  readable_headers = ["X-A", "X-B-*"];
  writable_headers = ["X-C", "User-to-User"]; };
media = { workers = 3; bind_address = "192.0.2.11"; rtp_port_range = "20000-20003";
  port_quarantine_ms = 100; dscp = 0; symmetric = true; };
dn_defaults = { password = "p"; auth_user = "u"; register = "always"; codecs = ["PCMA"];
  display_name = "D"; agent_password = "a"; roles = ["agent", "a/b"]; };
dns = ( { number = "7001"; } );
)");
  EXPECT_EQ(config.sip.host, "sip.example.com");
  EXPECT_EQ(config.sip.port, 5070);
  EXPECT_EQ(config.sip.transport, sip::Transport::Tcp);
  EXPECT_EQ(config.sip.domain, "example.com");
  EXPECT_EQ(config.sip.localAddress, "2001:db8::1");
  EXPECT_EQ(config.sip.localPort, 5071);
  EXPECT_THAT(config.sip.trustedPeers, ElementsAre("192.0.2.2", "2001:db8::2"));
  EXPECT_EQ(config.sip.realm, "genesys");
  EXPECT_EQ(config.sip.registerExpires, seconds(600));
  EXPECT_EQ(config.sip.transactionTimeout, milliseconds(2000));
  EXPECT_EQ(config.sip.sessionExpires, seconds(600));
  EXPECT_EQ(config.sip.sessionMin, seconds(120));
  EXPECT_EQ(config.sip.userAgent, "gw/1.0");
  EXPECT_EQ(config.signIn.algorithm, "HS256");
  EXPECT_EQ(config.signIn.key, std::string(40, 'k'));
  EXPECT_EQ(config.signIn.audience, "aud");
  EXPECT_EQ(config.signIn.issuer, "iss");
  EXPECT_EQ(config.signIn.dnClaim, "dns");
  EXPECT_EQ(config.signIn.maxHandlesPerSubject, 2U);
  EXPECT_EQ(config.signIn.rolesClaim, "groups");
  EXPECT_EQ(config.agent.maxCalls, 2U);
  EXPECT_EQ(config.agent.callsPerMinute, 0U);
  EXPECT_THAT(config.ice.stunUrls, ElementsAre("stun:h:3478"));
  EXPECT_THAT(config.ice.turnUrls, ElementsAre("turns:h:5349?transport=tcp"));
  EXPECT_EQ(config.ice.turnSecret, "0123456789abcdef");
  EXPECT_EQ(config.ice.turnLifetime, seconds(300));
  EXPECT_EQ(config.agent.resumeWindow, seconds(0));
  EXPECT_EQ(config.agent.ringTimeout, seconds(20));
  EXPECT_THAT(config.agent.readableHeaders, ElementsAre("X-A", "X-B-*"));
  EXPECT_THAT(config.agent.writableHeaders, ElementsAre("X-C", "User-to-User"));
  EXPECT_EQ(config.media.workers, 3U);
  EXPECT_EQ(config.media.bindAddress, "192.0.2.11");
  EXPECT_EQ(config.media.ports.first, 20000);
  EXPECT_EQ(config.media.ports.last, 20003);
  EXPECT_EQ(config.media.portQuarantine, milliseconds(100));
  EXPECT_EQ(config.media.dscp, 0);
  EXPECT_TRUE(config.media.symmetric);
  const DnConfig& dn = config.dns.at("7001");
  EXPECT_EQ(dn.sipPassword, "p");
  EXPECT_EQ(dn.authUser, "u");
  EXPECT_EQ(dn.registerWhen, RegisterWhen::Always);
  EXPECT_THAT(dn.codecs, ElementsAre(&media::pcma()));
  EXPECT_EQ(dn.displayName, "D");
  EXPECT_EQ(dn.agentPassword, "a");
  EXPECT_THAT(dn.roles, ElementsAre("agent", "a/b"));
}

TEST_F(ConfigTest, FaultNamesFileLineOptionValueAndWhatIsAllowed) {
  EXPECT_EQ(faultOfSip("port = 70000;"),
            "genesys.jcfg:2: sip_server.port = 70000: must be a whole number from 1 to 65535");
  EXPECT_EQ(
      faultOfSip("transport = \"sctp\";"),
      "genesys.jcfg:2: sip_server.transport = \"sctp\": must be \"udp\" or \"tcp\" or \"tls\"");
  EXPECT_EQ(faultOfSip("trusted_peers = [\"192.0.2.2\", \"peer\"];"),
            "genesys.jcfg:2: sip_server.trusted_peers = [...]: must be an IPv4 or IPv6 address (no "
            "wildcard, no multicast)");
  EXPECT_THAT(faultOfSip("port = \"5060\";"),
              HasSubstr("sip_server.port = \"5060\": must be a whole"));
  EXPECT_THAT(faultOfSip("port = 5060.0;"), HasSubstr("must be a whole number"));
  EXPECT_THAT(faultOfSip("domain = 5;"),
              HasSubstr("must be an IPv4 or IPv6 address or a DNS name"));
  EXPECT_THAT(faultOfSip("trusted_peers = \"192.0.2.2\";"), HasSubstr("must be a list of texts"));
  EXPECT_THAT(faultOfSip("user_agent = \"x\\r\\nVia: y\";"), HasSubstr("user_agent"));
  EXPECT_THAT(faultOfSip("register_expires_s = 59;"), HasSubstr("from 60 to 86400"));
  EXPECT_THAT(faultOfSip("session_expires_s = 60;"),
              HasSubstr("must be 0 or at least session_min_s"));
}

TEST_F(ConfigTest, UnknownOptionsAndGroupsAreRefusedAtTheirLine) {
  EXPECT_THAT(faultOfSip("\nprot = 5060;"),
              StartsWith("genesys.jcfg:3: sip_server.prot: unknown option; known are "
                         "advertised_address, backups,"));
  EXPECT_THAT(
      fault(kSip + kSignIn + kDns + "sipserver = { };"),
      StartsWith("genesys.jcfg:4: sipserver: unknown option; known are agent, cdr, dial_plan,"));
  EXPECT_THAT(faultOfDns("{ number = \"1\";\n secret = \"x\"; }"),
              StartsWith("genesys.jcfg:5: dns[0].secret: unknown option"));
}

TEST_F(ConfigTest, RecordingHasAFolderAndLimits) {
  EXPECT_EQ(good(kSip + kSignIn + kDns).recorder.folder, "");
  const auto with = [&](const std::string& options) {
    return kSip + kSignIn + kDns + "recording = { " + options + " };";
  };
  const Config config = good(with("folder = \"/srv/calls\"; max_minutes = 1440; min_free_mb = 5;"));
  EXPECT_EQ(config.recorder.folder, "/srv/calls");
  EXPECT_EQ(config.recorder.longest, std::chrono::hours(24));
  EXPECT_EQ(config.recorder.leastFree, 5'000'000U);
  EXPECT_THAT(fault(with("folder = \"calls\";")), HasSubstr("must be an absolute path"));
  EXPECT_THAT(fault(with("max_minutes = 0;")), HasSubstr("1 to 1440"));
  const Config quiet = good(
      kSip + kSignIn + "dns = ( { number = \"1\"; recording = false; }, { number = \"2\"; } );");
  EXPECT_FALSE(quiet.dns.at("1").recording);
  EXPECT_TRUE(quiet.dns.at("2").recording);
}

TEST_F(ConfigTest, CallRecordsGoToAFileThatIsNamedInFull) {
  EXPECT_EQ(good(kSip + kSignIn + kDns).cdrFile, "");
  EXPECT_EQ(good(kSip + kSignIn + kDns + "cdr = { file = \"/srv/calls\"; };").cdrFile,
            "/srv/calls");
  EXPECT_THAT(fault(kSip + kSignIn + kDns + "cdr = { file = \"calls\"; };"),
              HasSubstr("cdr.file = \"calls\": must be an absolute path"));
}

TEST_F(ConfigTest, HttpListensOnTheInsideOnly) {
  EXPECT_EQ(good(kSip + kSignIn + kDns).http.port, 0);
  const auto with = [&](const std::string& options, const std::string& media = "") {
    return fault(kSip + kSignIn + kDns + "http = { " + options + " };\n" + media);
  };
  const Config config = good(kSip + kSignIn + kDns + "http = { port = 9188; };");
  EXPECT_EQ(config.http.address, "127.0.0.1");
  EXPECT_EQ(config.http.port, 9188);
  for (const char* fine :
       {"127.0.0.2", "10.1.2.3", "172.16.0.1", "172.31.255.1", "192.168.9.9", "::1", "fd00::1"})
    EXPECT_EQ(with("port = 9188; address = \"" + std::string(fine) + "\";"), "accepted") << fine;
  for (const char* bad : {"203.0.113.10", "172.32.0.1", "192.169.0.1", "11.0.0.1", "0.0.0.0",
                          "::", "2001:db8::1", "fe80::1", "::ffff:10.0.0.1", "gw.example.com", ""})
    EXPECT_THAT(with("port = 9188; address = \"" + std::string(bad) + "\";"),
                HasSubstr("http.address = \"" + std::string(bad) + "\": must be a loopback"))
        << bad;
  EXPECT_THAT(with("address = \"10.1.2.3\";"), HasSubstr("http.port: is missing"));
  EXPECT_THAT(with("port = 0;"), HasSubstr("from 1 to 65535"));
}

TEST_F(ConfigTest, HttpKeepsOffTheAddressOfTheAudio) {
  const auto with = [&](const std::string& media) {
    return fault("sip_server = { host = \"10.0.0.1\"; local_address = \"10.0.0.2\"; };\n" +
                 kSignIn + kDns + "http = { port = 9188; address = \"10.0.0.3\"; };\nmedia = { " +
                 media + " };");
  };
  EXPECT_EQ(with(""), "accepted");
  EXPECT_THAT(with("bind_address = \"10.0.0.3\";"),
              HasSubstr(":4: http.address = \"10.0.0.3\": is where the gateway's audio"));
  EXPECT_THAT(with("advertised_address = \"10.0.0.3\";"), HasSubstr("reached from outside"));
}

TEST_F(ConfigTest, CaptureNeedsAServer) {
  EXPECT_EQ(good(kSip + kSignIn + kDns).hep.server, "");
  const auto with = [&](const std::string& options) {
    return kSip + kSignIn + kDns + "hep = { " + options + " };";
  };
  folder_.write("hep.key", "of the server\n");
  const Config config =
      good(with("server = \"192.0.2.90\"; capture_id = 7; key_file = \"hep.key\";"));
  EXPECT_EQ(config.hep.server, "192.0.2.90");
  EXPECT_EQ(config.hep.port, 9060);
  EXPECT_EQ(config.hep.captureId, 7U);
  EXPECT_EQ(config.hep.key, "of the server");
  EXPECT_THAT(fault(with("port = 9060;")), HasSubstr("hep.server: is missing"));
  EXPECT_THAT(fault(with("server = \"homer\";")), HasSubstr("hep.server = \"homer\": must be"));
  EXPECT_THAT(fault(with("server = \"192.0.2.90\"; capture_id = 0;")), HasSubstr("from 1 to"));
}

TEST_F(ConfigTest, MissingOptionsAreNamed) {
  EXPECT_EQ(
      fault(kSignIn + kDns),
      "genesys.jcfg: sip_server.host: is missing; it must be an IPv4 or IPv6 address or a DNS "
      "name");
  EXPECT_EQ(fault("\nsip_server = { host = \"h\"; };\n" + kSignIn + kDns),
            "genesys.jcfg:2: sip_server.local_address: is missing; it must be an IPv4 or IPv6 "
            "address (no wildcard, no multicast)");
  EXPECT_THAT(fault(kSip + kDns), HasSubstr("sign_in.algorithm: is missing; sign-in by token"));
  EXPECT_THAT(fault("sip_server = 5;"), HasSubstr(":1: sip_server = 5: must be a group"));
}

TEST_F(ConfigTest, AddressesAreLiteralsThatCanBeNamed) {
  const auto local = [&](const std::string& address) {
    return fault("sip_server = { host = \"h\"; local_address = \"" + address + "\"; };\n" +
                 kSignIn + kDns);
  };
  EXPECT_EQ(local("192.0.2.10"), "accepted");
  EXPECT_EQ(local("2001:db8::1"), "accepted");
  for (const char* bad : {"0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255", "192.0.2",
                          "192.0.2.256", "[2001:db8::1]", "eth0", "", "192.0.2.10:5060"})
    EXPECT_THAT(local(bad), HasSubstr("local_address = \"" + std::string(bad) + "\": must be"))
        << bad;
  EXPECT_THAT(fault("sip_server = { host = \"192.0.2.1\"; local_address = \"::1\"; };"),
              HasSubstr("same IP version"));
}

TEST_F(ConfigTest, HostsAreNamesOrAddresses) {
  const auto host = [&](const std::string& name) {
    return fault("sip_server = { host = \"" + name + "\"; local_address = \"192.0.2.10\"; };\n" +
                 kSignIn + kDns);
  };
  for (const char* fine : {"sip", "sip-1.example.com", "192.0.2.1"})
    EXPECT_EQ(host(fine), "accepted") << fine;
  EXPECT_EQ(host(std::string(63, 'a')), "accepted");
  for (const char* bad : {"", "sip..com", "-sip", "sip-", "sip_1", "sip:5060", "192.0.2.256", "1",
                          "sip.example.com.", "a b", "<h>"})
    EXPECT_THAT(host(bad), HasSubstr("address or a DNS name")) << bad;
  EXPECT_THAT(host(std::string(64, 'a')), HasSubstr("DNS name"));
}

TEST_F(ConfigTest, PortRangeHoldsAPair) {
  const auto range = [&](const std::string& text) {
    return fault(kSip + kSignIn + kDns + "media = { rtp_port_range = \"" + text + "\"; };");
  };
  EXPECT_EQ(range("20000-20001"), "accepted");
  EXPECT_EQ(range("20001-20003"), "accepted");
  for (const char* bad : {"20001-20002", "20000-20000", "20002-20000", "1023-2000", "60000-65536"})
    EXPECT_THAT(range(bad), HasSubstr("must lie in 1024-65535 and hold an even port")) << bad;
  for (const char* bad : {"20000", "", "a-b", "20000-", "200000-200001"})
    EXPECT_THAT(range(bad), HasSubstr("must ")) << bad;
}

TEST_F(ConfigTest, HeadersThatRouteSipCannotBeOpenedToThePage) {
  const auto writable = [&](const std::string& name) {
    return fault(kSip + kSignIn + kDns + "agent = { writable_headers = [\"" + name + "\"]; };");
  };
  EXPECT_EQ(writable("X-Campaign"), "accepted");
  EXPECT_EQ(writable("x-demo-*"), "accepted");
  for (const char* bad : {"*", "X-", "X*", "Via", "From", "Route", "P-Asserted-Identity", "X-A B",
                          "X-A:", "User-to-User2"})
    EXPECT_THAT(writable(bad), HasSubstr("must be a header name that begins with X-")) << bad;
}

TEST_F(ConfigTest, IceUrlsAndSecret) {
  const auto ice = [&](const std::string& options) {
    return fault(kSip + kSignIn + kDns + "ice = { " + options + " };");
  };
  folder_.write("short", "0123456789abcde\n");
  EXPECT_THAT(ice("turn_urls = [\"turn:h\"];"), HasSubstr("ice.turn_secret_file: is missing"));
  EXPECT_THAT(ice("turn_secret_file = \"short\";"), HasSubstr("less than 16 octets"));
  EXPECT_THAT(ice("stun_urls = [\"turn:h\"];"), HasSubstr("must be a stun: or stuns: URL"));
  EXPECT_THAT(ice("turn_urls = [\"turn:\"];"), HasSubstr("must be a turn: or turns: URL"));
  EXPECT_THAT(ice("turn_urls = [\"turn:u@h\"];"), HasSubstr("must be a turn: or turns: URL"));
  EXPECT_THAT(ice("turn_lifetime_s = 601;"), HasSubstr("from 60 to 600"));
}

TEST_F(ConfigTest, KeyFileMustFitTheAlgorithm) {
  folder_.write("short.key", std::string(31, 'k') + "\n");
  const auto key = [&](const std::string& algorithm, const std::string& file) {
    return fault(kSip + "sign_in = { audience = \"a\"; algorithm = \"" + algorithm +
                 "\"; key_file = \"" + file + "\"; };\n" + kDns);
  };
  EXPECT_THAT(key("HS256", "short.key"),
              AllOf(HasSubstr(":2: sign_in.key_file = \"short.key\": holds a secret of less"),
                    Not(HasSubstr("kkk"))));
  EXPECT_THAT(key("RS256", "jwt.key"), HasSubstr("holds no PEM public key"));
  EXPECT_THAT(key("none", "jwt.key"), HasSubstr("must be \"HS256\", \"RS256\" or \"ES256\""));
  EXPECT_THAT(key("HS512", "jwt.key"), HasSubstr("must be \"HS256\""));
}

TEST_F(ConfigTest, FilesOfSecretsMustBeSafe) {
  const auto key = [&](const std::string& file) {
    return fault(kSip + "sign_in = { audience = \"a\"; algorithm = \"HS256\"; key_file = \"" +
                 file + "\"; };\n" + kDns);
  };
  EXPECT_THAT(key("absent"), EndsWith("absent cannot be read: No such file or directory"));
  EXPECT_THAT(key("."), HasSubstr("is no file"));
  folder_.write("empty", "\n\n");
  EXPECT_THAT(key("empty"), EndsWith("empty is empty"));
  folder_.write("huge", std::string(70000, 'k'));
  EXPECT_THAT(key("huge"), HasSubstr("is longer than 65536 octets"));
  folder_.write("sample", "CHANGE-ME-CHANGE-ME-CHANGE-ME-CHANGE-ME");
  EXPECT_THAT(key("sample"), HasSubstr("placeholder of the sample"));
  folder_.write("writable", kKey, 0606);
  EXPECT_THAT(key("writable"), HasSubstr("may be written by everybody"));
  EXPECT_EQ(log_, "");
  folder_.write("readable", kKey, 0604);
  EXPECT_EQ(key("readable"), "accepted");
  EXPECT_THAT(log_, HasSubstr("readable holds a secret and may be read by everybody"));
  EXPECT_EQ(key(folder_ / "jwt.key"), "accepted") << "absolute paths are taken as they are";
}

TEST_F(ConfigTest, PlaceholdersOfTheSampleAreRefusedWithoutShowingSecrets) {
  EXPECT_EQ(faultOfDns("{ number = \"1\"; password = \"CHANGE-ME please\"; }"),
            "genesys.jcfg:4: dns[0].password: still has the placeholder of the sample; set a value "
            "of your own");
  EXPECT_THAT(faultOfSip("realm = \"change-me\";"), HasSubstr("still has the placeholder"));
  EXPECT_THAT(faultOfDns("{ number = \"1\"; password = \"hunter2\\n\"; }"),
              Not(HasSubstr("hunter2")));
  EXPECT_THAT(faultOfDns("{ number = \"1\"; password = 4711; }"), Not(HasSubstr("4711")));
}

TEST_F(ConfigTest, IncludedFilesAreNamedInFaultsAndInWarnings) {
  folder_.write("dns.cfg", "dns = (\n{ number = \"7001\"; password = \"secret\"; }\n);\n", 0604);
  EXPECT_EQ(good(kSip + kSignIn + "@include \"dns.cfg\"\n").dns.at("7001").sipPassword, "secret");
  EXPECT_THAT(log_, HasSubstr("dns.cfg holds passwords and may be read by everybody"));
  folder_.write("dns.cfg", "dns = (\n{ number = 7001; }\n);\n");
  EXPECT_THAT(fault(kSip + kSignIn + "@include \"dns.cfg\"\n"),
              StartsWith("dns.cfg:2: dns[0].number"));
  folder_.write("dns.cfg", "dns = (\n{ number = }\n);\n");
  EXPECT_EQ(fault(kSip + kSignIn + "@include \"dns.cfg\"\n"), "dns.cfg:2: syntax error");
  EXPECT_EQ(fault(kSip + kSignIn + "@include \"none.cfg\"\n"),
            "genesys.jcfg:3: cannot open include file");
}

TEST_F(ConfigTest, UnreadableAndMalformedFiles) {
  EXPECT_EQ(loadConfig("/nonexistent/x.jcfg").error().toString(),
            "/nonexistent/x.jcfg: cannot be read: No such file or directory");
  EXPECT_THAT(loadConfig(folder_ / "").error().toString(), HasSubstr("cannot be read"));
  EXPECT_EQ(fault("sip_server = {\n port = ;\n};"), "genesys.jcfg:2: syntax error");
  EXPECT_EQ(fault(kSip + kSip), "genesys.jcfg:2: duplicate setting name");
}

}  // namespace
}  // namespace genesys::settings
