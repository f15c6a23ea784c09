#include "media/encoder_choice.hpp"

#include <array>

namespace genesys::media {
namespace {

// 1/256, as reports have it.
constexpr uint8_t percent(double loss) {
  return static_cast<uint8_t>(loss * 2.56 + 0.5);
}

struct Row {
  uint8_t enter;  ///< loss from which the row is used
  uint8_t leave;  ///< loss below which a better row is thought of
  OpusSetting narrow;
  OpusSetting wide;
};

// What the rows cost is in docs/performance.md; how they sound was measured as objective MOS. At
// 0.5 % loss the clean row and FEC are equal (FEC costs 0.1 MOS where nothing is lost, the clean
// row 0.28 per per cent); one packet of a browser's usual report of 5 s is 0.4 %, and says nothing
// by itself. Without a wide margin between enter and leave a path at the border would change its
// encoder with every report. Above 8 %, FEC spends its bits on the repair: what is lost twice in a
// row is lost anyway.
constexpr std::array<Row, 3> kRows{{
    {0, 0, kOpusCleanPath, kOpusCleanWidePath},
    {percent(1), percent(0.6), {false, 0, 40000, true, 10}, {false, 5, 40000, true, 10}},
    {percent(8), percent(5), {false, 0, 48000, true, 25}, {false, 5, 48000, true, 25}},
}};

const Row& rowOf(EncoderChoice::Path path) {
  return kRows[static_cast<size_t>(path)];
}

}  // namespace

void EncoderChoice::reported(uint8_t fractionLost, MonoTime now) {
  Path wanted = path_;
  for (const Path path : {Path::Lossy, Path::Poor})
    if (path > path_ && fractionLost >= rowOf(path).enter) wanted = path;
  if (wanted != path_ || fractionLost >= rowOf(path_).leave) {
    path_ = wanted;
    worseAt_ = now;
    return;
  }
  if (path_ == Path::Clean || now - worseAt_ < kTrust) return;
  path_ = static_cast<Path>(static_cast<uint8_t>(path_) - 1);
  worseAt_ = now;
}

const OpusSetting& EncoderChoice::setting(uint32_t sampleRate) const {
  const Row& row = rowOf(path_);
  return sampleRate > 8000 ? row.wide : row.narrow;
}

}  // namespace genesys::media
