#pragma once
#include "adapters/observability/log.h"
#include "adapters/observability/metrics.h"
#include "adapters/stores/gap_store.h"
#include "adapters/stores/rail_readings.h"

namespace cho40::service {

// Looks whether the balances that rails tell say of transfers that nobody told of. What may be missing is asked of the provider's list
// at once; what is still missing after the grace is a gap, for people to see, until it comes or somebody explains it.
class GapWatch {
public:
    struct Options {
        std::chrono::seconds grace{300};  // notifications overtake each other, and some come late
    };

    GapWatch(stores::GapStore& gaps, stores::RailReadings& readings, observability::Log const& log, observability::Metrics& metrics,
             Clock const& clock, Options options)
        : gaps_(gaps), readings_(readings), log_(log), metrics_(metrics), clock_(clock), options_(options)
    {
    }

    // At all that came since the last look; one instance at a time.
    [[nodiscard]] boost::asio::awaitable<Result<Done>> look();

private:
    // Since when what may be missing in it is known, where the grace is not over; otherwise now.
    [[nodiscard]] boost::asio::awaitable<Result<Instant>> look_at(stores::BalanceChain chain, Instant now);
    [[nodiscard]] boost::asio::awaitable<Result<Done>> ask_for(stores::BalanceChain chain, std::vector<qr_pay::BalanceGap> gaps,
                                                               Instant now);

    stores::GapStore& gaps_;
    stores::RailReadings& readings_;
    observability::Log const& log_;
    observability::Metrics& metrics_;
    Clock const& clock_;
    Options options_;
};

}  // namespace cho40::service
