// Certificates and keys for sofia-sip, which reads them from files of fixed names in one folder and
// takes no other way. The files are in memory only; the folder is gone as soon as it is opened.
#pragma once

#include <string>
#include <vector>

#include "sip/transport.hpp"
#include "util/result.hpp"
#include "util/unique_fd.hpp"

namespace genesys::sip {

class TlsFiles {
 public:
  Result<Done> write(const TlsSettings& settings);
  /// Of the folder; good while this object lives.
  std::string folder() const;
  /// Takes the files away, once sofia-sip has read them. The folder stays open and empty: sofia-sip
  /// looks there for further authorities at each connection, and nobody else may put one there.
  void remove();

 private:
  Result<Done> add(const char* name, const std::string& content);

  std::string path_;
  UniqueFd folder_;
  std::vector<UniqueFd> contents_;
  std::vector<std::string> names_;
};

}  // namespace genesys::sip
