// PCM on its way from packets of one length to packets of another: first in, first out, without
// allocation. Lives on its leg's worker.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace genesys::media {

class PcmQueue {
 public:
  /// 300 ms at 16 kHz: the longest Opus packet beyond the longest wait and the longest ptime.
  static constexpr size_t kCapacity = 4800;

  size_t size() const { return end_ - begin_; }
  void clear() { begin_ = end_ = 0; }

  /// Appends; returns how many of the oldest samples had to go to make room.
  size_t push(std::span<const int16_t> pcm) {
    if (pcm.size() > kCapacity) pcm = pcm.last(kCapacity);
    const size_t excess = size() + pcm.size() > kCapacity ? size() + pcm.size() - kCapacity : 0;
    drop(excess);
    if (end_ + pcm.size() > kCapacity) {
      std::copy(samples_.begin() + begin_, samples_.begin() + end_, samples_.begin());
      end_ -= begin_;
      begin_ = 0;
    }
    std::copy(pcm.begin(), pcm.end(), samples_.begin() + end_);
    end_ += pcm.size();
    return excess;
  }

  /// Takes `count` samples off the front, at most size(); the span is valid until the next push.
  std::span<const int16_t> take(size_t count) {
    const std::span<const int16_t> front(&samples_[begin_], std::min(count, size()));
    drop(front.size());
    return front;
  }

  void drop(size_t count) {
    begin_ += std::min(count, size());
    if (begin_ == end_) clear();
  }

 private:
  std::array<int16_t, kCapacity + 1> samples_;
  size_t begin_ = 0;
  size_t end_ = 0;
};

}  // namespace genesys::media
