// Names of calls, dialogs and transactions in the shapes SIP Server gives them. Main thread.
#pragma once

#include <cstdint>
#include <string>

#include "util/random.hpp"

namespace genesys::sim {

/// SIP Server draws one UUID per kind of name when it starts and then counts: tags `UUID-1`,
/// `UUID-2`, and so on. Equal seeds give equal names.
class Identifiers {
 public:
  explicit Identifiers(Random random);

  /// `<UUID>-n`
  std::string tag();
  /// `<UUID>-n@ip`
  std::string callId(const std::string& ip);
  /// `z9hG4bK<UUID>-n`
  std::string branch();
  /// X-Genesys-CallUUID: 26 digits of base 32 (a UUID) and a counter of 6, 32 characters in all.
  std::string callUuid();
  /// A digest nonce: 32 hexadecimal digits.
  std::string nonce();
  uint32_t random32() { return static_cast<uint32_t>(random_.next() >> 32); }

 private:
  std::string uuid();

  Random random_;
  std::string tagUuid_, callIdUuid_, branchUuid_, callUuidStem_;
  uint64_t tags_ = 0, callIds_ = 0, branches_ = 0, calls_ = 0;
};

}  // namespace genesys::sim
