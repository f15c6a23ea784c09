#include "media/recording/output_file.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <system_error>

namespace genesys::media {
namespace {

Failure<std::string> failure() {
  return Failure{std::generic_category().message(errno)};
}

}  // namespace

Result<OutputFile> OutputFile::create(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) return failure();
  return OutputFile(std::move(fd));
}

Result<Done> OutputFile::write(std::span<const uint8_t> octets) {
  const auto written = patch(size_, octets);
  if (written) size_ += octets.size();
  return written;
}

Result<Done> OutputFile::patch(uint64_t offset, std::span<const uint8_t> octets) {
  while (!octets.empty()) {
    const ssize_t count =
        ::pwrite(fd_.get(), octets.data(), octets.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure();
    offset += static_cast<uint64_t>(count);
    octets = octets.subspan(static_cast<size_t>(count));
  }
  return Done{};
}

uint64_t OutputFile::freeOctets() const {
  struct statvfs status {};
  if (::fstatvfs(fd_.get(), &status) != 0) return UINT64_MAX;
  return uint64_t{status.f_bavail} * status.f_frsize;
}

}  // namespace genesys::media
