#pragma once
#include "adapters/http/client.h"
#include "adapters/http/router.h"
#include "adapters/observability/job_group.h"
#include "apps/sandbox/bank.h"
#include "apps/sandbox/books.h"
#include "apps/sandbox/call_log.h"
#include "apps/sandbox/case_portal.h"
#include "apps/sandbox/day_files.h"
#include "apps/sandbox/national_platform.h"
#include "apps/sandbox/notifier.h"
#include "apps/sandbox/payments.h"
#include "apps/sandbox/tax_office.h"
#include <chrono>
#include <memory>
#include <string>

namespace cho40::sandbox {

struct Settings {
    std::string service_url = "http://127.0.0.1:8080";
    std::uint64_t seed = 1;
    std::string ca_file = {};                  // PEM to trust beside the system's, for https services
    std::chrono::milliseconds second{1000};    // how long a second of scenarios and retries lasts; tests make it short
};

// The other side of every adapter: the bank with its providers, the tax authority behind a T-VAN, the case portal. All
// state is in memory and everything runs on one loop; `books` remember the bank's beyond the program's end.
class Sandbox {
public:
    // `notice_signer` signs the tax authority's notices; null leaves them unsigned.
    Sandbox(boost::asio::any_io_executor executor, Settings settings, std::unique_ptr<xml::Signer const> notice_signer, Clock const& clock,
            observability::Log const& log, observability::Metrics& metrics, Books books = Books());

    void add_routes(http::Router& router);
    // Does again what the books hold. Call once, after add_routes() and before the server starts.
    // Error: that of a setup request which is no longer accepted.
    [[nodiscard]] boost::asio::awaitable<Result<Done>> restore(http::Router const& router);
    // Ends timers and retries. Call after the server has stopped.
    [[nodiscard]] boost::asio::awaitable<void> stop();

private:
    void reset();

    CallLog calls_;
    Books books_;
    Bank bank_;
    DayFiles files_;
    http::Client client_;
    observability::JobGroup jobs_;
    RailFaults rail_faults_;
    Notifier notifier_;
    Payments payments_;
    TaxOffice tax_office_;
    CasePortal portal_;
    NationalPlatform national_;
    std::string service_url_;
    std::chrono::milliseconds second_;
};

}  // namespace cho40::sandbox
