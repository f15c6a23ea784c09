#include "sip/tls_files.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace genesys::sip {
namespace {

std::string contentOf(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(TlsFiles, StandInTheFolderUntilTheyAreRemoved) {
  TlsFiles files;
  TlsSettings settings;
  settings.certificate = "C";
  settings.key = "K";
  settings.authorities = "A";
  ASSERT_TRUE(files.write(settings));
  EXPECT_EQ(contentOf(files.folder() + "/agent.pem"), "C\nK\n");
  EXPECT_EQ(contentOf(files.folder() + "/cafile.pem"), "A\n");
  const auto named = std::filesystem::read_symlink(files.folder());
  const auto rights = std::filesystem::status(named).permissions();
  EXPECT_EQ(rights & std::filesystem::perms::others_all, std::filesystem::perms::none);
  files.remove();
  EXPECT_FALSE(std::filesystem::exists(named));
  EXPECT_FALSE(std::filesystem::exists(files.folder() + "/agent.pem"));
  // Whoever makes a folder of that name again is not read from.
  std::filesystem::create_directory(named);
  std::ofstream(named / "cafile.pem") << "evil";
  EXPECT_FALSE(std::filesystem::exists(files.folder() + "/cafile.pem"));
  std::filesystem::remove_all(named);
}

TEST(TlsFiles, WithoutAuthoritiesThereIsNoFileOfThem) {
  TlsFiles files;
  ASSERT_TRUE(files.write({}));
  EXPECT_FALSE(std::filesystem::exists(files.folder() + "/cafile.pem"));
  files.remove();
}

}  // namespace
}  // namespace genesys::sip
