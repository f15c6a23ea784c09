// Accepts connections of nginx, opens one to Janus for each, and drives them all: one thread,
// epoll.
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "socket_guard/address.hpp"
#include "socket_guard/connection.hpp"
#include "util/result.hpp"

namespace genesys::socket_guard {

class Listener {
 public:
  /// Listens from now on; the error says why it cannot.
  static Result<std::unique_ptr<Listener>> open(const Address& listen, const Address& janus,
                                                const Limits& limits);

  /// Works for ever.
  [[noreturn]] void run();

 private:
  struct Entry {
    std::unique_ptr<Connection> connection;
    uint32_t browserEvents = 0;  // as epoll knows them
    uint32_t janusEvents = 0;
  };
  using Entries = std::map<uint64_t, Entry>;

  Listener(UniqueFd socket, UniqueFd poll, const Address& janus, const Limits& limits);

  void accept(MonoTime now);
  void drive(Entries::iterator entry, bool broken, MonoTime now);
  void sweep(MonoTime now);
  void watch(uint64_t number, Entry& entry, MonoTime now);
  void end(Entries::iterator entry, std::string_view reason);

  UniqueFd socket_;
  UniqueFd poll_;
  Address janus_;
  Limits limits_;
  Entries entries_;  // by a number that is never used again
  uint64_t nextNumber_ = 1;
  MonoTime swept_;
};

}  // namespace genesys::socket_guard
