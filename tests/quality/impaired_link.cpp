#include "impaired_link.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace genesys::quality {
namespace {

constexpr double kMostLoss = 0.9;
constexpr double kLongest = 5000;  // ms

struct Field {
  std::string_view name;
  double least;
  double most;
  void (*set)(Impairment& impairment, double value);
};

Millis millis(double value) {
  return Millis(static_cast<int64_t>(value));
}

constexpr Field kFields[] = {
    {"loss", 0, kMostLoss, [](Impairment& i, double v) { i.loss = v; }},
    {"burst", 0, 100, [](Impairment& i, double v) { i.burst = v; }},
    {"delay", 0, kLongest, [](Impairment& i, double v) { i.delay = millis(v); }},
    {"jitter", 0, kLongest, [](Impairment& i, double v) { i.jitter = millis(v); }},
    {"reorder", 0, 1, [](Impairment& i, double v) { i.reorder = v; }},
    {"reorder_by", 0, kLongest, [](Impairment& i, double v) { i.reorderBy = millis(v); }},
    {"duplicate", 0, 1, [](Impairment& i, double v) { i.duplicate = v; }},
};

bool assign(Impairment& impairment, std::string_view pair) {
  const size_t equals = pair.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view number = pair.substr(equals + 1);
  double value = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
  if (read.ec != std::errc() || read.ptr != number.data() + number.size()) return false;
  for (const Field& field : kFields) {
    if (field.name != pair.substr(0, equals)) continue;
    if (value < field.least || value > field.most) return false;
    field.set(impairment, value);
    return true;
  }
  return false;
}

}  // namespace

std::optional<Impairment> Impairment::parse(std::string_view text) {
  Impairment impairment;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    if (!assign(impairment, text.substr(0, comma))) return std::nullopt;
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  // A run has at least one packet, and runs with one good packet between them are the most there
  // is.
  if (impairment.burst != 0 && impairment.burst < 1) return std::nullopt;
  return impairment;
}

double ImpairedLink::even() {
  return static_cast<double>(random_.next() >> 11) * 0x1p-53;
}

// Gilbert's two states: all is lost in the bad one, nothing in the good one.
bool ImpairedLink::lost(double chance) {
  if (impairment_.burst == 0) return chance < impairment_.loss;
  const double leave = 1 / impairment_.burst;
  const double enter = impairment_.loss * leave / (1 - impairment_.loss);
  bad_ = bad_ ? chance >= leave : chance < enter;
  return bad_;
}

ImpairedLink::Arrivals ImpairedLink::pass(MonoTime sent) {
  using std::chrono::duration_cast;
  // All four are drawn for every packet: see the header.
  const bool gone = lost(even());
  const auto jitter = duration_cast<MonoClock::duration>(impairment_.jitter * even());
  const bool heldBack = even() < impairment_.reorder;
  const bool twice = even() < impairment_.duplicate;
  MonoTime at = sent + impairment_.delay + jitter;
  if (gone) return {};
  if (heldBack) {
    at += impairment_.reorderBy;
  } else {
    at = std::max(at, last_);
    last_ = at;
  }
  return {at, twice ? std::optional(at + kDuplicateAfter) : std::nullopt};
}

}  // namespace genesys::quality
