// What sofia-sip's transports say of failed connections, which its events do not tell: the reason
// of a TLS handshake that failed. sofia-sip's log is one for the process. SIP loop.
#pragma once

#include <cstdarg>
#include <string>

namespace genesys::sip {

/// What sofia-sip has to say becomes debug lines of our log, for the rest of the process. By itself
/// it writes to standard error and waits until that is read: a log that is blocked would stop the
/// SIP loop.
void hearStack();

class StackLog {
 public:
  /// Takes the log over; lines go to our own as debug lines.
  StackLog();
  ~StackLog();
  StackLog(const StackLog&) = delete;
  StackLog& operator=(const StackLog&) = delete;

  /// Why the latest TLS handshake failed, such as "the certificate is not for sip.example.com"; ""
  /// if none did since clear().
  const std::string& tlsFault() const { return tlsFault_; }
  void clear() { tlsFault_.clear(); }

  /// A line of sofia-sip's.
  void read(const std::string& line);

 private:
  static void receive(void* self, const char* format, va_list arguments);

  std::string tlsFault_;
};

}  // namespace genesys::sip
