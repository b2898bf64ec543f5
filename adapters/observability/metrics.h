#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace cho40::observability {

using Labels = std::map<std::string, std::string>;

// Handles: cheap to copy, valid as long as the Metrics they come from. Keep them, looking one up takes a lock.
class Counter {
public:
    explicit Counter(prometheus::Counter& counter) : counter_(&counter) {}
    void add(double n = 1) const;  // n >= 0
    [[nodiscard]] double value() const;

private:
    prometheus::Counter* counter_;
};

class Gauge {
public:
    explicit Gauge(prometheus::Gauge& gauge) : gauge_(&gauge) {}
    void set(double value) const;
    void add(double n) const;
    [[nodiscard]] double value() const;

private:
    prometheus::Gauge* gauge_;
};

class Histogram {
public:
    explicit Histogram(prometheus::Histogram& histogram) : histogram_(&histogram) {}
    void observe(double value) const;

private:
    prometheus::Histogram* histogram_;
};

// Seconds: from a tenth of a millisecond to ten seconds.
[[nodiscard]] std::vector<double> latency_bounds();

// Every measured value of a process. A module declares what it measures by name, once or many times: the same name
// and labels give the same series. Names follow Prometheus: cho40_<module>_<thing>_<unit>[_total]. Label values come
// from small closed sets (operation ids, codes), never from input.
class Metrics {
public:
    Metrics();
    ~Metrics();
    Metrics(Metrics const&) = delete;
    Metrics& operator=(Metrics const&) = delete;

    [[nodiscard]] Counter counter(std::string const& name, std::string const& help, Labels const& labels = {});
    [[nodiscard]] Gauge gauge(std::string const& name, std::string const& help, Labels const& labels = {});
    [[nodiscard]] Histogram histogram(std::string const& name, std::string const& help, std::vector<double> bounds,
                                      Labels const& labels = {});
    // A gauge read when somebody asks: queue lengths, pool sizes. `read` must outlive the Metrics or be removed with
    // forget(), and runs on the thread that calls text().
    void watch(std::string const& name, std::string const& help, Labels const& labels, std::function<double()> read);
    void forget(std::string const& name, Labels const& labels);

    // Prometheus text format 0.0.4, with process figures (memory, descriptors, CPU seconds).
    [[nodiscard]] std::string text();
    // All names declared so far, sorted: the documentation test compares them with the table in docs.
    [[nodiscard]] std::vector<std::string> names() const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace cho40::observability
