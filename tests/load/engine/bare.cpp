#include "engine/bare.hpp"

#include <sys/socket.h>

#include <array>
#include <stdexcept>
#include <thread>

#include "cpu_time.hpp"
#include "media/g711.hpp"
#include "media/opus.hpp"
#include "media/rtp_packet.hpp"
#include "util/socket_address.hpp"
#include "util/unique_fd.hpp"

namespace genesys::load {
namespace {

struct Socket {
  Socket() : fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    if (bind(fd.get(), address.raw(), address.length()) != 0)
      throw std::runtime_error("no UDP socket for the bare calls");
    socklen_t length = sizeof(sockaddr_in6);
    getsockname(fd.get(), address.raw(), &length);
  }
  void send(const SocketAddress& to, const std::vector<uint8_t>& datagram) const {
    sendto(fd.get(), datagram.data(), datagram.size(), 0, to.raw(), to.length());
  }
  SocketAddress address = *SocketAddress::from("127.0.0.1", 0);
  UniqueFd fd;
};

struct Call {
  Socket socket;
  std::optional<media::OpusVoiceEncoder> encoder =
      media::OpusVoiceEncoder::create(8000, media::kOpusCleanPath);
  std::optional<media::OpusVoiceDecoder> decoder = media::OpusVoiceDecoder::create(8000);
};

/// Takes in whatever comes, on a thread of its own, so that it costs the measured one nothing.
class Sink {
 public:
  Sink() : thread_([this] { run(); }) {}
  ~Sink() {
    stop_ = true;
    socket.send(socket.address, {0});
    thread_.join();
  }
  Socket socket;

 private:
  void run() {
    std::array<uint8_t, 2048> buffer;
    while (!stop_) recv(socket.fd.get(), buffer.data(), buffer.size(), 0);
  }
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

void onePair(Call& call, const Socket& sink, const std::vector<uint8_t>& fromBrowser) {
  std::array<uint8_t, media::kMaxRtpOctets> packet;
  std::array<int16_t, 6 * kFrame> pcm;
  const ssize_t octets = recv(call.socket.fd.get(), packet.data(), packet.size(), 0);
  if (octets != static_cast<ssize_t>(kFrame)) throw std::runtime_error("a bare packet got lost");
  decodeG711(media::aLaw(), std::span(packet).first(kFrame), std::span(pcm).first(kFrame));
  call.encoder->encode(std::span(pcm).first(kFrame), packet);

  const size_t samples = call.decoder->decode(fromBrowser, pcm);
  encodeG711(media::aLaw(), std::span(pcm).first(samples), std::span(packet).first(samples));
  sendto(call.socket.fd.get(), packet.data(), samples, 0, sink.address.raw(),
         sink.address.length());
}

}  // namespace

double bareMicros(const Frames& browser, const Frames& farEnd, unsigned calls, unsigned rounds) {
  std::vector<Call> all(calls);
  const Socket source;
  const Sink sink;
  double spent = 0;
  for (unsigned round = 0; round < rounds; ++round) {
    for (unsigned i = 0; i < calls; ++i)
      source.send(all[i].socket.address, farEnd[(round + 7 * i) % farEnd.size()]);
    const double begin = cpuMicros();
    for (unsigned i = 0; i < calls; ++i)
      onePair(all[i], sink.socket, browser[(round + 7 * i) % browser.size()]);
    spent += cpuMicros() - begin;
  }
  return spent / calls / rounds;
}

}  // namespace genesys::load
