#include "observe/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <utility>

namespace genesys::observe {
namespace {

class CounterFamily : public Counters {
 public:
  explicit CounterFamily(prometheus::Family<prometheus::Counter>& family) : family_(family) {}
  void add(const Labels& labels, double more) override { family_.Add(labels).Increment(more); }

 private:
  prometheus::Family<prometheus::Counter>& family_;
};

class HistogramFamily : public Histograms {
 public:
  HistogramFamily(prometheus::Family<prometheus::Histogram>& family, std::vector<double> bounds)
      : family_(family), bounds_(std::move(bounds)) {}
  void add(const Labels& labels, double value) override {
    family_.Add(labels, bounds_).Observe(value);
  }

 private:
  prometheus::Family<prometheus::Histogram>& family_;
  const std::vector<double> bounds_;
};

prometheus::ClientMetric metricOf(const Reading::Sample& sample, Reading::Kind kind) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : sample.labels) metric.label.push_back({name, value});
  if (kind == Reading::Kind::Gauge)
    metric.gauge.value = sample.value;
  else
    metric.counter.value = sample.value;
  return metric;
}

prometheus::MetricFamily familyOf(const Reading& reading) {
  prometheus::MetricFamily family;
  family.name = reading.name;
  family.help = reading.help;
  family.type = reading.kind == Reading::Kind::Gauge ? prometheus::MetricType::Gauge
                                                     : prometheus::MetricType::Counter;
  for (const Reading::Sample& sample : reading.samples)
    family.metric.push_back(metricOf(sample, reading.kind));
  return family;
}

}  // namespace

struct Metrics::Families {
  prometheus::Registry registry;
  std::vector<std::unique_ptr<CounterFamily>> counters;
  std::vector<std::unique_ptr<HistogramFamily>> histograms;
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

Counters& Metrics::counters(const std::string& name, const std::string& help) {
  auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(families_->registry);
  families_->counters.push_back(std::make_unique<CounterFamily>(family));
  return *families_->counters.back();
}

Histograms& Metrics::histograms(const std::string& name, const std::string& help,
                                std::vector<double> bounds) {
  auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(families_->registry);
  families_->histograms.push_back(std::make_unique<HistogramFamily>(family, std::move(bounds)));
  return *families_->histograms.back();
}

std::string Metrics::text(const std::vector<Reading>& readings) const {
  std::vector<prometheus::MetricFamily> all = families_->registry.Collect();
  for (const Reading& reading : readings) all.push_back(familyOf(reading));
  return prometheus::TextSerializer().Serialize(all);
}

}  // namespace genesys::observe
