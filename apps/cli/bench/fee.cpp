#include "apps/cli/bench/fee.h"
#include "apps/cli/io.h"
#include "fees/assess.h"
#include <ctime>

namespace cho40::cli::bench {
namespace {

// That this thread had a core for, whatever else goes on.
double core_seconds()
{
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

}  // namespace

std::vector<Figure> bench_fees(bool quick)
{
    auto const tables = value_or_stop(fees::FeeTables::embedded(), "fee schedule");
    std::vector<fees::AssessmentRequest> requests;
    for (auto const& rate : tables.rates()) {
        if (rate.kind == fees::FeeKind::gia) continue;  // a price is refused, which is quicker
        for (auto channel : {fees::Channel::counter, fees::Channel::online}) {
            fees::AssessmentRequest request;
            request.fee_code = rate.fee_code;
            request.day = rate.to ? *rate.to : Day::from(2026, 11, 23);
            request.channel = channel;
            request.quantity_milli = 3'000;
            request.pages = 5;
            request.copies = 2;
            request.value = Dong(750'000'000);
            request.vnd_per_usd = Dong(26'000);
            for (auto const& relief : rate.reliefs) {
                if (!relief.audience.empty() && request.personas.empty()) request.personas.push_back(relief.audience.front());
            }
            if (fees::assess(tables, request)) requests.push_back(std::move(request));
        }
    }
    if (requests.empty()) throw Stop{Exit::negative, "no fee of the schedule can be assessed"};
    std::size_t const count = quick ? 50'000 : 400'000;
    std::vector<double> rates;
    std::size_t known = 0;
    for (int round = 0; round < (quick ? 3 : 7); ++round) {
        auto const began = core_seconds();
        for (std::size_t i = 0; i < count; ++i) known += fees::assess(tables, requests[i % requests.size()])->due.has_value() ? 1U : 0U;
        rates.push_back(static_cast<double>(count) / (core_seconds() - began));
    }
    if (known == 0) throw Stop{Exit::negative, "no fee was known"};
    return {{"fees_assessed", median(rates), "1/s", ">=", 200'000}};
}

}  // namespace cho40::cli::bench
