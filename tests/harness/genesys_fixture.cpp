#include "harness/genesys_fixture.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace genesys::harness {

ConfigFolder::ConfigFolder() {
  std::string pattern =
      (std::filesystem::temp_directory_path() / "genesys-harness-XXXXXX").string();
  if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

ConfigFolder::~ConfigFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string ConfigFolder::file() const {
  return path_ + "/janus.plugin.genesys.jcfg";
}

void ConfigFolder::write(const std::string& text) const {
  std::ofstream(file()) << text;
  ::chmod(file().c_str(), 0600);
}

std::string configText(uint16_t sipServerPort, const std::string& agentLines) {
  // Each test process has a SIP port and a hundred RTP ports of its own, below the ephemeral ones.
  const int firstRtp = 10000 + ::getpid() % 200 * 100;
  const int sipPort = 30000 + ::getpid() % 2700;
  return "sip_server: {\n  host = \"127.0.0.1\"\n  port = " + std::to_string(sipServerPort) +
         "\n  local_address = \"127.0.0.1\"\n  local_port = " + std::to_string(sipPort) +
         "\n}\nsign_in: {\n  mode = \"password\"\n  max_handles_per_subject = 100\n}\n"
         "agent: {\n" +
         agentLines + "}\nmedia: {\n  workers = 2\n  rtp_port_range = \"" +
         std::to_string(firstRtp) + "-" + std::to_string(firstRtp + 99) +
         "\"\n  port_quarantine_ms = 0\n}\ndn_defaults: {\n  agent_password = \"" + kAgentPassword +
         "\"\n}\ndns: (\n  { range = \"7001-7008\" }\n)\n";
}

const std::string& browserOffer() {
  static const std::string offer =
      "v=0\r\no=- 5635567207467259392 2 IN IP4 1.1.1.1\r\ns=-\r\nt=0 0\r\n"
      "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\nc=IN IP4 1.1.1.1\r\na=sendrecv\r\n"
      "a=mid:0\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n"
      "a=rtpmap:63 red/48000/2\r\na=rtpmap:126 telephone-event/8000\r\n";
  return offer;
}

namespace {

std::vector<uint8_t> rtpHeader(uint8_t payloadType, uint16_t index, uint32_t ticks) {
  const uint32_t timestamp = index * ticks;
  const auto octet = [](uint32_t value, int shift) { return static_cast<uint8_t>(value >> shift); };
  return {0x80,
          payloadType,
          octet(index, 8),
          octet(index, 0),
          octet(timestamp, 24),
          octet(timestamp, 16),
          octet(timestamp, 8),
          octet(timestamp, 0),
          0x12,
          0x34,
          0x56,
          0x78};
}

}  // namespace

std::vector<uint8_t> opusPacket(uint16_t index, uint8_t payloadType) {
  std::vector<uint8_t> packet = rtpHeader(payloadType, index, 960);
  // CELT, full band, 20 ms, one frame (RFC 6716 section 3.1), and a frame that decodes to silence.
  packet.insert(packet.end(), {0xf8, 0xff, 0xfe});
  return packet;
}

std::vector<uint8_t> pcmuPacket(uint16_t index) {
  std::vector<uint8_t> packet = rtpHeader(0, index, 160);
  for (int i = 0; i < 160; ++i) packet.push_back(i % 8 < 4 ? 0x20 : 0xa0);
  return packet;
}

GenesysTest::GenesysTest() : plugin(GENESYS_PLUGIN) {
  LogBook::instance().clear();
}

GenesysTest::~GenesysTest() {
  plugin.destroy();
  EXPECT_TRUE(FakeCore::instance().waitForSessions(0)) << "a session leaked";
  EXPECT_EQ(FakeCore::instance().violations(), "");
  if (HasFailure()) std::fputs(LogBook::instance().text().c_str(), stderr);
}

void GenesysTest::start(const std::string& agentLines) {
  // Bound and closed again: nobody answers there.
  const uint16_t nobody = LoopbackSocket().port();
  folder.write(configText(nobody, agentLines));
  ASSERT_EQ(plugin.init(folder.path()), 0) << LogBook::instance().text();
}

void GenesysTest::startWithPeer(const std::string& agentLines) {
  peer = std::make_unique<SipPeer>();
  folder.write(configText(peer->port(), agentLines));
  ASSERT_EQ(plugin.init(folder.path()), 0) << LogBook::instance().text();
}

std::unique_ptr<FakeHandle> GenesysTest::attached() {
  auto handle = std::make_unique<FakeHandle>(plugin.table());
  EXPECT_EQ(handle->attach(), 0);
  return handle;
}

std::string GenesysTest::signInRequest(const std::string& dn) {
  return R"({"request":"register","username":")" + dn + R"(","secret":")" + kAgentPassword +
         R"("})";
}

std::unique_ptr<FakeHandle> GenesysTest::signedIn(const std::string& dn, bool withAudio) {
  auto handle = attached();
  handle->message(signInRequest(dn), "sign-in", "offer", withAudio ? browserOffer() : "");
  const auto answer = handle->events().answerTo("sign-in");
  EXPECT_TRUE(answer && (answer->name == "registering" || answer->name == "registered"))
      << (answer ? answer->body : "no answer");
  if (answer && answer->name == "registering") {
    EXPECT_TRUE(handle->events().take("registered")) << handle->events().text();
  }
  if (withAudio) handle->setUpMedia();
  EXPECT_TRUE(handle->settle());
  return handle;
}

}  // namespace genesys::harness
