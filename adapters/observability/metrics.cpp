#include "adapters/observability/metrics.h"
#include "base/check.h"
#include <algorithm>
#include <cstdio>
#include <dirent.h>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <set>
#include <sys/resource.h>
#include <unistd.h>

namespace cho40::observability {
namespace {

double resident_bytes()
{
    double pages = 0;
    if (auto* file = std::fopen("/proc/self/statm", "r")) {
        unsigned long long total = 0;
        unsigned long long resident = 0;
        if (std::fscanf(file, "%llu %llu", &total, &resident) == 2) pages = static_cast<double>(resident);
        std::fclose(file);
    }
    return pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double open_descriptors()
{
    double count = 0;
    if (auto* folder = opendir("/proc/self/fd")) {
        while (readdir(folder) != nullptr) ++count;
        closedir(folder);
        count -= 3;  // ".", ".." and the folder itself
    }
    return count;
}

double cpu_seconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    auto const seconds = [](timeval t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

void Counter::add(double n) const { counter_->Increment(n); }
double Counter::value() const { return counter_->Value(); }
void Gauge::set(double value) const { gauge_->Set(value); }
void Gauge::add(double n) const { gauge_->Increment(n); }
double Gauge::value() const { return gauge_->Value(); }
void Histogram::observe(double value) const { histogram_->Observe(value); }

std::vector<double> latency_bounds()
{
    return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

struct Metrics::Inside {
    struct Watched {
        std::string name;
        Labels labels;
        prometheus::Gauge* gauge;
        std::function<double()> read;
    };

    prometheus::Registry registry{prometheus::Registry::InsertBehavior::Merge};
    std::mutex lock;  // the pool may declare too
    std::set<std::string> names;
    std::vector<Watched> watched;

    prometheus::Gauge& gauge(std::string const& name, std::string const& help, Labels const& labels)
    {
        std::lock_guard const guard(lock);
        names.insert(name);
        return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(labels);
    }
};

Metrics::Metrics() : inside_(std::make_unique<Inside>())
{
    watch("cho40_process_resident_bytes", "Memory the process holds", {}, resident_bytes);
    watch("cho40_process_open_descriptors", "Open file descriptors", {}, open_descriptors);
    watch("cho40_process_cpu_seconds", "CPU time used, user and system", {}, cpu_seconds);
}

Metrics::~Metrics() = default;

Counter Metrics::counter(std::string const& name, std::string const& help, Labels const& labels)
{
    std::lock_guard const guard(inside_->lock);
    inside_->names.insert(name);
    return Counter(prometheus::BuildCounter().Name(name).Help(help).Register(inside_->registry).Add(labels));
}

Gauge Metrics::gauge(std::string const& name, std::string const& help, Labels const& labels)
{
    return Gauge(inside_->gauge(name, help, labels));
}

Histogram Metrics::histogram(std::string const& name, std::string const& help, std::vector<double> bounds, Labels const& labels)
{
    CHO_CHECK(std::ranges::is_sorted(bounds));
    std::lock_guard const guard(inside_->lock);
    inside_->names.insert(name);
    return Histogram(prometheus::BuildHistogram().Name(name).Help(help).Register(inside_->registry).Add(labels, std::move(bounds)));
}

void Metrics::watch(std::string const& name, std::string const& help, Labels const& labels, std::function<double()> read)
{
    auto& gauge = inside_->gauge(name, help, labels);
    std::lock_guard const guard(inside_->lock);
    std::erase_if(inside_->watched, [&](auto const& w) { return w.gauge == &gauge; });
    inside_->watched.push_back({name, labels, &gauge, std::move(read)});
}

void Metrics::forget(std::string const& name, Labels const& labels)
{
    std::lock_guard const guard(inside_->lock);
    std::erase_if(inside_->watched, [&](auto const& w) { return w.name == name && w.labels == labels; });
}

std::string Metrics::text()
{
    std::vector<Inside::Watched> watched;
    {
        std::lock_guard const guard(inside_->lock);
        watched = inside_->watched;
    }
    for (auto const& w : watched) w.gauge->Set(w.read());
    return prometheus::TextSerializer().Serialize(inside_->registry.Collect());
}

std::vector<std::string> Metrics::names() const
{
    std::lock_guard const guard(inside_->lock);
    return {inside_->names.begin(), inside_->names.end()};
}

}  // namespace cho40::observability
