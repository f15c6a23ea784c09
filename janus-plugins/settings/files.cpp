#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cstring>

#include "settings/rules.hpp"
#include "settings/sections.hpp"
#include "util/log.hpp"
#include "util/unique_fd.hpp"

namespace genesys::settings {
namespace {

constexpr size_t kMaxOctets = 65536;

/// Appends what is left of `fd`, at most a little over kMaxOctets; false on an error (errno).
bool readAll(int fd, std::string& content) {
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = ::read(fd, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    if (count == 0) return true;
    content.append(buffer.data(), static_cast<size_t>(count));
    if (content.size() > kMaxOctets) return true;
  }
}

}  // namespace

std::string readFileOption(Group& group, const char* name, bool secret) {
  const std::string named = group.text(name, rules::kFile, "");
  if (named.empty()) return {};
  const auto refuse = [&](const std::string& reason) {
    group.refuse(name, reason);
    return std::string();
  };
  const std::string path = (group.reading().folder() / named).string();
  const auto unreadable = [&] {
    return refuse(fmt::format("{} cannot be read: {}", path, std::strerror(errno)));
  };
  // O_NONBLOCK: a FIFO in its place must not hold the start.
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return unreadable();
  if (!S_ISREG(status.st_mode)) return refuse(path + " is no file");
  if (status.st_mode & S_IWOTH) return refuse(path + " may be written by everybody: chmod o-w");
  if (secret && (status.st_mode & S_IROTH))
    logWarning("{} holds a secret and may be read by everybody: chmod o-r", path);
  std::string content;
  if (!readAll(fd.get(), content)) return unreadable();
  if (content.size() > kMaxOctets)
    return refuse(fmt::format("{} is longer than {} octets", path, kMaxOctets));
  if (secret)  // an editor's line end is no part of it
    content.erase(content.find_last_not_of("\r\n") + 1);
  if (content.empty()) return refuse(path + " is empty");
  if (isPlaceholder(content))
    return refuse(path + " still has the placeholder of the sample; put a value of your own there");
  group.noteContent(name, content);
  return content;
}

}  // namespace genesys::settings
