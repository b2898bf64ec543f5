#pragma once
#include "apps/sandbox/bank.h"
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

// What SePay and Casso answer when they are asked for the transfers of their bank accounts: all that the bank has booked,
// whether or not a notification of it ever arrived.
namespace cho40::sandbox {

// Nothing: no limit.
struct SepayQuery {
    std::string account_number;        // or empty: every account of the key
    std::string reference_number;
    std::optional<Instant> not_before;
    std::optional<Instant> before;
    std::int64_t since_id = 0;         // this one and those after it
    std::optional<Dong> amount_in;
    std::optional<Dong> amount_out;
    std::size_t limit = 5000;
};
// Newest first, as SePay says: "the most recent".
[[nodiscard]] nlohmann::json sepay_list(Bank const& bank, RailAccount const& account, SepayQuery const& query);

struct CassoQuery {
    Day from;
    Day to;
    std::size_t page = 1;
    std::size_t page_size = 10;
    bool ascending = true;
};
[[nodiscard]] nlohmann::json casso_page(Bank const& bank, RailAccount const& account, CassoQuery const& query);

}  // namespace cho40::sandbox
