#include "reconcile/rules/bank_order.h"
#include "reconcile/code_finder.h"
#include <algorithm>

namespace cho40::reconcile {
namespace {

Kind kind_of(Direction direction) { return direction == Direction::credit ? Kind::payment : Kind::refund; }

// Pairs earliest with earliest inside each key. Rows that succeeded go first: the money is theirs.
void pay_by(Pool& pool, std::vector<Keyed> const& entries, bool equal_amount, bool succeeded, std::string_view rule)
{
    std::vector<Keyed> rows;
    for (At at = 0; at < pool.internal.size(); ++at) {
        auto const& row = pool.internal[at];
        if (row.place != Place::open || row.record->channel != Channel::bank || row.code.empty() || row.succeeded() != succeeded) continue;
        rows.push_back({row.code, row.record->kind, equal_amount ? row.record->amount.count() : 0, at});
    }
    std::vector<Keyed> open;
    for (auto entry : entries) {
        if (pool.entries[entry.at].place != Place::open) continue;
        if (equal_amount) entry.amount = pool.entries[entry.at].record->amount.count();
        open.push_back(entry);
    }
    join(std::move(rows), std::move(open), [&](auto const& left, auto const& right) {
        for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) pool.pay(left[i].at, right[i].at, rule);
    });
}

// Everything of ours that the entry could be, unless other money already paid it.
std::vector<std::string> candidates(Pool& pool, std::unordered_map<std::string_view, std::vector<At>> const& rows_of,
                                    std::vector<std::string_view> const& codes, Kind kind)
{
    std::vector<std::string> unpaid;
    std::vector<std::string> all;
    for (auto code : codes) {
        for (At at : rows_of.at(code)) {
            auto& row = pool.internal[at];
            if (row.record->kind != kind) continue;
            all.push_back(row.record->payment_id);
            if (row.place == Place::matched) continue;
            unpaid.push_back(row.record->payment_id);
            // A transfer named here is not missing as well; what the provider owes stays its own question.
            if (row.record->channel == Channel::bank) row.place = Place::in_break;
        }
    }
    auto& chosen = unpaid.empty() ? all : unpaid;
    std::ranges::sort(chosen);
    return std::move(chosen);
}

}  // namespace

Result<Done> BankOrder::apply(Pool& pool) const
{
    // Codes of every channel are looked for: a transfer may name an order that was also paid through the provider.
    std::unordered_map<std::string_view, std::vector<At>> rows_of;
    std::vector<std::string_view> codes;
    for (At at = 0; at < pool.internal.size(); ++at) {
        auto const& code = pool.internal[at].code;
        if (code.empty()) continue;
        auto& rows = rows_of[code];
        if (rows.empty()) codes.push_back(code);
        rows.push_back(at);
    }
    CodeFinder const finder(std::move(codes), shortest_code);

    std::vector<Keyed> clear;
    std::vector<std::pair<At, std::vector<std::string_view>>> unclear;
    for (At at = 0; at < pool.entries.size(); ++at) {
        auto const& entry = pool.entries[at];
        if (entry.place != Place::open) continue;
        auto found = finder.find(entry.squeezed);
        if (found.size() == 1) clear.push_back({found.front(), kind_of(entry.record->direction), 0, at});
        if (found.size() > 1) unclear.emplace_back(at, std::move(found));
    }
    for (bool equal_amount : {true, false}) {
        for (bool succeeded : {true, false}) pay_by(pool, clear, equal_amount, succeeded, equal_amount ? "B1" : "B2");
    }
    for (auto const& [at, found] : unclear) {
        auto internal = candidates(pool, rows_of, found, kind_of(pool.entries[at].record->direction));
        pool.place_entry(at, Place::in_break);
        auto& named = pool.add_break(BreakClass::AMBIGUOUS, pool.entries[at].signed_amount(), "the narrative holds several order codes");
        named.internal = std::move(internal);
        named.bank = {pool.entries[at].record->entry_ref};
    }
    for (auto const& entry : clear) {
        if (pool.entries[entry.at].place == Place::open) pool.known_order.emplace_back(entry.at, entry.text);
    }
    return Done{};
}

}  // namespace cho40::reconcile
