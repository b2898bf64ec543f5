#include "apps/sandbox/scenarios.h"

namespace cho40::sandbox {
namespace {

using std::chrono::seconds;

struct Named {
    Scenario scenario;
    std::string_view name;
    std::int64_t amount;  // magic, or 0
};

// The amounts of the API's test mode, and after them those by which rails fail.
constexpr Named scenarios[] = {
    {Scenario::plain, "plain", 0},
    {Scenario::delayed, "delayed", 20001},
    {Scenario::never_paid, "never_paid", 20002},
    {Scenario::half, "half", 20003},
    {Scenario::too_much, "too_much", 20004},
    {Scenario::late, "late", 20005},
    {Scenario::twice, "twice", 20006},
    {Scenario::nameless, "nameless", 20007},
    {Scenario::doubt_then_paid, "doubt_then_paid", 20008},
    {Scenario::doubt_then_failed, "doubt_then_failed", 20009},
    {Scenario::refund_fails, "refund_fails", 20010},
    {Scenario::notice_first, "notice_first", 20011},
    {Scenario::notice_thrice, "notice_thrice", 20012},
    {Scenario::not_told, "not_told", 20013},
    {Scenario::answer_lost, "answer_lost", 20014},
    {Scenario::signed_wrongly, "signed_wrongly", 20015},
    {Scenario::overtaken, "overtaken", 20016},
    {Scenario::cut_off, "cut_off", 20017},
    {Scenario::clock_off, "clock_off", 20018},
};

constexpr seconds doubt{90};
constexpr Dong excess{1000};
constexpr seconds skew = std::chrono::minutes(10);  // twice what the service lets pass

}  // namespace

std::string_view name_of(Scenario scenario)
{
    for (auto const& known : scenarios) {
        if (known.scenario == scenario) return known.name;
    }
    return "plain";
}

Result<Scenario> scenario_named(std::string_view name)
{
    for (auto const& known : scenarios) {
        if (known.name == name) return known.scenario;
    }
    return fail(Errc::unknown_value, "there is no scenario \"" + std::string(name.substr(0, 40)) + "\"", "/scenario");
}

Scenario scenario_of(Dong amount)
{
    for (auto const& known : scenarios) {
        if (known.amount != 0 && known.amount == amount.count()) return known.scenario;
    }
    return Scenario::plain;
}

Plan plan_of(Scenario scenario, Dong amount, seconds until_late)
{
    Plan plan{scenario, "paid", false, {}};
    Step step;
    step.amount = amount;
    switch (scenario) {
    case Scenario::plain:
    case Scenario::refund_fails: break;
    case Scenario::delayed: step.after = seconds(2); break;
    case Scenario::never_paid: plan.answer = "not_paid"; return plan;
    case Scenario::half: step.amount = Dong(std::max<std::int64_t>(1, amount.count() / 2)); break;
    case Scenario::too_much: step.amount = Dong(amount.count() + excess.count()); break;
    case Scenario::late: step.after = until_late + seconds(1); break;
    case Scenario::twice: plan.steps.push_back(step); break;
    case Scenario::nameless: step.with_memo = false; break;
    case Scenario::doubt_then_paid:
    case Scenario::doubt_then_failed:
        plan.answer = "in_doubt";
        step.after = doubt;
        step.fails = scenario == Scenario::doubt_then_failed;
        break;
    case Scenario::notice_first: plan.tell_before_answer = true; break;
    case Scenario::notice_thrice:
        step.notices = 3;
        step.between = seconds(1);
        step.last_rail_first = true;
        break;
    case Scenario::not_told: step.faults.dropped = true; break;
    case Scenario::answer_lost: step.faults.lost_answers = 1; break;
    case Scenario::signed_wrongly: step.faults.wrong_signatures = 1; break;
    case Scenario::overtaken: step.faults.overtaken = true; break;
    case Scenario::cut_off: step.faults.cut_bodies = 1; break;
    case Scenario::clock_off: step.faults.clock_skew = skew; break;
    }
    plan.steps.push_back(step);
    return plan;
}

}  // namespace cho40::sandbox
