#include "observe/line_file.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

#include "util/log.hpp"

namespace genesys::observe {
namespace {

using testing::StartsWith;

class LineFileTest : public testing::Test {
 protected:
  LineFileTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "line-file-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    setLogSink([this](LogLevel, const std::string& line) { log += line + "\n"; });
    file.emplace(path());
  }
  ~LineFileTest() override {
    file.reset();
    setLogSink({});
    std::filesystem::remove_all(folder);
  }
  std::string path(const std::string& name = "calls") const { return folder + "/" + name; }
  /// Waits until `lines` were written or lost.
  void settle(uint64_t lines) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (file->written() + file->lost() < lines && std::chrono::steady_clock::now() < deadline)
      std::this_thread::yield();
    ASSERT_EQ(file->written() + file->lost(), lines);
  }
  static std::string contentOf(const std::string& name) {
    std::ifstream in(name);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }

  std::string folder;
  std::string log;  ///< by the file's thread, read when it has settled
  std::optional<LineFile> file;
};

TEST_F(LineFileTest, WritesLinesInOrderForItsOwnerAlone) {
  for (const char* line : {"one", "two", "three"}) file->write(line);
  settle(3);
  EXPECT_EQ(contentOf(path()), "one\ntwo\nthree\n");
  struct stat status {};
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_EQ(file->lost(), 0U);
}

TEST_F(LineFileTest, AppendsToWhatIsThere) {
  file->write("before");
  file.emplace(path());
  file->write("after");
  settle(1);
  EXPECT_EQ(contentOf(path()), "before\nafter\n");
}

TEST_F(LineFileTest, TheEndBringsOutWhatWaits) {
  for (int i = 0; i < 1000; ++i) file->write("x");
  file.reset();
  EXPECT_EQ(contentOf(path()).size(), 2000U);
  file.emplace(path());
}

TEST_F(LineFileTest, ANewFileIsMadeWhenTheOldOneIsMovedAway) {
  file->write("old");
  settle(1);
  std::filesystem::rename(path(), path("calls.1"));
  file->write("new");
  settle(2);
  EXPECT_EQ(contentOf(path("calls.1")), "old\n");
  EXPECT_EQ(contentOf(path()), "new\n");
  std::filesystem::remove(path());
  file->write("newer");
  settle(3);
  EXPECT_EQ(contentOf(path()), "newer\n");
}

TEST_F(LineFileTest, WithoutAFolderLinesAreLostAndToldOnce) {
  file.emplace(path("nowhere/calls"));
  file->write("a");
  file->write("b");
  settle(2);
  EXPECT_EQ(file->lost(), 2U);
  std::filesystem::create_directory(path("nowhere"));
  file->write("c");
  settle(3);
  EXPECT_EQ(contentOf(path("nowhere/calls")), "c\n");
  EXPECT_EQ(file->lost(), 2U);
  file.reset();
  EXPECT_EQ(log, path("nowhere/calls") + ": a line is lost: No such file or directory\n" +
                     path("nowhere/calls") + " can be written again\n");
}

// The largest size of a file stands for a full disk: write() is cut short, then fails.
TEST_F(LineFileTest, AFullDiskLosesLinesAndTheNextOneStartsAfresh) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 10;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  file->write("1234567");
  file->write("abcdefg");
  file->write("ABCDEFG");
  settle(3);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(file->lost(), 2U);
  file->write("again");
  settle(4);
  EXPECT_EQ(contentOf(path()), "1234567\nab\nagain\n");
}

TEST_F(LineFileTest, NobodyWaitsForTheDisk) {
  file.emplace(path(), 3);
  std::filesystem::remove(path());
  for (int i = 0; i < 100'000; ++i) file->write("x");
  file->write("last");
  settle(100'001);
  EXPECT_GT(file->written(), 0U);
  EXPECT_EQ(contentOf(path()).find("xx"), std::string::npos);
}

TEST_F(LineFileTest, ALinkInItsPlaceIsNotFollowed) {
  std::filesystem::create_symlink(path("elsewhere"), path());
  file->write("a");
  settle(1);
  EXPECT_EQ(file->lost(), 1U);
  EXPECT_FALSE(std::filesystem::exists(path("elsewhere")));
  file.reset();
  EXPECT_THAT(log, StartsWith(path() + ": a line is lost: "));
  file.emplace(path());
}

}  // namespace
}  // namespace genesys::observe
