#include "reconcile/rules/settlement_unnamed.h"
#include "reconcile/sum.h"
#include <algorithm>
#include <map>
#include <numeric>

namespace cho40::reconcile {
namespace {

// Which entries could be which batches, among those of one amount. Days are sorted on both sides, so the batches that fit
// an entry are a range, and candidates are counted by moving two ends instead of trying all pairs.
class SameAmount {
public:
    SameAmount(Pool& pool, std::vector<At> entries, std::vector<At> batches)
        : pool_(pool), entries_(std::move(entries)), batches_(std::move(batches))
    {
        std::ranges::sort(entries_, {}, [&](At at) { return std::pair(pool_.entries[at].record->booking_date, at); });
        std::ranges::sort(batches_, {}, [&](At at) { return std::pair(pool_.batches[at].settlement_date, at); });
    }

    // Consecutive entries and batches that hang together: each entry fits a range of batches, and ranges that overlap
    // are one knot. A knot of one and one is a match, any other is nothing a machine may decide.
    Result<Done> solve()
    {
        std::vector<At> knot;
        std::size_t knot_begin = 0;
        std::size_t knot_end = 0;
        for (At at : entries_) {
            auto const [begin, end] = fitting(pool_.entries[at].record->booking_date);
            if (begin == end) continue;
            if (!knot.empty() && begin >= knot_end) {
                CHO_TRY_DO(decide(knot, knot_begin, knot_end));
                knot.clear();
            }
            if (knot.empty()) knot_begin = begin;
            knot.push_back(at);
            knot_end = std::max(knot_end, end);
        }
        if (!knot.empty()) CHO_TRY_DO(decide(knot, knot_begin, knot_end));
        return Done{};
    }

private:
    // Batches whose settlement date is 0 to n days before a booking date.
    std::pair<std::size_t, std::size_t> fitting(Day booked) const
    {
        auto const date = [&](At at) { return pool_.batches[at].settlement_date; };
        auto const first = std::ranges::lower_bound(batches_, booked.plus_days(-pool_.settings().unnamed_settlement_days), {}, date);
        auto const last = std::ranges::upper_bound(batches_, booked, {}, date);
        return {static_cast<std::size_t>(first - batches_.begin()), static_cast<std::size_t>(last - batches_.begin())};
    }

    Result<Done> decide(std::vector<At> const& knot, std::size_t begin, std::size_t end)
    {
        if (knot.size() == 1 && end - begin == 1) {
            pool_.settle(batches_[begin], knot, MatchRule::s3, {Flag::NO_REFERENCE});
            return Done{};
        }
        Sum sum;
        Ids refs;
        for (At at : knot) {
            pool_.place_entry(at, Place::in_break);
            sum.add(pool_.entries[at].signed_amount());
            refs.push_back(pool_.entries[at].record->entry_ref);
        }
        CHO_TRY(auto const total, sum.total());
        auto& found = pool_.add_break(BreakClass::AMBIGUOUS, total, "equal amounts without a reference: several candidates");
        found.bank = std::move(refs);
        std::ranges::sort(found.bank);
        if (end - begin == 1) {
            auto& batch = pool_.batches[batches_[begin]];
            batch.place = Place::in_break;  // named here, so not missing as well
            found.batch = std::string(batch.id);
        }
        return Done{};
    }

    Pool& pool_;
    std::vector<At> entries_;
    std::vector<At> batches_;
};

}  // namespace

Result<Done> SettlementUnnamed::apply(Pool& pool) const
{
    std::map<Dong, std::vector<At>> batches;
    for (At at = 0; at < pool.batches.size(); ++at) {
        auto const& batch = pool.batches[at];
        if (batch.place == Place::open && !batch.net.is_zero()) batches[batch.net].push_back(at);
    }
    std::map<Dong, std::vector<At>> entries;
    for (At at = 0; at < pool.entries.size(); ++at) {
        auto const& entry = pool.entries[at];
        if (entry.place == Place::open && batches.contains(entry.signed_amount()) && pool.is_partner(entry.record->counterparty)) {
            entries[entry.signed_amount()].push_back(at);
        }
    }
    for (auto& [amount, found] : entries) CHO_TRY_DO(SameAmount(pool, std::move(found), batches.at(amount)).solve());
    return Done{};
}

}  // namespace cho40::reconcile
