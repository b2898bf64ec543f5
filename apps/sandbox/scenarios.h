#pragma once
#include "apps/sandbox/telling_faults.h"
#include "base/dong.h"
#include "base/result.h"
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::sandbox {

// What becomes of a payment. The magic amounts of the API's test mode choose one; a name in the order does too.
enum class Scenario {
    plain,
    delayed,
    never_paid,
    half,
    too_much,
    late,
    twice,
    nameless,
    doubt_then_paid,
    doubt_then_failed,
    refund_fails,
    notice_first,
    notice_thrice,
    not_told,
    answer_lost,
    signed_wrongly,
    overtaken,
    cut_off,
    clock_off,
};

[[nodiscard]] std::string_view name_of(Scenario scenario);
// Error: unknown_value.
[[nodiscard]] Result<Scenario> scenario_named(std::string_view name);
// 20001 … 20018; everything else is plain.
[[nodiscard]] Scenario scenario_of(Dong amount);

// One movement on the account, `after` the order. Seconds are those of Settings::second.
struct Step {
    std::chrono::seconds after{0};
    Dong amount;
    bool with_memo = true;             // false: what the payer wrote is lost
    bool fails = false;                // the bank refuses: no money, nobody is told
    int notices = 1;                   // the same notification so many times to each rail
    std::chrono::seconds between{0};   // two of them
    bool last_rail_first = false;
    TellingFaults faults = {};         // of every rail that tells it
};

struct Plan {
    Scenario scenario;
    std::string_view answer;           // what the payer's bank says at once: paid, in_doubt, not_paid
    bool tell_before_answer = false;   // even when the payer does not want to wait
    std::vector<Step> steps;           // by `after`
};

// `until_late`: seconds from now until the payment request has run out.
[[nodiscard]] Plan plan_of(Scenario scenario, Dong amount, std::chrono::seconds until_late);

}  // namespace cho40::sandbox
