#include "adapters/observability/metrics.h"
#include <algorithm>
#include <gtest/gtest.h>

namespace cho40::observability {
namespace {

TEST(Metrics, TheSameNameAndLabelsAreTheSameSeries)
{
    Metrics metrics;
    metrics.counter("cho40_test_total", "help", {{"code", "a"}}).add();
    metrics.counter("cho40_test_total", "help", {{"code", "a"}}).add(2);
    metrics.counter("cho40_test_total", "help", {{"code", "b"}}).add();

    auto const text = metrics.text();
    EXPECT_NE(text.find("# HELP cho40_test_total help\n# TYPE cho40_test_total counter"), std::string::npos) << text;
    EXPECT_NE(text.find("cho40_test_total{code=\"a\"} 3\n"), std::string::npos) << text;
    EXPECT_NE(text.find("cho40_test_total{code=\"b\"} 1\n"), std::string::npos);
}

TEST(Metrics, HistogramsCountIntoTheirBuckets)
{
    Metrics metrics;
    auto const seconds = metrics.histogram("cho40_test_seconds", "help", {0.1, 1});
    seconds.observe(0.05);
    seconds.observe(0.5);
    seconds.observe(5);
    auto const text = metrics.text();
    EXPECT_NE(text.find("cho40_test_seconds_bucket{le=\"0.1\"} 1\n"), std::string::npos) << text;
    EXPECT_NE(text.find("cho40_test_seconds_bucket{le=\"1\"} 2\n"), std::string::npos);
    EXPECT_NE(text.find("cho40_test_seconds_bucket{le=\"+Inf\"} 3\n"), std::string::npos);
}

TEST(Metrics, WatchedValuesAreReadWhenAsked)
{
    Metrics metrics;
    double queue = 3;
    metrics.watch("cho40_test_queue", "help", {}, [&] { return queue; });
    EXPECT_NE(metrics.text().find("cho40_test_queue 3\n"), std::string::npos);
    queue = 4;
    EXPECT_NE(metrics.text().find("cho40_test_queue 4\n"), std::string::npos);
    metrics.forget("cho40_test_queue", {});
    queue = 5;
    EXPECT_NE(metrics.text().find("cho40_test_queue 4\n"), std::string::npos);
}

TEST(Metrics, ListsItsNamesAndTheProcess)
{
    Metrics metrics;
    auto const counter = metrics.counter("cho40_b_total", "help");
    auto const names = metrics.names();
    EXPECT_TRUE(std::ranges::is_sorted(names));
    EXPECT_TRUE(std::ranges::count(names, "cho40_b_total") == 1);
    EXPECT_EQ(metrics.text().find("cho40_process_resident_bytes 0\n"), std::string::npos);
    EXPECT_EQ(counter.value(), 0);
}

}  // namespace
}  // namespace cho40::observability
