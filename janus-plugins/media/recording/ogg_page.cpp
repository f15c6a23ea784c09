#include "media/recording/ogg_page.hpp"

#include <array>
#include <utility>

namespace genesys::media {
namespace {

constexpr size_t kMostLengths = 255;
constexpr size_t kChecksumAt = 22;

constexpr std::array<uint32_t, 256> makeTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t rest = i << 24;
    for (int bit = 0; bit < 8; ++bit)
      rest = rest & 0x80000000U ? rest << 1 ^ 0x04c11db7U : rest << 1;
    table[i] = rest;
  }
  return table;
}

}  // namespace

uint32_t oggChecksum(std::span<const uint8_t> octets) {
  static constexpr std::array<uint32_t, 256> table = makeTable();
  uint32_t sum = 0;
  for (const uint8_t octet : octets) sum = sum << 8 ^ table[sum >> 24 ^ octet];
  return sum;
}

bool OggPage::add(std::span<const uint8_t> packet) {
  const size_t lengths = packet.size() / 255 + 1;
  if (lengths_.size() + lengths > kMostLengths) return false;
  lengths_.insert(lengths_.end(), packet.size() / 255, 255);
  lengths_.push_back(static_cast<uint8_t>(packet.size() % 255));
  body_.insert(body_.end(), packet.begin(), packet.end());
  return true;
}

Octets OggPage::close(uint8_t flags, uint64_t position, uint32_t stream, uint32_t number) {
  Octets page;
  putText(page, "OggS");
  page.push_back(0);  // version
  page.push_back(flags);
  putLittle(page, position, 8);
  putLittle(page, stream, 4);
  putLittle(page, number, 4);
  putLittle(page, 0, 4);  // the checksum's place
  page.push_back(static_cast<uint8_t>(lengths_.size()));
  page.insert(page.end(), lengths_.begin(), lengths_.end());
  page.insert(page.end(), body_.begin(), body_.end());
  const uint32_t sum = oggChecksum(page);
  for (unsigned i = 0; i < 4; ++i) page[kChecksumAt + i] = static_cast<uint8_t>(sum >> 8 * i);
  lengths_.clear();
  body_.clear();
  return page;
}

}  // namespace genesys::media
