#include "reconcile/rules/amount_and_status.h"

namespace cho40::reconcile {
namespace {

struct Pair {
    InternalSlot const& row;
    ProviderLine const* line;  // or
    BankEntry const* entry;
    Dong outside;              // amount of the other side
    bool moved;                // the other side says the money moved
};

void compare(Pool& pool, Pair const& pair)
{
    auto const& record = *pair.row.record;
    auto const delta = Dong(signed_amount(record.kind, pair.outside).count() - signed_amount(record.kind, record.amount).count());
    auto const report = [&](BreakClass kind, std::string why) {
        auto& found = pool.add_break(kind, delta, std::move(why));
        found.internal = {record.payment_id};
        if (pair.line != nullptr) found.provider = {pair.line->id()};
        if (pair.entry != nullptr) found.bank = {pair.entry->entry_ref};
    };
    if (pair.row.succeeded() != pair.moved) {
        report(BreakClass::STATUS_MISMATCH, pair.moved ? "paid there, not here" : "paid here, failed there");
    }
    // What failed there moved no money, so its amount says nothing.
    if (pair.moved && !delta.is_zero()) report(BreakClass::AMOUNT_MISMATCH, "the two sides name different amounts");
}

}  // namespace

Result<Done> AmountAndStatus::apply(Pool& pool) const
{
    for (auto const& row : pool.internal) {
        if (row.place != Place::matched) continue;
        if (row.channel == Channel::provider) {
            auto const& line = pool.lines[row.partner];
            compare(pool, {row, line.record, nullptr, line.amount, line.succeeded()});
        } else {
            auto const& entry = *pool.entries[row.partner].record;
            compare(pool, {row, nullptr, &entry, entry.amount, true});
        }
    }
    return Done{};
}

}  // namespace cho40::reconcile
