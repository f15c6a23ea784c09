#include "sip/tls_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace genesys::sip {
namespace {

Failure<std::string> failed(const char* what) {
  return Failure{fmt::format("TLS: {}: {}", what, std::strerror(errno))};
}

bool writeAll(int fd, const std::string& content) {
  size_t done = 0;
  while (done < content.size()) {
    const ssize_t count = ::write(fd, content.data() + done, content.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    done += static_cast<size_t>(count);
  }
  return true;
}

}  // namespace

// sofia-sip's names: agent.pem holds certificate and key, cafile.pem the authorities.
Result<Done> TlsFiles::write(const TlsSettings& settings) {
  char name[] = "/tmp/genesys-tls-XXXXXX";  // mode 0700
  if (mkdtemp(name) == nullptr) return failed("a folder for the certificates");
  path_ = name;
  folder_ = UniqueFd(::open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  auto written = folder_ ? add("agent.pem", settings.certificate + "\n" + settings.key + "\n")
                         : Result<Done>(failed("a folder for the certificates"));
  if (written && !settings.authorities.empty())
    written = add("cafile.pem", settings.authorities + "\n");
  if (!written) remove();
  return written;
}

Result<Done> TlsFiles::add(const char* name, const std::string& content) {
  UniqueFd file(::memfd_create(name, MFD_CLOEXEC));
  if (!file || !writeAll(file.get(), content)) return failed("memory for the certificates");
  const std::string target = fmt::format("/proc/self/fd/{}", file.get());
  if (::symlinkat(target.c_str(), folder_.get(), name) != 0)
    return failed("a link to the certificates");
  names_.emplace_back(name);
  contents_.push_back(std::move(file));
  return Done{};
}

std::string TlsFiles::folder() const {
  return fmt::format("/proc/self/fd/{}", folder_.get());
}

void TlsFiles::remove() {
  for (const auto& name : names_) ::unlinkat(folder_.get(), name.c_str(), 0);
  names_.clear();
  contents_.clear();
  if (!path_.empty()) ::rmdir(std::exchange(path_, "").c_str());
}

}  // namespace genesys::sip
