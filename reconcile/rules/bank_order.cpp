#include "reconcile/rules/bank_order.h"
#include "reconcile/code_finder.h"
#include <algorithm>

namespace cho40::reconcile {
namespace {

Kind kind_of(Direction direction) { return direction == Direction::credit ? Kind::payment : Kind::refund; }

// An open entry that holds one code, and the code.
using Clear = std::pair<At, std::string_view>;

// Pairs earliest with earliest inside each key. Rows that succeeded go first: the money is theirs.
void pay_by(Pool& pool, std::vector<Clear> const& clear, bool equal_amount, bool succeeded, MatchRule rule)
{
    SortedKeys rows;
    for (At at = 0; at < pool.internal.size(); ++at) {
        auto const& row = pool.internal[at];
        if (row.place != Place::open || row.channel != Channel::bank || row.succeeded() != succeeded) continue;
        auto const code = pool.code(at);
        if (code.empty()) continue;
        rows.emplace_back(code, number_of(row.record->kind, equal_amount ? row.record->amount : Dong()), at);
    }
    SortedKeys entries;  // their positions are those in `clear`, which ascend with those in the pool
    for (At at = 0; at < clear.size(); ++at) {
        auto const& entry = pool.entries[clear[at].first];
        if (entry.place != Place::open) continue;
        entries.emplace_back(clear[at].second, number_of(kind_of(entry.record->direction), equal_amount ? entry.record->amount : Dong()),
                             at);
    }
    auto const row_text = [&](At at) { return pool.code(at); };
    auto const entry_text = [&](At at) { return clear[at].second; };
    sort_keys(rows, row_text);
    sort_keys(entries, entry_text);
    join(rows, row_text, entries, entry_text, [&](auto const& left, auto const& right) {
        for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) pool.pay(left[i].at, clear[right[i].at].first, rule);
    });
}

// An open entry that holds several codes, and the codes.
using Unclear = std::pair<At, std::vector<std::string_view>>;

// The rows of the codes that unclear entries hold.
std::unordered_map<std::string_view, std::vector<At>> rows_of(Pool const& pool, std::vector<Unclear> const& unclear)
{
    std::unordered_map<std::string_view, std::vector<At>> rows;
    for (auto const& [at, codes] : unclear) {
        for (auto code : codes) rows[code];
    }
    if (rows.empty()) return rows;
    for (At at = 0; at < pool.internal.size(); ++at) {
        if (auto const it = rows.find(pool.code(at)); it != rows.end()) it->second.push_back(at);
    }
    return rows;
}

// Everything of ours that the entry could be, unless other money already paid it.
Ids candidates(Pool& pool, std::unordered_map<std::string_view, std::vector<At>> const& rows, std::vector<std::string_view> const& codes,
               Kind kind)
{
    Ids unpaid;
    Ids all;
    for (auto code : codes) {
        for (At at : rows.at(code)) {
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
    bool const any = std::ranges::any_of(pool.entries, [](EntrySlot const& e) { return e.place == Place::open; });
    if (!any) return Done{};
    // Codes of every channel are looked for: a transfer may name an order that was also paid through the provider.
    std::vector<std::string_view> codes;
    codes.reserve(pool.internal.size());
    for (At at = 0; at < pool.internal.size(); ++at) codes.push_back(pool.code(at));
    std::vector<Clear> clear;
    std::vector<Unclear> unclear;
    {
        CodeFinder const finder(std::move(codes), shortest_code);
        for (At at = 0; at < pool.entries.size(); ++at) {
            if (pool.entries[at].place != Place::open) continue;
            auto found = finder.find(pool.squeezed(at));
            if (found.size() == 1) clear.emplace_back(at, found.front());
            if (found.size() > 1) unclear.emplace_back(at, std::move(found));
        }
    }
    for (bool equal_amount : {true, false}) {
        for (bool succeeded : {true, false}) pay_by(pool, clear, equal_amount, succeeded, equal_amount ? MatchRule::b1 : MatchRule::b2);
    }
    auto const rows = rows_of(pool, unclear);
    for (auto const& [at, found] : unclear) {
        auto internal = candidates(pool, rows, found, kind_of(pool.entries[at].record->direction));
        pool.place_entry(at, Place::in_break);
        auto& named = pool.add_break(BreakClass::AMBIGUOUS, pool.entries[at].signed_amount(), "the narrative holds several order codes");
        named.internal = std::move(internal);
        named.bank = {pool.entries[at].record->entry_ref};
    }
    for (auto const& [at, code] : clear) {
        if (pool.entries[at].place == Place::open) pool.known_order.emplace_back(at, code);
    }
    return Done{};
}

}  // namespace cho40::reconcile
