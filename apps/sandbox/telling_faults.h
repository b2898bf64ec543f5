#pragma once
#include "adapters/http/json_reader.h"
#include "apps/sandbox/bank.h"
#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace cho40::sandbox {

// What goes wrong on the way of the notifications of one transfer over one rail account. Counts are of tries, from the first.
// A second is one of Settings::second, except in clock_skew, which is written into signatures.
struct TellingFaults {
    bool dropped = false;                 // nobody is told: only another rail, the provider's list and the files know
    bool overtaken = false;               // told after the next transfer of the same rail account, or after a minute
    std::chrono::seconds delay{0};
    int duplicates = 0;                   // told so many times more
    int lost_answers = 0;                 // the service has answered, the provider has not heard it
    int wrong_signatures = 0;
    int cut_bodies = 0;                   // the second half is missing
    std::chrono::seconds clock_skew{0};   // of the provider's clock, at every try

    friend bool operator==(TellingFaults const&, TellingFaults const&) = default;
};

// {"dropped","overtaken","delay","duplicates","lost_answers","wrong_signatures","cut_bodies","clock_skew"}, none required.
[[nodiscard]] TellingFaults read_telling_faults(http::ObjectReader in);

// So many transfers out of a hundred.
struct FaultShare {
    int percent = 0;
    TellingFaults faults;
};

// The faults that rail accounts were given. Which transfers they hit depends on the seed.
class RailFaults {
public:
    // Pre: the shares are at most a hundred together.
    void put(std::string rail_account, std::vector<FaultShare> shares)
    {
        shares_.insert_or_assign(std::move(rail_account), std::move(shares));
    }
    void reset() { shares_.clear(); }
    // At most one share hits a transfer.
    [[nodiscard]] TellingFaults of(std::string const& rail_account, Transfer const& transfer, Dice const& dice) const;

private:
    std::map<std::string, std::vector<FaultShare>> shares_;
};

}  // namespace cho40::sandbox
