// genesys-sim: a stand-in for Genesys SIP Server. See the README beside this file.
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <climits>
#include <csignal>
#include <cstdio>
#include <exception>

#include "control/control_api.hpp"
#include "control/http_server.hpp"
#include "options.hpp"
#include "util/log.hpp"
#include "util/unique_fd.hpp"

namespace genesys::sim {
namespace {

/// speech.wav beside the program, if the build made one.
std::string speechBesideProgram() {
  char path[PATH_MAX] = "";
  const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path - 1);
  if (length <= 0) return {};
  const std::string program(path, static_cast<size_t>(length));
  const std::string file = program.substr(0, program.rfind('/') + 1) + "speech.wav";
  return ::access(file.c_str(), R_OK) == 0 ? file : "";
}

UniqueFd terminationSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return UniqueFd(signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC));
}

int fail(const std::string& reason) {
  std::fprintf(stderr, "genesys-sim: %s\n", reason.c_str());
  return 1;
}

int run(Options options) {
  FilePtr traceFile;
  if (options.trace) options.server.transport.trace = stderr;
  if (!options.traceFile.empty()) {
    traceFile.reset(std::fopen(options.traceFile.c_str(), "w"));
    if (!traceFile) return fail("--trace-file: cannot write " + options.traceFile);
    options.server.transport.trace = traceFile.get();
  }
  if (options.quiet) setLogSink([](LogLevel, const std::string&) {});
  if (options.server.speechFile.empty()) options.server.speechFile = speechBesideProgram();

  const UniqueFd signals = terminationSignals();
  EventLoop loop;
  SipServer server(loop, options.server);
  for (const auto& dn : options.dns) server.registrar().provision(dn.name, dn.password);
  const auto opened = server.open();
  if (!opened) return fail(opened.error());
  ControlApi control(server);
  HttpServer http(loop, [&](const HttpRequest& request, const HttpReply& reply) {
    control.handle(request, reply);
  });
  const auto listening = http.open(options.httpHost, options.httpPort);
  if (!listening) return fail(listening.error());
  const FdWatch stopping(loop, signals.get(), POLLIN, [&](short) { loop.stop(); });
  std::puts("ready");
  std::fflush(stdout);
  loop.run();
  return 0;
}

}  // namespace
}  // namespace genesys::sim

int main(int argc, char** argv) {
  using namespace genesys::sim;
  try {
    const auto options = parseOptions({argv + 1, argv + argc});
    if (!options) return fail(options.error() + "\n" + usage());
    if (options->help) return std::fputs(usage(), stdout), 0;
    return run(options.value());
  } catch (const std::exception& error) {
    return fail(error.what());
  }
}
