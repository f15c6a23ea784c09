#include "engine/system_calls.hpp"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <atomic>
#include <string_view>

namespace {

std::atomic<uint64_t> waits, receives, sends, others;

// The name is given shortly after the thread has begun: until then it is asked for again.
bool isWorker() {
  thread_local bool worker = false;
  thread_local int asked = 0;
  if (worker || asked > 100) return worker;
  ++asked;
  char name[16] = "";
  pthread_getname_np(pthread_self(), name, sizeof name);
  return worker = std::string_view(name).starts_with("media-");
}

void count(std::atomic<uint64_t>& counter) {
  if (isWorker()) counter.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

extern "C" {

int __real_epoll_wait(int, epoll_event*, int, int);
int __real_recvmmsg(int, mmsghdr*, unsigned, int, timespec*);
int __real_sendmmsg(int, mmsghdr*, unsigned, int);
ssize_t __real_sendto(int, const void*, size_t, int, const sockaddr*, socklen_t);
ssize_t __real_read(int, void*, size_t);
ssize_t __real_write(int, const void*, size_t);

int __wrap_epoll_wait(int fd, epoll_event* events, int most, int timeout) {
  count(waits);
  return __real_epoll_wait(fd, events, most, timeout);
}
int __wrap_recvmmsg(int fd, mmsghdr* messages, unsigned most, int flags, timespec* timeout) {
  count(receives);
  return __real_recvmmsg(fd, messages, most, flags, timeout);
}
int __wrap_sendmmsg(int fd, mmsghdr* messages, unsigned most, int flags) {
  count(sends);
  return __real_sendmmsg(fd, messages, most, flags);
}
ssize_t __wrap_sendto(int fd, const void* data, size_t size, int flags, const sockaddr* to,
                      socklen_t length) {
  count(sends);
  return __real_sendto(fd, data, size, flags, to, length);
}
ssize_t __wrap_read(int fd, void* data, size_t size) {
  count(others);
  return __real_read(fd, data, size);
}
ssize_t __wrap_write(int fd, const void* data, size_t size) {
  count(others);
  return __real_write(fd, data, size);
}

}  // extern "C"

namespace genesys::load {

SystemCalls workersSystemCalls() {
  return {waits.load(), receives.load(), sends.load(), others.load()};
}

}  // namespace genesys::load
