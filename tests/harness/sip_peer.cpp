#include "harness/sip_peer.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace genesys::harness {
namespace {

const char* const kHost = "127.0.0.1";

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::optional<SipText> readSip(const std::string& text) {
  const size_t headEnd = text.find("\r\n\r\n");
  if (headEnd == text.npos) return std::nullopt;
  SipText message;
  message.body = text.substr(headEnd + 4);
  size_t at = 0;
  while (at < headEnd) {
    const size_t end = std::min(text.find("\r\n", at), headEnd);
    const std::string line = text.substr(at, end - at);
    at = end + 2;
    if (message.start.empty()) {
      message.start = line;
      continue;
    }
    const size_t colon = line.find(':');
    if (colon == line.npos) return std::nullopt;
    const size_t value = line.find_first_not_of(' ', colon + 1);
    message.headers.emplace_back(line.substr(0, colon),
                                 value == line.npos ? "" : line.substr(value));
  }
  return message;
}

/// The user part of the first SIP URI in `text`.
std::string userIn(const std::string& text) {
  const size_t start = text.find("sip:");
  const size_t end = text.find('@');
  return start == text.npos || end == text.npos ? "" : text.substr(start + 4, end - start - 4);
}

std::string tagIn(const std::string& header) {
  const size_t at = header.find(";tag=");
  return at == header.npos ? "" : header.substr(at + 5, header.find(';', at + 5) - at - 5);
}

/// A status line and the headers that every answer copies from its request.
std::string answerHead(const SipText& request, int code) {
  std::string text = "SIP/2.0 " + std::to_string(code) + " Answer\r\n";
  for (const auto& [name, value] : request.headers) {
    const bool copied =
        strcasecmp(name.c_str(), "Via") == 0 || strcasecmp(name.c_str(), "From") == 0 ||
        strcasecmp(name.c_str(), "Call-ID") == 0 || strcasecmp(name.c_str(), "CSeq") == 0;
    if (copied) text += name + ": " + value + "\r\n";
  }
  const std::string to = request.header("To");
  return text + "To: " + to + (tagIn(to).empty() ? ";tag=peer" : "") + "\r\n";
}

std::string bodyWithHeaders(const std::string& sdp) {
  const std::string type = sdp.empty() ? "" : "Content-Type: application/sdp\r\n";
  return type + "Content-Length: " + std::to_string(sdp.size()) + "\r\n\r\n" + sdp;
}

}  // namespace

std::string SipText::header(const std::string& name) const {
  for (const auto& [key, value] : headers)
    if (strcasecmp(key.c_str(), name.c_str()) == 0) return value;
  return "";
}

std::string SipText::method() const {
  const std::string cseq = header("CSeq");
  return cseq.substr(std::min(cseq.find(' '), cseq.size() - 1) + 1);
}

int SipText::status() const {
  return start.rfind("SIP/2.0 ", 0) == 0 ? std::atoi(start.c_str() + 8) : 0;
}

LoopbackSocket::LoopbackSocket() : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  if (!fd_ || ::bind(fd_.get(), plain, size) != 0 || ::getsockname(fd_.get(), plain, &size) != 0)
    throw std::runtime_error("no UDP socket on loopback");
  port_ = ntohs(address.sin_port);
}

void LoopbackSocket::sendTo(uint16_t port, const void* data, size_t size) const {
  const sockaddr_in address = loopback(port);
  ::sendto(fd_.get(), data, size, 0, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
}

std::string LoopbackSocket::receive(std::chrono::milliseconds limit, uint16_t* from) const {
  pollfd ready{fd_.get(), POLLIN, 0};
  if (::poll(&ready, 1, static_cast<int>(limit.count())) <= 0) return "";
  std::array<char, 65536> buffer;
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  const ssize_t octets = ::recvfrom(fd_.get(), buffer.data(), buffer.size(), 0,
                                    reinterpret_cast<sockaddr*>(&address), &size);
  if (from) *from = ntohs(address.sin_port);
  return octets <= 0 ? "" : std::string(buffer.data(), static_cast<size_t>(octets));
}

SipPeer::SipPeer() : thread_([this] { run(); }) {}

SipPeer::~SipPeer() {
  stopping_ = true;
  thread_.join();
}

void SipPeer::run() {
  while (!stopping_) {
    uint16_t from = 0;
    const std::string text = socket_.receive(std::chrono::milliseconds(50), &from);
    if (!text.empty()) receive(text, from);
  }
}

void SipPeer::receive(const std::string& text, uint16_t from) {
  const auto message = readSip(text);
  if (!message) return;
  const std::string method = message->method();
  if (message->status() == 0 && (method == "REGISTER" || method == "BYE")) {
    const std::string contact = message->header("Contact");
    const std::string expires = message->header("Expires");
    const std::string extra = contact.empty() ? "" : "Contact: " + contact + "\r\n";
    const std::string answer = answerHead(*message, 200) + extra +
                               "Expires: " + (expires.empty() ? "1800" : expires) + "\r\n" +
                               bodyWithHeaders("");
    socket_.sendTo(from, answer.data(), answer.size());
  }
  const std::lock_guard lock(mutex_);
  if (method == "REGISTER") registered_[userIn(message->header("To"))] = from;
  if (method != "REGISTER") messages_.push_back(*message);
  changed_.notify_all();
}

uint16_t SipPeer::portOf(const std::string& dn, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [&] { return registered_.count(dn) != 0; });
  return registered_.count(dn) ? registered_[dn] : uint16_t{0};
}

std::string SipPeer::request(const std::string& method, const Dialog& dialog, int cseq,
                             const std::string& branch, const std::string& sdp) const {
  const std::string here = std::string(kHost) + ":" + std::to_string(port());
  const std::string toTag = dialog.toTag.empty() ? "" : ";tag=" + dialog.toTag;
  return method + " sip:" + dialog.dn + "@" + kHost + ":" + std::to_string(dialog.port) +
         " SIP/2.0\r\nFrom: sip:5550100@" + kHost + ";tag=caller\r\nTo: sip:" + dialog.dn + "@" +
         kHost + toTag + "\r\nCall-ID: " + dialog.callId + "\r\nCSeq: " + std::to_string(cseq) +
         " " + method + "\r\nVia: SIP/2.0/UDP " + here + ";branch=z9hG4bK" + branch +
         "\r\nContact: <sip:5550100@" + here +
         ">\r\nMax-Forwards: 70\r\nX-Genesys-CallUUID: 0123456789ABCDEF0123456789ABCDEF\r\n" +
         bodyWithHeaders(sdp);
}

SipPeer::Dialog SipPeer::invite(const std::string& dn, const std::string& sdp) {
  Dialog dialog{.dn = dn, .callId = "", .toTag = "", .port = portOf(dn), .cseq = 1};
  dialog.callId = "call-" + std::to_string(++calls_) + "-" + std::to_string(port());
  const std::string text = request("INVITE", dialog, dialog.cseq, "i" + dialog.callId, sdp);
  socket_.sendTo(dialog.port, text.data(), text.size());
  return dialog;
}

void SipPeer::ack(Dialog& dialog, const SipText& answer, const std::string& sdp) {
  dialog.toTag = tagIn(answer.header("To"));
  const std::string text = request("ACK", dialog, dialog.cseq, "a" + dialog.callId, sdp);
  socket_.sendTo(dialog.port, text.data(), text.size());
}

void SipPeer::cancel(const Dialog& dialog) {
  const std::string text = request("CANCEL", dialog, dialog.cseq, "i" + dialog.callId, "");
  socket_.sendTo(dialog.port, text.data(), text.size());
}

void SipPeer::bye(Dialog& dialog) {
  const std::string text = request("BYE", dialog, ++dialog.cseq, "b" + dialog.callId, "");
  socket_.sendTo(dialog.port, text.data(), text.size());
}

void SipPeer::respond(const SipText& request, int code, const std::string& sdp) {
  const std::string contact =
      "Contact: <sip:peer@" + std::string(kHost) + ":" + std::to_string(port()) + ">\r\n";
  const std::string text = answerHead(request, code) + contact + bodyWithHeaders(sdp);
  const std::string via = request.header("Via");
  const size_t colon = via.find(':');
  const int to = colon == via.npos ? 0 : std::atoi(via.c_str() + colon + 1);
  socket_.sendTo(static_cast<uint16_t>(to), text.data(), text.size());
}

std::optional<SipText> SipPeer::take(const std::function<bool(const SipText&)>& test,
                                     std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  auto found = messages_.end();
  const bool came = changed_.wait_for(lock, limit, [&] {
    found = std::find_if(messages_.begin(), messages_.end(), test);
    return found != messages_.end();
  });
  if (!came) return std::nullopt;
  SipText message = std::move(*found);
  messages_.erase(found);
  return message;
}

std::optional<SipText> SipPeer::takeRequest(const std::string& method,
                                            std::chrono::milliseconds limit) {
  return take([&](const SipText& m) { return m.status() == 0 && m.method() == method; }, limit);
}

std::optional<SipText> SipPeer::takeResponse(const std::string& callId, int status,
                                             std::chrono::milliseconds limit) {
  return take(
      [&](const SipText& m) { return m.status() == status && m.header("Call-ID") == callId; },
      limit);
}

std::string g711Sdp(uint16_t port, const std::string& direction) {
  return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio " +
         std::to_string(port) +
         " RTP/AVP 0 8 101\r\na=rtpmap:0 pcmu/8000\r\na=rtpmap:8 pcma/8000\r\n"
         "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=" +
         direction + "\r\n";
}

uint16_t audioPortIn(const std::string& sdp) {
  const size_t at = sdp.find("m=audio ");
  return at == sdp.npos ? uint16_t{0} : static_cast<uint16_t>(std::atoi(sdp.c_str() + at + 8));
}

}  // namespace genesys::harness
