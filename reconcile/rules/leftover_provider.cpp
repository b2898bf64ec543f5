#include "reconcile/rules/leftover_provider.h"
#include "reconcile/code_finder.h"
#include <set>
#include <unordered_set>

namespace cho40::reconcile {
namespace {

// The days whose files could hold the payment: its own, and near to midnight the neighbour too.
std::vector<Day> covering_days(Instant at, std::chrono::minutes window)
{
    auto const day = Day::of(at);
    std::vector<Day> days{day};
    if (at - day.begin() <= window) days.push_back(day.plus_days(-1));
    if (day.end() - at <= window) days.push_back(day.plus_days(1));
    return days;
}

// Those orders of lines left over that money has reached, through the provider or straight to the account.
std::unordered_set<std::string_view> paid_orders(Pool const& pool)
{
    std::unordered_set<std::string_view> asked;
    for (auto const& slot : pool.lines) {
        if (slot.place == Place::open && slot.active && !slot.record->order_ref.empty()) asked.insert(slot.record->order_ref);
    }
    std::unordered_set<std::string_view> paid;
    if (asked.empty()) return paid;
    CodeFinder const known({asked.begin(), asked.end()}, 1);
    for (auto const& row : pool.internal) {
        if (row.place != Place::matched || row.kind != Kind::payment) continue;
        auto const order = known.known(pool.order(row));
        if (!order.empty() && (row.channel == Channel::bank || pool.lines[row.partner].succeeded())) paid.insert(order);
    }
    for (auto const& line : pool.lines) {
        if (line.place != Place::matched || !line.succeeded() || pool.internal[line.partner].kind != Kind::payment) continue;
        if (auto const order = known.known(line.record->order_ref); !order.empty()) paid.insert(order);
    }
    return paid;
}

void report_lines(Pool& pool)
{
    auto const paid = paid_orders(pool);
    for (auto& slot : pool.lines) {
        if (slot.place != Place::open) continue;
        auto const& line = *slot.record;
        if (!slot.active) {
            slot.place = Place::ignored;  // failed there and unknown here: nothing happened
            continue;
        }
        slot.place = Place::in_break;
        bool const second = line.kind == Kind::payment && paid.contains(line.order_ref);
        auto& found = second ? pool.add_break(BreakClass::DUPLICATE_PAYMENT, line.amount, "second payment of order " + line.order_ref)
                             : pool.add_break(BreakClass::MISSING_INTERNAL, signed_amount(line.kind, line.amount),
                                              "the ledger has no such record");
        found.provider = {line.id()};
    }
}

// Returns the days whose file somebody waits for.
std::set<Day> report_rows(Pool& pool)
{
    auto const& in = pool.input();
    std::set<Day> awaited;
    for (auto& row : pool.internal) {
        if (row.place != Place::open || row.channel != Channel::provider) continue;
        auto const& record = *row.record;
        if (!row.succeeded()) {
            // Not paid here and no line there. The file of its day is still owed: it may say otherwise.
            if (auto const day = Day::of(record.event_at); !in.provider_days.contains(day)) awaited.insert(day);
            row.place = Place::ignored;
            continue;
        }
        bool waits = false;
        for (auto day : covering_days(record.event_at, pool.settings().midnight_window)) {
            if (in.provider_days.contains(day)) continue;
            awaited.insert(day);
            waits = true;
        }
        if (waits) {
            row.place = Place::waiting;
            pool.result.pending.push_back({Waiting::PENDING_PROVIDER_FILE, {record.payment_id}, {}, std::nullopt});
            continue;
        }
        row.place = Place::in_break;
        auto& found = pool.add_break(BreakClass::MISSING_AT_PROVIDER, Dong(-signed_amount(record.kind, record.amount).count()),
                                     "the files that cover it are in and do not have it");
        found.internal = {record.payment_id};
    }
    return awaited;
}

}  // namespace

Result<Done> LeftoverProvider::apply(Pool& pool) const
{
    report_lines(pool);
    pool.awaited_files = report_rows(pool);
    for (auto day : pool.awaited_files) {
        if (pool.input().as_of < pool.settings().due(day)) continue;
        pool.add_break(BreakClass::FILE_LATE, Dong(), "the provider's file of " + day.to_string() + " is overdue").business_date = day;
    }
    return Done{};
}

}  // namespace cho40::reconcile
