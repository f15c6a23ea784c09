// The real plugin in the fake core: a configuration folder, sign-in by agent password, DNs 7001 to
// 7008, and either nobody or a SipPeer at SIP Server's address.
#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "harness/fake_handle.hpp"
#include "harness/loaded_plugin.hpp"
#include "harness/log_book.hpp"
#include "harness/sip_peer.hpp"

namespace genesys::harness {

inline constexpr const char* kAgentPassword = "harness-agent-secret";

/// A folder in the build directory's place for temporary files, removed with its content.
class ConfigFolder {
 public:
  ConfigFolder();
  ~ConfigFolder();
  ConfigFolder(const ConfigFolder&) = delete;
  ConfigFolder& operator=(const ConfigFolder&) = delete;
  const std::string& path() const { return path_; }
  /// The plugin's configuration file in it.
  std::string file() const;
  void write(const std::string& text) const;

 private:
  std::string path_;
};

/// A configuration that is whole. `agentLines` go into the agent group.
std::string configText(uint16_t sipServerPort, const std::string& agentLines = "");

/// Janus's stripped Chromium offer: audio with Opus 111.
const std::string& browserOffer();
/// An Opus packet of 20 ms of silence with RTP header; sequence and timestamp follow from `index`.
std::vector<uint8_t> opusPacket(uint16_t index, uint8_t payloadType = 111);
/// 20 ms of G.711 µ-law, not silent.
std::vector<uint8_t> pcmuPacket(uint16_t index);

class GenesysTest : public testing::Test {
 protected:
  GenesysTest();
  /// Destroys the plugin; every session must have been released and every rule kept.
  ~GenesysTest() override;

  /// Starts the plugin against a port where nobody answers, or against `peer`.
  void start(const std::string& agentLines = "");
  void startWithPeer(const std::string& agentLines = "");
  std::unique_ptr<FakeHandle> attached();
  /// A `register` request of `dn`.
  static std::string signInRequest(const std::string& dn);
  /// Attached and signed in; with JSEP the PeerConnection is up as well. Needs the peer.
  std::unique_ptr<FakeHandle> signedIn(const std::string& dn, bool withAudio = true);

  ConfigFolder folder;
  std::unique_ptr<SipPeer> peer;
  LoadedPlugin plugin;
};

}  // namespace genesys::harness
