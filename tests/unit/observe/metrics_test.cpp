#include "observe/metrics.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace genesys::observe {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Metrics, CountsByLabels) {
  Metrics metrics;
  Counters& calls = metrics.counters("x_calls_total", "Calls");
  calls.add({{"direction", "in"}, {"code", "200"}});
  calls.add({{"direction", "in"}, {"code", "200"}});
  calls.add({{"direction", "out"}, {"code", "486"}}, 3);
  const std::string text = metrics.text({});
  EXPECT_THAT(text, HasSubstr("# HELP x_calls_total Calls\n# TYPE x_calls_total counter\n"));
  EXPECT_THAT(text, HasSubstr("x_calls_total{code=\"200\",direction=\"in\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("x_calls_total{code=\"486\",direction=\"out\"} 3\n"));
}

TEST(Metrics, SortsValuesIntoBuckets) {
  Metrics metrics;
  Histograms& times = metrics.histograms("x_seconds", "Times", {0.5, 2});
  for (const double value : {0.25, 0.5, 1.0, 5.0}) times.add({{"direction", "in"}}, value);
  const std::string text = metrics.text({});
  EXPECT_THAT(text, HasSubstr("# TYPE x_seconds histogram\n"));
  EXPECT_THAT(text, HasSubstr("x_seconds_count{direction=\"in\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("x_seconds_sum{direction=\"in\"} 6.75\n"));
  EXPECT_THAT(text, HasSubstr("x_seconds_bucket{direction=\"in\",le=\"0.5\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("x_seconds_bucket{direction=\"in\",le=\"2\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("x_seconds_bucket{direction=\"in\",le=\"+Inf\"} 4\n"));
}

TEST(Metrics, ReadingsStandAsTheyAre) {
  const Metrics metrics;
  const std::string text =
      metrics.text({{Reading::Kind::Gauge, "x_dns", "DNs", {{{{"state", "off"}}, 2}}},
                    {Reading::Kind::Counter, "x_drops_total", "Drops", {{{}, 7}}}});
  EXPECT_THAT(text, HasSubstr("# TYPE x_dns gauge\nx_dns{state=\"off\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE x_drops_total counter\nx_drops_total 7\n"));
}

TEST(Metrics, LabelsCannotBreakALine) {
  const Metrics metrics;
  const std::string text = metrics.text(
      {{Reading::Kind::Gauge, "x_info", "Info", {{{{"server", "a\"} 1\nx_forged 1"}}, 1}}}});
  EXPECT_THAT(text, Not(HasSubstr("\nx_forged")));
  EXPECT_THAT(text, HasSubstr("a\\\"} 1\\nx_forged 1"));
}

TEST(Metrics, ManyThreadsLoseNothing) {
  Metrics metrics;
  Counters& counters = metrics.counters("x_total", "X");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) counters.add({{"n", std::to_string(n % 3)}});
    });
  for (int n = 0; n < 10; ++n) metrics.text({});
  for (std::thread& thread : threads) thread.join();
  const std::string text = metrics.text({});
  EXPECT_THAT(text, HasSubstr("x_total{n=\"0\"} 1336\n"));
  EXPECT_THAT(text, HasSubstr("x_total{n=\"2\"} 1332\n"));
}

}  // namespace
}  // namespace genesys::observe
