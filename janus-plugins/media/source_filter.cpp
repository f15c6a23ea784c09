#include "media/source_filter.hpp"

namespace genesys::media {

bool SourceFilter::negotiate(const std::optional<SocketAddress>& remote) {
  if (remote == negotiated_) return false;
  negotiated_ = remote;
  learned_.reset();
  packets_ = 0;
  return true;
}

bool SourceFilter::mayBe(const SocketAddress& source) const {
  if (!negotiated_) return false;
  if (source == *negotiated_)
    return !learned_ || *learned_ == source || packets_ < kLearningPackets;
  if (!symmetric_) return false;
  return learned_ ? source == *learned_ : packets_ < kLearningPackets;
}

void SourceFilter::heard(const SocketAddress& source) {
  if (packets_ >= kLearningPackets) return;
  packets_++;
  if (source == *negotiated_)
    learned_.reset();
  else if (!learned_)
    learned_ = source;
  if (source == *negotiated_) packets_ = kLearningPackets;
}

}  // namespace genesys::media
