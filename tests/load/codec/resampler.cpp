#include "codec/resampler.hpp"

#include <speex/speex_resampler.h>

#include <stdexcept>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/samplefmt.h>
#include <libswresample/swresample.h>
}

namespace genesys::bench {
namespace {

struct SpeexDestroy {
  void operator()(SpeexResamplerState* state) const { speex_resampler_destroy(state); }
};

class Speex : public Resampler {
 public:
  Speex(uint32_t from, uint32_t to, int quality) : from_(from), to_(to) {
    int error = RESAMPLER_ERR_SUCCESS;
    state_.reset(speex_resampler_init(1, from, to, quality, &error));
    if (error != RESAMPLER_ERR_SUCCESS) throw std::runtime_error("libspeexdsp: no resampler");
  }

  void convert(std::span<const int16_t> pcm, std::vector<int16_t>& out) override {
    auto in = static_cast<spx_uint32_t>(pcm.size());
    auto made = static_cast<spx_uint32_t>(uint64_t{in} * to_ / from_ + 1);
    const size_t begin = out.size();
    out.resize(begin + made);
    speex_resampler_process_int(state_.get(), 0, pcm.data(), &in, out.data() + begin, &made);
    out.resize(begin + made);
  }

 private:
  uint32_t from_;
  uint32_t to_;
  std::unique_ptr<SpeexResamplerState, SpeexDestroy> state_;
};

struct SwDestroy {
  void operator()(SwrContext* context) const { swr_free(&context); }
};

class Sw : public Resampler {
 public:
  Sw(uint32_t from, int fromChannels, uint32_t to, int toChannels)
      : fromChannels_(fromChannels), toChannels_(toChannels) {
    AVChannelLayout in;
    AVChannelLayout out;
    av_channel_layout_default(&in, fromChannels);
    av_channel_layout_default(&out, toChannels);
    SwrContext* context = nullptr;
    if (swr_alloc_set_opts2(&context, &out, AV_SAMPLE_FMT_S16, static_cast<int>(to), &in,
                            AV_SAMPLE_FMT_S16, static_cast<int>(from), 0, nullptr) < 0)
      throw std::runtime_error("libswresample: no context");
    context_.reset(context);
    if (swr_init(context) < 0) throw std::runtime_error("libswresample: no resampler");
  }

  void convert(std::span<const int16_t> pcm, std::vector<int16_t>& out) override {
    const int in = static_cast<int>(pcm.size()) / fromChannels_;
    const int room = swr_get_out_samples(context_.get(), in);
    const size_t begin = out.size();
    out.resize(begin + static_cast<size_t>(room * toChannels_));
    auto* to = reinterpret_cast<uint8_t*>(out.data() + begin);
    const auto* from = reinterpret_cast<const uint8_t*>(pcm.data());
    const int made = swr_convert(context_.get(), &to, room, &from, in);
    if (made < 0) throw std::runtime_error("libswresample: cannot convert");
    out.resize(begin + static_cast<size_t>(made * toChannels_));
  }

 private:
  int fromChannels_;
  int toChannels_;
  std::unique_ptr<SwrContext, SwDestroy> context_;
};

}  // namespace

std::unique_ptr<Resampler> speexResampler(uint32_t from, uint32_t to, int quality) {
  return std::make_unique<Speex>(from, to, quality);
}

std::unique_ptr<Resampler> swResampler(uint32_t from, int fromChannels, uint32_t to,
                                       int toChannels) {
  return std::make_unique<Sw>(from, fromChannels, to, toChannels);
}

}  // namespace genesys::bench
