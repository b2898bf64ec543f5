#pragma once
#include "base/dong.h"
#include "base/time.h"
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::fees {

enum class Channel { counter, online };
[[nodiscard]] std::string_view channel_name(Channel channel);
[[nodiscard]] std::optional<Channel> parse_channel(std::string_view name);

// A group of people (or a circumstance of the case) that a relief is for: audiences.csv.
struct Audience {
    std::string key;
    std::optional<Channel> channel;  // the relief holds only for cases filed this way (NQ 66.22: online)
    std::string decided_by;          // channel, identity, registry, paper, officer: who can say that somebody belongs to it
    std::string name_vi, name_en;
};

// An act that a relief comes from: acts.csv.
struct Act {
    std::string key, title_vi, title_en;
    std::optional<Day> from, to;
};

// A dated amount that other rules refer to (base salary): reference-values.csv.
struct ReferenceValue {
    std::string name;
    Dong value;
    std::optional<Day> from, to;
};

// An item of the State budget's classification: budget-subitems.csv (fees.md §6.1).
struct BudgetSubitem {
    enum class Status {
        current,
        legacy,  // must not be used for new money
        check,   // in old and new lists, use not confirmed
    };
    std::string code;  // four digits
    std::string name_vi, name_en;
    std::string kind;  // tax, fee, charge, penalty, refund, other
    Status status;
};

// What an act says about rounding where it differs from whole đồng, half up: rounding.csv.
struct Rounding {
    std::string fee_code;
    std::int64_t step_vnd;
    std::optional<Day> from, to;
};

// How people call what a unit of the schedule counts: units.csv.
struct CountedThing {
    std::string key;  // PerThing::thing
    std::string name_vi, name_en;
};

// Small tables that the schedule and the assessment look into. Each read_… takes the bytes of its file.
// Errors: invalid_csv with every mistake in `fields`.
[[nodiscard]] Result<std::map<std::string, Audience, std::less<>>> read_audiences(std::string_view csv);
[[nodiscard]] Result<std::map<std::string, Act, std::less<>>> read_acts(std::string_view csv);
[[nodiscard]] Result<std::vector<ReferenceValue>> read_reference_values(std::string_view csv);
[[nodiscard]] Result<std::map<std::string, BudgetSubitem, std::less<>>> read_budget_subitems(std::string_view csv);
[[nodiscard]] Result<std::map<std::string, CountedThing, std::less<>>> read_counted_things(std::string_view csv);
[[nodiscard]] Result<std::vector<Rounding>> read_rounding(std::string_view csv);

}  // namespace cho40::fees
