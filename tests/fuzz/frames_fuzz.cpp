// Any octets as what a browser sends through its WebSocket: however they are cut, the verdict is
// the same.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>

#include "socket_guard/frame_meter.hpp"

using namespace genesys::socket_guard;

namespace {

constexpr uint64_t kMost = 300;

void require(bool truth, const char* what) {
  if (truth) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FrameMeter whole(kMost), single(kMost);
  const Fault fault = whole.read({data, size});
  Fault last = Fault::None;
  for (size_t at = 0; at < size && last == Fault::None; ++at) last = single.read({data + at, 1});
  require(fault == last, "cutting changes nothing");
  if (fault == Fault::None) {
    require(whole.messages() == single.messages(), "messages");
    require(whole.frames() == single.frames(), "frames");
    require(whole.unfinished() == single.unfinished(), "unfinished");
  }
  return 0;
}
