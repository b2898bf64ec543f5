#pragma once
#include "adapters/observability/log.h"
#include "adapters/observability/metrics.h"
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <list>
#include <string>

namespace cho40::observability {

// Owns work that runs beside its caller, in place of `detached`: counts it (cho40_jobs_running{group}), logs what it
// throws ("job.failed"), and waits for it at shutdown. Used from one loop. Must be drained before it is destroyed.
class JobGroup {
public:
    JobGroup(boost::asio::any_io_executor executor, std::string name, Log const& log, Metrics& metrics);
    ~JobGroup();
    JobGroup(JobGroup const&) = delete;
    JobGroup& operator=(JobGroup const&) = delete;

    // Starts `work`. `job` names it in the log. After stop() nothing new is started: false.
    bool spawn(std::string job, boost::asio::awaitable<void> work);

    [[nodiscard]] std::size_t running() const { return jobs_.size(); }

    // No new jobs, and the running ones are asked to end (their co_await throws operation_aborted).
    void cancel();

    // No new jobs; waits up to `limit` for the running ones, then cancels the rest and waits for these too.
    // Returns how many had to be cancelled.
    [[nodiscard]] boost::asio::awaitable<std::size_t> drain(std::chrono::steady_clock::duration limit);

private:
    struct Job {
        std::string name;
        boost::asio::cancellation_signal stop;
    };

    boost::asio::any_io_executor executor_;
    std::string name_;
    Log const& log_;
    Gauge running_;
    Counter failed_;
    std::list<Job> jobs_;
    bool stopping_ = false;
    boost::asio::steady_timer idle_;  // never expires; cancelled when the last job ends
};

}  // namespace cho40::observability
