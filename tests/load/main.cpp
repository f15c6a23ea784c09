// webrtc_load: WebRTC calls against a real Janus and SIP server, made, listened to and measured.
//   webrtc_load --speech FILE.wav [OPTION VALUE]...     see --help, and docs/performance.md
#include <sys/resource.h>

#include <cstdio>
#include <fstream>

#include "load.hpp"

using namespace genesys;
using namespace genesys::load;

namespace {

constexpr size_t kTurnFrames = 200;  // 4 s

struct Speech {
  Voice agent, customer;
};

Result<Speech> speechOf(const Options& options) {
  const auto wav = readWav(options.speech);
  if (!wav) return Failure{wav.error()};
  const Talk talk =
      options.inTurn ? talkInTurn(wav.value(), kTurnFrames) : talkContinuously(wav.value());
  auto agent = code(talk.agent, options.pcmu ? Coding::Pcmu : Coding::Opus);
  auto customer = code(talk.customer, Coding::Pcmu);
  if (!agent) return Failure{agent.error()};
  if (!customer) return Failure{customer.error()};
  return Speech{std::move(agent).value(), std::move(customer).value()};
}

std::string firstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

Office officeOf(const Options& options, const Speech& speech, const DtlsIdentity& identity) {
  const size_t colon = std::min(options.janus.find(':'), options.janus.size());
  const std::string port = options.janus.substr(std::min(colon + 1, options.janus.size()));
  return {.server = {options.janus.substr(0, colon), static_cast<uint16_t>(std::atoi(port.c_str())),
                     options.stock ? "janus.plugin.sip" : "janus.plugin.genesys"},
          .stock = options.stock,
          .standing = options.standing && !options.stock,
          .password = options.passwordFile.empty() ? "" : firstLine(options.passwordFile),
          .sipServer = options.sipServer,
          .address = options.address,
          .sipAddress = options.sipAddress,
          .format = options.pcmu ? &pcmuFormat() : &opusFormat(),
          .agentVoice = &speech.agent,
          .customerVoice = &speech.customer,
          .identity = &identity};
}

/// Four descriptors a call.
void raiseDescriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

Result<bool> run(const Options& options) {
  const auto speech = speechOf(options);
  if (!speech) return Failure{speech.error()};
  const auto identity = DtlsIdentity::create(options.srtp);
  if (!identity) return Failure{identity.error()};
  const Office office = officeOf(options, speech.value(), identity.value());
  std::vector<std::unique_ptr<StaticLine>> lines;
  if (!options.callsFile.empty()) {
    Random random(1);
    auto read =
        readCalls(options.callsFile, *office.format, {speech->agent, speech->customer}, random);
    if (!read) return Failure{read.error()};
    lines = std::move(read).value();
    if (lines.empty()) return Failure{options.callsFile + ": no calls"};
  }
  Load load(options, office);
  return load.run(std::move(lines));
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = parseOptions(argc, argv);
  if (!options) {
    std::fprintf(options.error().empty() ? stdout : stderr, "%s%s%s", options.error().c_str(),
                 options.error().empty() ? "" : "\n", usage());
    return options.error().empty() ? 0 : 2;
  }
  raiseDescriptors();
  const auto good = run(options.value());
  if (!good) std::fprintf(stderr, "webrtc_load: %s\n", good.error().c_str());
  return good && good.value() ? 0 : 1;
}
