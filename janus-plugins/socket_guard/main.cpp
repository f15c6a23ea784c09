// janus-genesys-guard: stands between nginx and Janus's WebSocket and limits what one browser may
// send.
#include <cstdio>

#include "socket_guard/listener.hpp"
#include "socket_guard/options.hpp"

int main(int argc, char** argv) {
  using namespace genesys::socket_guard;
  const auto options = readOptions(argc, argv);
  if (!options) {
    std::fprintf(stderr, "%s\n\n%s", options.error().c_str(), kUsage);
    return 2;
  }
  if (options->help) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  const auto listener = Listener::open(options->listen, options->janus, options->limits);
  if (!listener) {
    std::fprintf(stderr, "janus-genesys-guard: %s\n", listener.error().c_str());
    return 1;
  }
  listener.value()->run();
}
