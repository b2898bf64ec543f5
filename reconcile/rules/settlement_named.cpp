#include "reconcile/rules/settlement_named.h"
#include "base/text.h"
#include "reconcile/code_finder.h"
#include "reconcile/sum.h"

namespace cho40::reconcile {

Result<Done> SettlementNamed::apply(Pool& pool) const
{
    std::vector<std::string> ids;
    ids.reserve(pool.batches.size());
    for (auto const& batch : pool.batches) ids.push_back(squeeze(batch.id));
    std::unordered_map<std::string_view, At> batch_of;
    for (At at = 0; at < ids.size(); ++at) batch_of.emplace(ids[at], at);
    CodeFinder const finder({ids.begin(), ids.end()}, 4);

    std::vector<std::vector<At>> naming(pool.batches.size());
    for (At at = 0; at < pool.entries.size(); ++at) {
        if (pool.entries[at].place != Place::open) continue;
        auto const named = finder.find_longest(pool.squeezed(at));
        if (named.size() == 1) naming[batch_of.at(named.front())].push_back(at);
        if (named.size() < 2) continue;
        pool.place_entry(at, Place::in_break);
        auto& found = pool.add_break(BreakClass::AMBIGUOUS, pool.entries[at].signed_amount(), "the narrative names several batches");
        found.bank = {pool.entries[at].record->entry_ref};
    }
    for (At at = 0; at < pool.batches.size(); ++at) {
        if (naming[at].empty()) continue;
        auto& batch = pool.batches[at];
        Sum sum;
        for (At entry : naming[at]) sum.add(pool.entries[entry].signed_amount());
        CHO_TRY(auto const booked, sum.total());
        CHO_TRY(batch.delta, subtract(booked, batch.net));
        bool const equal = batch.delta.is_zero();
        pool.settle(at, std::move(naming[at]), equal ? MatchRule::s1 : MatchRule::s2, {});
        if (equal) continue;
        auto& found = pool.add_break(BreakClass::SETTLEMENT_AMOUNT_MISMATCH, batch.delta,
                                     "the bank booked another sum than the batch's net");
        found.batch = std::string(batch.id);
        found.bank = pool.result.provider_bank.back().bank;
    }
    return Done{};
}

}  // namespace cho40::reconcile
