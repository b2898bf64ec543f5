#pragma once
#include "base/dong.h"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cho40::fees {

// How an amount of the schedule is meant (column `unit`). The grammar of each is in its comment.

// `per_card`, `per_m3`, `per_copy_from_3`: the amount for each thing. `per_case` and `per_dossier` are one sum for the
// case however many things lie in it (TT 226/2016: one or several signatures in a paper are one case).
struct PerThing {
    std::string thing;
    std::int64_t first_charged = 1;  // 3 for per_copy_from_3: two copies belong to the main fee
    bool once_per_case = false;
};

struct PageTier {
    std::int64_t first;  // page number, from 1
    std::int64_t last;   // INT64_MAX for "3+"
    Dong price;          // for each page
};

// `per_page:1-2=2000,3+=1000;cap_per_copy=200000`; `per_page;copies_from_2:…` leaves the first copy at the row's amount
// a page and prices the others by the tiers. Pages are those of the original.
struct PerPage {
    bool tiers_from_second_copy = false;
    std::vector<PageTier> tiers;  // contiguous from page 1, the last open
    std::optional<Dong> cap_per_copy;
};

struct InUsd {
    std::int64_t dollars;
};    // `USD:25`, whole dollars
struct Between {
    Dong low, high;
};        // `range:35000-105000`: sub-rows of the act that were not seen

// `formula:0.15%_of_value;max=5000000`, `formula:2%`. Without a number at the start (`percent_of_investment`), or where
// the province may change it, the percentage is not known.
struct PercentOf {
    std::optional<std::int64_t> ppm;  // 0.15 % = 1500
    std::string of;                   // "value", "price_table", "clean_water_price_ex_VAT"; empty when the act says only a percentage
    std::optional<Dong> min, max;
};

struct ByBands {
    std::string table;
};  // `bands:notary_value`
struct SetLocally {};                   // `local`: the provincial council decides
struct SeeCircular {};                  // `see_circular`: in an act that was not read

using Unit = std::variant<PerThing, PerPage, InUsd, Between, PercentOf, ByBands, SetLocally, SeeCircular>;

// Error: invalid_csv with what does not fit the grammar.
[[nodiscard]] Result<Unit> parse_unit(std::string_view text);

// Whole digits, no sign, at most 13 of them.
[[nodiscard]] std::optional<std::int64_t> parse_count(std::string_view digits);

}  // namespace cho40::fees
