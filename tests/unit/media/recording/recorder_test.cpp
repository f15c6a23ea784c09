#include "media/recording/recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <mutex>

#include "media/g711.hpp"
#include "media/opus.hpp"
#include "media/recording/ogg_page.hpp"
#include "media/rtp_packet.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Format = RecordingPlan::Format;

constexpr double kAgent = 440;  // Hz, as in the files: left
constexpr double kFar = 660;

class RecorderTest : public testing::Test {
 protected:
  void SetUp() override {
    folder = std::filesystem::temp_directory_path() / "genesys-recorder.XXXXXX";
    std::string name = folder.string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder = name;
    config.folder = name;
    config.leastFree = 0;
  }
  void TearDown() override {
    recorder.reset();
    std::filesystem::remove_all(folder);
  }

  std::unique_ptr<Recorder> make() {
    auto made = makeRecorder(config);
    EXPECT_TRUE(made) << made.error();
    return std::move(made).value();
  }
  std::shared_ptr<RecordingSink> open(Format format, const std::string& name = "call",
                                      bool agent = true, bool farEnd = true,
                                      const Codec& law = pcmu()) {
    if (!recorder) recorder = make();
    return recorder->open({format, name, agent, farEnd, &law}, [this](const RecordingEnd& e) {
      const std::lock_guard lock(mutex);
      ends.push_back(e);
      changed.notify_all();
    });
  }
  static std::unique_ptr<RecordedChunk> chunk(uint64_t at, size_t samples = 800) {
    auto made = std::make_unique<RecordedChunk>();
    made->at = at;
    made->samples = static_cast<uint16_t>(samples);
    std::ranges::copy(test::tone(kAgent, 8000, samples, 8000, at), made->agent.begin());
    std::ranges::copy(test::tone(kFar, 8000, samples, 8000, at), made->farEnd.begin());
    return made;
  }
  /// So much of both tones, no faster than it can be written.
  void speak(RecordingSink& sink, size_t chunks, uint64_t at = 0) {
    for (size_t i = 0; i < chunks; ++i) {
      sink.write(chunk(at + i * 800));
      if (i % 20 == 19) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  RecordingEnd end(size_t number = 0) {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(
        changed.wait_for(lock, std::chrono::seconds(10), [&] { return ends.size() > number; }));
    return ends.size() > number ? ends[number] : RecordingEnd{};
  }
  std::vector<uint8_t> read(const std::string& name) const {
    std::ifstream file(folder / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static uint32_t little(const std::vector<uint8_t>& octets, size_t at) {
    return octets[at] | octets[at + 1] << 8 | octets[at + 2] << 16 |
           static_cast<uint32_t>(octets[at + 3]) << 24;
  }

  std::filesystem::path folder;
  RecorderConfig config;
  std::unique_ptr<Recorder> recorder;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<RecordingEnd> ends;
};

/// Every second sample of a WAV, from `channel` on.
std::vector<int16_t> channel(const std::vector<uint8_t>& wav, size_t channel) {
  std::vector<int16_t> pcm;
  for (size_t at = 44 + 2 * channel; at + 1 < wav.size(); at += 4)
    pcm.push_back(static_cast<int16_t>(wav[at] | wav[at + 1] << 8));
  return pcm;
}

TEST_F(RecorderTest, AWavHasTheAgentLeftAndTheFarEndRight) {
  const auto sink = open(Format::Wav);
  speak(*sink, 15);
  sink->finish();
  const RecordingEnd ended = end();
  EXPECT_FALSE(ended.failed);
  EXPECT_EQ(ended.reason, "");
  EXPECT_EQ(ended.length, Millis(1500));
  EXPECT_EQ(ended.dropped, Millis(0));
  const auto wav = read("call.wav");
  ASSERT_EQ(wav.size(), 44U + 12000 * 4);
  EXPECT_EQ(little(wav, 4), wav.size() - 8);
  EXPECT_EQ(little(wav, 24), 8000U);
  EXPECT_EQ(little(wav, 40), 12000U * 4);
  EXPECT_GT(test::shareAt(kAgent, 8000, channel(wav, 0)), 0.999);
  EXPECT_GT(test::shareAt(kFar, 8000, channel(wav, 1)), 0.999);
}

TEST_F(RecorderTest, OnlyTheOwnerMayReadAndNothingIsOverwritten) {
  std::ofstream(folder / "there.wav") << "old";
  std::filesystem::create_symlink(folder / "elsewhere", folder / "link.wav");
  const auto sink = open(Format::Wav);
  sink->finish();
  end();
  struct stat status {};
  ASSERT_EQ(::stat((folder / "call.wav").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  open(Format::Wav, "there");
  EXPECT_TRUE(end(1).failed);
  EXPECT_THAT(end(1).reason, HasSubstr("there.wav: File exists"));
  open(Format::Wav, "link");
  EXPECT_TRUE(end(2).failed);
  EXPECT_EQ(read("there.wav").size(), 3U);
  EXPECT_FALSE(std::filesystem::exists(folder / "elsewhere"));
}

TEST_F(RecorderTest, TheFolderHasToBeThereAndOurs) {
  const auto refusal = [this](const std::filesystem::path& path) {
    config.folder = path;
    const auto made = makeRecorder(config);
    return made ? "accepted" : made.error();
  };
  EXPECT_THAT(refusal(folder / "none"), HasSubstr("No such file"));
  std::ofstream(folder / "file") << "x";
  EXPECT_THAT(refusal(folder / "file"), HasSubstr("file"));
  std::filesystem::create_directory(folder / "open");
  std::filesystem::permissions(folder / "open", std::filesystem::perms::all);
  EXPECT_THAT(refusal(folder / "open"), HasSubstr("chmod o-w"));
  EXPECT_EQ(refusal(folder), "accepted");
}

TEST_F(RecorderTest, AFolderThatGoesAwayFailsTheRecording) {
  config.folder = folder / "gone";
  std::filesystem::create_directory(config.folder);
  recorder = make();
  std::filesystem::remove(config.folder);
  open(Format::Mjr);
  EXPECT_TRUE(end().failed);
  EXPECT_THAT(end().reason, HasSubstr("call-user-audio.mjr: No such file"));
}

/// Files of this process may not grow beyond `octets` meanwhile.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t octets) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{octets, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallFiles() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST_F(RecorderTest, AWriteThatFailsEndsTheRecordingAndWhatIsThereStaysWhole) {
  const auto sink = open(Format::Wav);
  const SmallFiles limited(44 + 16000 * 4);  // two seconds
  speak(*sink, 40);
  const RecordingEnd ended = end();
  EXPECT_TRUE(ended.failed);
  EXPECT_THAT(ended.reason, HasSubstr("File too large"));
  EXPECT_EQ(ended.length, Millis(2000));
  EXPECT_EQ(little(read("call.wav"), 40), 16000U * 4);
  EXPECT_FALSE(sink->write(chunk(0)));
}

TEST_F(RecorderTest, NoRecordingBeginsOnADiskThatIsNearlyFull) {
  config.leastFree = UINT64_MAX;
  const auto sink = open(Format::Wav);
  EXPECT_TRUE(end().failed);
  EXPECT_THAT(end().reason, HasSubstr("nearly full"));
  EXPECT_FALSE(sink->write(chunk(0)));
}

TEST_F(RecorderTest, EndsAtTheLongestThatIsAllowed) {
  config.longest = Seconds(2);
  const auto sink = open(Format::Wav);
  speak(*sink, 25);
  const RecordingEnd ended = end();
  EXPECT_FALSE(ended.failed);
  EXPECT_THAT(ended.reason, HasSubstr("as long as is allowed"));
  EXPECT_EQ(ended.length, Millis(2000));
  EXPECT_EQ(read("call.wav").size(), 44U + 16000 * 4);
  EXPECT_FALSE(sink->write(chunk(20000)));
}

TEST_F(RecorderTest, WhatIsLeftOutIsSilence) {
  const auto sink = open(Format::Wav);
  sink->write(chunk(0));
  sink->write(chunk(8000));
  sink->finish();
  EXPECT_EQ(end().length, Millis(1100));
  const auto left = channel(read("call.wav"), 0);
  ASSERT_EQ(left.size(), 8800U);
  EXPECT_TRUE(
      std::all_of(left.begin() + 800, left.begin() + 8000, [](int16_t s) { return s == 0; }));
  EXPECT_GT(test::shareAt(kAgent, 8000, std::span(left).subspan(8000)), 0.99);
}

TEST_F(RecorderTest, ADiskThatIsTooSlowIsCountedAndHoldsNobodyUp) {
  recorder = make();
  std::ofstream(folder / "there.wav") << "old";
  std::promise<void> gate;
  const std::shared_future<void> opened = gate.get_future().share();
  recorder->open({Format::Wav, "there"}, [opened](const RecordingEnd&) { opened.wait(); });
  const auto sink = open(Format::Wav);  // its files are not even made yet
  for (size_t i = 0; i < 60; ++i) EXPECT_TRUE(sink->write(chunk(i * 800)));
  sink->finish();
  gate.set_value();
  EXPECT_EQ(end().length, Millis(5000));
  EXPECT_EQ(end().dropped, Millis(1000));
}

TEST_F(RecorderTest, TheSideThatIsNotAskedForIsSilentInStereo) {
  const auto sink = open(Format::Wav, "call", false, true);
  speak(*sink, 5);
  sink->finish();
  end();
  const auto left = channel(read("call.wav"), 0);
  EXPECT_TRUE(std::ranges::all_of(left, [](int16_t sample) { return sample == 0; }));
  EXPECT_GT(test::shareAt(kFar, 8000, channel(read("call.wav"), 1)), 0.99);
}

TEST_F(RecorderTest, TheGatewayStopsAndFilesAreWhole) {
  const auto sink = open(Format::Wav);
  speak(*sink, 15);
  recorder.reset();
  EXPECT_THAT(end().reason, HasSubstr("stops"));
  EXPECT_EQ(little(read("call.wav"), 40), 12000U * 4);
}

struct Mjr {
  std::string info;
  std::vector<RtpHeader> headers;
  std::vector<uint32_t> times;
  std::vector<int16_t> pcm;
};

Mjr parseMjr(const std::vector<uint8_t>& octets, const G711Law& law) {
  Mjr mjr;
  EXPECT_EQ(std::string(octets.begin(), octets.begin() + 8), "MJR00002");
  const size_t length = readUint16(&octets[8]);
  mjr.info.assign(octets.begin() + 10, octets.begin() + 10 + static_cast<ptrdiff_t>(length));
  for (size_t at = 10 + length; at < octets.size();) {
    EXPECT_EQ(std::string(&octets[at], &octets[at] + 4), "MEET");
    mjr.times.push_back(readUint32(&octets[at + 4]));
    const size_t size = readUint16(&octets[at + 8]);
    const auto packet = parseRtp(std::span(octets).subspan(at + 10, size));
    EXPECT_TRUE(packet);
    mjr.headers.push_back(packet->header);
    std::vector<int16_t> pcm(packet->payload.size());
    decodeG711(law, packet->payload, pcm);
    mjr.pcm.insert(mjr.pcm.end(), pcm.begin(), pcm.end());
    at += 10 + size;
  }
  return mjr;
}

TEST_F(RecorderTest, AnMjrOfEachSide) {
  const auto sink = open(Format::Mjr, "call", true, true, pcma());
  speak(*sink, 9);
  sink->write(chunk(7200, 100));
  sink->finish();
  EXPECT_EQ(end().length, Millis(912));
  const Mjr agent = parseMjr(read("call-user-audio.mjr"), aLaw());
  EXPECT_THAT(agent.info,
              testing::MatchesRegex(R"(\{"t":"a","c":"pcma","s":[0-9]{16},"u":[0-9]{16}\})"));
  ASSERT_EQ(agent.headers.size(), 46U);  // the last one filled up with silence
  for (size_t i = 0; i < agent.headers.size(); ++i) {
    EXPECT_EQ(agent.headers[i].payloadType, 8);
    EXPECT_EQ(agent.headers[i].sequence, i + 1);
    EXPECT_EQ(agent.headers[i].timestamp, i * 160);
    EXPECT_EQ(agent.times[i], i * 20);
  }
  EXPECT_GT(test::shareAt(kAgent, 8000, std::span(agent.pcm).first(7300)), 0.99);
  const Mjr far = parseMjr(read("call-peer-audio.mjr"), aLaw());
  EXPECT_GT(test::shareAt(kFar, 8000, std::span(far.pcm).first(7300)), 0.99);
}

TEST_F(RecorderTest, OneSideIsOneMjr) {
  open(Format::Mjr, "mine", true, false)->finish();
  open(Format::Mjr, "theirs", false, true)->finish();
  end(1);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename());
  std::ranges::sort(names);
  EXPECT_THAT(names, ElementsAre("mine-user-audio.mjr", "theirs-peer-audio.mjr"));
}

TEST(OggPage, ChecksumsAsTheFormatSays) {
  const std::string text = "123456789";
  const std::vector<uint8_t> octets(text.begin(), text.end());
  EXPECT_EQ(oggChecksum(octets), 0x89a1897fU);  // of CRC-32/CKSUM, before its last inversion
}

TEST_F(RecorderTest, AnOpusFileIsAnUnbrokenRowOfPages) {
  const auto sink = open(Format::Opus);
  speak(*sink, 25);
  sink->finish();
  EXPECT_EQ(end().reason, "");
  const auto ogg = read("call.opus");
  uint32_t number = 0;
  uint64_t position = 0;
  uint8_t flags = 0;
  for (size_t at = 0; at < ogg.size(); ++number) {
    ASSERT_EQ(std::string(&ogg[at], &ogg[at] + 4), "OggS");
    flags = ogg[at + 5];
    EXPECT_EQ((flags & 2) != 0, number == 0);
    position = little(ogg, at + 6);
    EXPECT_EQ(little(ogg, at + 18), number);
    const size_t segments = ogg[at + 26];
    size_t size = 27 + segments;
    for (size_t i = 0; i < segments; ++i) size += ogg[at + 27 + i];
    std::vector<uint8_t> page(&ogg[at], &ogg[at] + size);
    const uint32_t sum = little(page, 22);
    std::fill(page.begin() + 22, page.begin() + 26, uint8_t{0});
    EXPECT_EQ(oggChecksum(page), sum);
    at += size;
  }
  EXPECT_EQ(flags, 4);
  const uint32_t skip = ogg[28 + 10] | ogg[28 + 11] << 8;
  EXPECT_EQ(position, 20000U * 6 + skip);
}

}  // namespace
}  // namespace genesys::media
