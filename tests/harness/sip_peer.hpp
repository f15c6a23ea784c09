// A SIP server of one socket for tests: answers REGISTER and BYE with 200 and lets the test play
// the rest by hand. Texts only, so that no SIP stack of ours judges itself. Its thread reads; the
// test waits for what has come.
#pragma once

#include <netinet/in.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "harness/event_queue.hpp"
#include "util/unique_fd.hpp"

namespace genesys::harness {

struct SipText {
  std::string start;  ///< request or status line
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// The first header of that name, any letter case; empty if there is none.
  std::string header(const std::string& name) const;
  std::string method() const;  ///< of the CSeq
  int status() const;          ///< 0 for a request
};

/// An UDP socket on 127.0.0.1 with a port of its own.
class LoopbackSocket {
 public:
  LoopbackSocket();
  uint16_t port() const { return port_; }
  int fd() const { return fd_.get(); }
  void sendTo(uint16_t port, const void* data, size_t size) const;
  /// One datagram, waiting up to `limit`; empty if none came.
  std::string receive(std::chrono::milliseconds limit, uint16_t* from = nullptr) const;

 private:
  UniqueFd fd_;
  uint16_t port_ = 0;
};

class SipPeer {
 public:
  SipPeer();
  ~SipPeer();

  uint16_t port() const { return socket_.port(); }
  /// The port that `dn` registered from, waiting for it; 0 if it did not in time.
  uint16_t portOf(const std::string& dn, std::chrono::milliseconds limit = kDeadline);

  /// What INVITE, ACK, BYE and CANCEL of one call share.
  struct Dialog {
    std::string dn;
    std::string callId;
    std::string toTag;
    uint16_t port = 0;  ///< of the gateway
    int cseq = 1;
  };
  /// Rings `dn` with `sdp` as the offer (empty: none).
  Dialog invite(const std::string& dn, const std::string& sdp);
  /// ACK of a 2xx, with `sdp` as the answer if the INVITE had none.
  void ack(Dialog& dialog, const SipText& answer, const std::string& sdp = "");
  void cancel(const Dialog& dialog);
  void bye(Dialog& dialog);
  /// Answers a request of the gateway.
  void respond(const SipText& request, int code, const std::string& sdp = "");

  /// Takes out the first message that passes, waiting for it.
  std::optional<SipText> take(const std::function<bool(const SipText&)>& test,
                              std::chrono::milliseconds limit = kDeadline);
  std::optional<SipText> takeRequest(const std::string& method,
                                     std::chrono::milliseconds limit = kDeadline);
  std::optional<SipText> takeResponse(const std::string& callId, int status,
                                      std::chrono::milliseconds limit = kDeadline);

 private:
  std::string request(const std::string& method, const Dialog& dialog, int cseq,
                      const std::string& branch, const std::string& sdp) const;
  void run();
  void receive(const std::string& text, uint16_t from);

  LoopbackSocket socket_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<SipText> messages_;
  std::map<std::string, uint16_t> registered_;  ///< DN to port
  std::atomic<int> calls_ = 0;                  ///< tests call from several threads
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

/// A G.711 offer or answer that names `port` of 127.0.0.1.
std::string g711Sdp(uint16_t port, const std::string& direction = "sendrecv");
/// The audio port in an SDP; 0 if there is none.
uint16_t audioPortIn(const std::string& sdp);

}  // namespace genesys::harness
