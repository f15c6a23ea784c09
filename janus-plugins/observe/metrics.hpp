// Figures in the format that Prometheus scrapes. Wraps prometheus-cpp; any thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace genesys::observe {

/// No value may come from outside: every new one is a time series for ever.
using Labels = std::map<std::string, std::string>;

/// What is read off when somebody asks: a gauge, or a counter that somebody else keeps.
struct Reading {
  struct Sample {
    Labels labels;
    double value = 0;
  };
  enum class Kind { Gauge, Counter } kind = Kind::Gauge;
  std::string name;
  std::string help;
  std::vector<Sample> samples;
};

/// Counts what happens, by labels.
class Counters {
 public:
  virtual ~Counters() = default;
  virtual void add(const Labels& labels, double more = 1) = 0;
};

/// How often values fall below each of its bounds, by labels.
class Histograms {
 public:
  virtual ~Histograms() = default;
  virtual void add(const Labels& labels, double value) = 0;
};

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // Both live as long as this does. Names by Prometheus's conventions: base units, _total.
  Counters& counters(const std::string& name, const std::string& help);
  Histograms& histograms(const std::string& name, const std::string& help,
                         std::vector<double> bounds);

  /// All of them, and `readings` (text format 0.0.4).
  std::string text(const std::vector<Reading>& readings) const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace genesys::observe
