// A new file that only its owner may read. Writer thread only.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "util/result.hpp"
#include "util/unique_fd.hpp"

namespace genesys::media {

class OutputFile {
 public:
  /// Makes it with mode 0600; a file, or a link, that is there already is left alone and an error.
  static Result<OutputFile> create(const std::string& path);

  /// Appends all of it, or says why it cannot be.
  Result<Done> write(std::span<const uint8_t> octets);
  /// Overwrites what is there already.
  Result<Done> patch(uint64_t offset, std::span<const uint8_t> octets);
  uint64_t size() const { return size_; }
  /// What the file system still has for us, octets.
  uint64_t freeOctets() const;

 private:
  explicit OutputFile(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
  uint64_t size_ = 0;
};

}  // namespace genesys::media
