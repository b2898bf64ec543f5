#include "reconcile/rules/leftover_bank.h"
#include "reconcile/code_finder.h"
#include <unordered_set>

namespace cho40::reconcile {
namespace {

bool overdue(Pool const& pool, Day promised)
{
    auto const& covered = pool.input().bank_covered_to;
    return covered && *covered >= promised.plus_days(pool.settings().overdue_after_days);
}

void report_batches(Pool& pool)
{
    for (auto& batch : pool.batches) {
        if (batch.place != Place::open) continue;
        if (batch.net.is_zero()) {
            batch.place = Place::ignored;  // nothing to transfer
            continue;
        }
        if (!overdue(pool, batch.settlement_date)) {
            batch.place = Place::waiting;
            pool.result.pending.push_back({Waiting::PENDING_BANK, {}, {}, std::string(batch.id)});
            continue;
        }
        batch.place = Place::in_break;
        pool.add_break(BreakClass::MISSING_AT_BANK, Dong(-batch.net.count()),
                       "no entry carries the batch promised for " + batch.settlement_date.to_string())
            .batch = std::string(batch.id);
    }
}

void report_rows(Pool& pool)
{
    for (auto& row : pool.internal) {
        if (row.place != Place::open || row.channel != Channel::bank) continue;
        auto const& record = *row.record;
        if (!row.succeeded()) {
            row.place = Place::ignored;
            continue;
        }
        if (!overdue(pool, Day::of(record.event_at))) {
            row.place = Place::waiting;
            pool.result.pending.push_back({Waiting::PENDING_BANK, {record.payment_id}, {}, std::nullopt});
            continue;
        }
        row.place = Place::in_break;
        auto& found = pool.add_break(BreakClass::MISSING_AT_BANK, Dong(-signed_amount(record.kind, record.amount).count()),
                                     "no entry carries the transfer");
        found.internal = {record.payment_id};
    }
}

// Those codes of open entries that name orders which money has reached on either way.
std::unordered_set<std::string_view> paid_codes(Pool const& pool)
{
    std::unordered_set<std::string_view> asked;
    for (auto const& [at, code] : pool.known_order) asked.insert(code);
    std::unordered_set<std::string_view> paid;
    if (asked.empty()) return paid;
    CodeFinder const known({asked.begin(), asked.end()}, 1);
    for (At at = 0; at < pool.internal.size(); ++at) {
        auto const& row = pool.internal[at];
        if (row.place != Place::matched || row.kind != Kind::payment) continue;
        auto const code = known.known(pool.code(at));
        if (!code.empty() && (row.channel == Channel::bank || pool.lines[row.partner].succeeded())) paid.insert(code);
    }
    return paid;
}

void report_entries(Pool& pool)
{
    auto const paid = paid_codes(pool);
    for (auto const& [at, code] : pool.known_order) {
        auto const& entry = *pool.entries[at].record;
        if (pool.entries[at].place != Place::open || entry.direction != Direction::credit || !paid.contains(code)) continue;
        pool.place_entry(at, Place::in_break);
        pool.add_break(BreakClass::DUPLICATE_PAYMENT, entry.amount, "second payment of order " + std::string(code)).bank = {
            entry.entry_ref};
    }
    for (At at = 0; at < pool.entries.size(); ++at) {
        if (pool.entries[at].place != Place::open) continue;
        auto const& entry = *pool.entries[at].record;
        bool const file_may_explain = !pool.awaited_files.empty() && *pool.awaited_files.begin() <= entry.booking_date;
        if (file_may_explain && pool.is_partner(entry.counterparty)) {
            pool.place_entry(at, Place::waiting);
            pool.result.pending.push_back({Waiting::PENDING_PROVIDER_FILE, {}, {entry.entry_ref}, std::nullopt});
            continue;
        }
        pool.place_entry(at, Place::in_break);
        pool.add_break(BreakClass::BANK_UNIDENTIFIED, pool.entries[at].signed_amount(), "belongs to no batch and no order").bank = {
            entry.entry_ref};
    }
}

}  // namespace

Result<Done> LeftoverBank::apply(Pool& pool) const
{
    report_batches(pool);
    report_rows(pool);
    report_entries(pool);
    return Done{};
}

}  // namespace cho40::reconcile
