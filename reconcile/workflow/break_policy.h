#pragma once
#include "base/result.h"
#include "reconcile/result.h"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::reconcile {

[[nodiscard]] std::optional<BreakClass> break_class_from(std::string_view name);

// One way in which a break of a class may end (fees reference §8.5, "resolved by").
struct Resolution {
    std::string code;
    bool writes_off = false;      // the difference stays; nobody pays it
    bool needs_evidence = false;  // a document must be named by its hash
    std::string name_vi;
    std::string name_en;
};

struct Cause {
    std::string code;
    std::string name_vi;
    std::string name_en;
};

// What may be done with breaks, how soon, and why they happen: tables of data/, dated in their names.
class BreakPolicy {
public:
    // Every class has at least one resolution and one target. Errors: invalid_csv, with the line.
    [[nodiscard]] static Result<BreakPolicy> parse(std::string_view resolutions_csv, std::string_view targets_csv,
                                                   std::string_view causes_csv);
    // The tables this build carries.
    [[nodiscard]] static BreakPolicy const& embedded();

    [[nodiscard]] std::vector<Resolution> const& resolutions(BreakClass kind) const { return resolutions_[index(kind)]; }
    [[nodiscard]] Resolution const* find(BreakClass kind, std::string_view code) const;
    // Working days after the day it was due; 0: the same day.
    [[nodiscard]] int target_working_days(BreakClass kind) const { return targets_[index(kind)]; }
    [[nodiscard]] std::vector<Cause> const& causes() const { return causes_; }
    [[nodiscard]] Cause const* find_cause(std::string_view code) const;

private:
    static std::size_t index(BreakClass kind) { return static_cast<std::size_t>(kind); }

    std::vector<std::vector<Resolution>> resolutions_;
    std::vector<int> targets_;
    std::vector<Cause> causes_;
};

}  // namespace cho40::reconcile
