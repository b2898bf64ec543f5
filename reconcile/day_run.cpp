#include "reconcile/day_run.h"
#include "reconcile/sum.h"
#include <algorithm>
#include <charconv>
#include <map>
#include <unordered_map>

namespace cho40::reconcile {
namespace {

struct BatchFacts {
    Day business_date;
    std::int64_t net = 0;
};

// Finds records by the names a result calls them.
class Index {
public:
    Index(DayInput const& input, RunInput const& run) : input_(input)
    {
        internal_.reserve(run.internal.size());
        for (auto const* record : run.internal) internal_.emplace(record->payment_id, record);
        lines_.reserve(run.provider.size());
        for (auto const* line : run.provider) {
            lines_.emplace(LineKey(line->file_id, line->line_no), line);
            if (line->batch.empty()) continue;
            auto const [it, fresh] = batches_.try_emplace(line->batch, BatchFacts{line->business_date, 0});
            it->second.business_date = std::min(it->second.business_date, line->business_date);
            it->second.net += line->net.count();
        }
        entries_.reserve(run.bank.size());
        for (auto const* entry : run.bank) entries_.emplace(entry->entry_ref, entry);
    }

    [[nodiscard]] InternalRecord const* internal(std::string_view id) const { return find(internal_, id); }
    [[nodiscard]] ProviderLine const* line(std::string_view id) const
    {
        auto const colon = id.rfind(':');
        std::int64_t line_no = 0;
        std::from_chars(id.data() + colon + 1, id.data() + id.size(), line_no);
        return find(lines_, LineKey(id.substr(0, colon), line_no));
    }
    [[nodiscard]] BankEntry const* entry(std::string_view ref) const { return find(entries_, ref); }
    [[nodiscard]] BatchFacts const* batch(std::string_view id) const
    {
        auto const it = batches_.find(id);
        return it == batches_.end() ? nullptr : &it->second;
    }

    // The business day something belongs to: the ledger's before the provider's before the bank's.
    [[nodiscard]] Day day_of(Ids const& internals, Ids const& provider, Ids const& bank, std::optional<std::string> const& batch_id) const
    {
        if (!internals.empty()) {
            if (auto const* record = internal(internals.front())) return Day::of(record->event_at);
        }
        if (!provider.empty()) {
            if (auto const* found = line(provider.front())) return found->business_date;
        }
        if (batch_id) {
            if (auto const* found = batch(*batch_id)) return found->business_date;
        }
        if (!bank.empty()) {
            if (auto const* found = entry(bank.front())) return found->booking_date;
        }
        return input_.day;
    }

private:
    using LineKey = std::pair<std::string_view, std::int64_t>;
    struct HashLine {
        std::size_t operator()(LineKey const& key) const
        {
            return std::hash<std::string_view>()(key.first) ^ std::hash<std::int64_t>()(key.second) * 0x9E3779B97F4A7C15ULL;
        }
    };

    template <class Map>
    static auto find(Map const& map, typename Map::key_type const& key) -> typename Map::mapped_type
    {
        auto const it = map.find(key);
        return it == map.end() ? nullptr : it->second;
    }

    DayInput const& input_;
    // The texts are those of the records.
    std::unordered_map<std::string_view, InternalRecord const*> internal_;
    std::unordered_map<LineKey, ProviderLine const*, HashLine> lines_;
    std::unordered_map<std::string_view, BankEntry const*> entries_;
    std::unordered_map<std::string_view, BatchFacts> batches_;
};

void fill(RunInput& run, DayInput const& input)
{
    run.as_of = input.as_of;
    run.held = input.held;
    for (auto const& record : input.internal) run.internal.push_back(&record);
    for (auto const& file : input.files) {
        for (auto const& line : file.provider) run.provider.push_back(&line);
        for (auto const& entry : file.bank) run.bank.push_back(&entry);
        run.balances.insert(run.balances.end(), file.balances.begin(), file.balances.end());
        if (file.side == Side::provider) run.provider_days.insert(file.business_date);
        if (file.side == Side::bank && (!run.bank_covered_to || *run.bank_covered_to < file.business_date))
            run.bank_covered_to = file.business_date;
    }
}

// What a line is called in every revision of its file.
std::string lasting_name(ProviderLine const& line)
{
    if (line.provider_txn_id.empty()) return line.id();
    return line.provider_txn_id.str() + (line.kind == Kind::refund ? "/refund" : "/payment");
}

DayBreak describe(Break const& found, Index const& index, std::string& members)
{
    DayBreak out;
    out.kind = found.kind;
    out.delta = found.delta;
    out.why = found.why;
    auto const member = [&](std::string_view side, std::string_view name) { ((members += side) += name) += '\n'; };
    for (auto const& id : found.internal) {
        member("i:", id);
        if (auto const* r = index.internal(id)) {
            out.records.push_back({Side::internal, id.str(), signed_amount(r->kind, r->amount), r->event_at,
                                   (r->order_ref.empty() ? r->bank_reference : r->order_ref).str()});
        }
    }
    for (auto const& id : found.provider) {
        auto const* line = index.line(id);
        member("p:", line == nullptr ? id.str() : lasting_name(*line));
        if (line != nullptr)
            out.records.push_back(
                {Side::provider, id.str(), signed_amount(line->kind, line->amount), line->at, line->provider_txn_id.str()});
    }
    for (auto const& ref : found.bank) {
        auto const* entry = index.entry(ref);
        member("b:", (entry == nullptr ? std::string() : entry->account + "/") + ref.str());
        if (entry != nullptr)
            out.records.push_back(
                {Side::bank, ref.str(), signed_amount(entry->direction, entry->amount), entry->booked_at, entry->account.str()});
    }
    if (found.batch) {
        member("batch:", *found.batch);
        if (auto const* batch = index.batch(*found.batch)) {
            out.records.push_back({Side::provider, *found.batch, Dong(batch->net), batch->business_date.begin(), *found.batch});
        }
    }
    if (found.file) member("file:", *found.file);
    return out;
}

void report_breaks(DayRun& run, DayInput const& input, Index const& index)
{
    std::map<std::string, int> alike;
    for (auto const& found : run.result.breaks) {
        auto day = index.day_of(found.internal, found.provider, found.bank, found.batch);
        if (found.business_date) day = *found.business_date;
        if (day != input.day) continue;
        std::string members(name_of(found.kind));
        members += '\n';
        auto shown = describe(found, index, members);
        auto const ordinal = std::to_string(++alike[members]);
        shown.id = make_derived_uuid({"recon break", input.partner, input.day.to_string(), members, ordinal});
        run.breaks.push_back(std::move(shown));
    }
}

Result<Done> count_matched(DayRun& run, DayInput const& input, Index const& index)
{
    Sum sum;
    auto const count = [&](std::string_view id) {
        auto const* record = index.internal(id);
        if (record == nullptr || Day::of(record->event_at) != input.day) return;
        ++run.matched.count;
        sum.add(record->amount);
    };
    for (auto const& m : run.result.internal_provider) count(m.internal);
    for (auto const& m : run.result.internal_bank) count(m.internal);
    CHO_TRY(run.matched.sum, sum.total());
    return Done{};
}

Result<Done> count_waiting(DayRun& run, DayInput const& input, Index const& index)
{
    Sum sum;
    auto const count = [&](std::int64_t amount) {
        ++run.waiting.count;
        sum.add(Dong(amount < 0 ? -amount : amount));
    };
    for (auto const& item : run.result.pending) {
        if (index.day_of(item.internal, {}, item.bank, item.batch) != input.day) continue;
        for (auto const& id : item.internal) count(index.internal(id)->amount.count());
        for (auto const& ref : item.bank) count(index.entry(ref)->amount.count());
        if (item.batch) count(index.batch(*item.batch)->net);
    }
    CHO_TRY(run.waiting.sum, sum.total());
    return Done{};
}

}  // namespace

Reach internal_reach(Day day) { return {day.plus_days(-1), day.plus_days(1)}; }

Reach provider_reach(Day day, Settings const& settings) { return {day.plus_days(-1 - settings.unnamed_settlement_days), day.plus_days(1)}; }

Reach bank_reach(Day day, Settings const& settings)
{
    return {day.plus_days(-1), day.plus_days(1 + std::max(settings.unnamed_settlement_days, settings.overdue_after_days))};
}

Result<DayRun> run_day(DayInput input)
{
    for (auto& file : input.files) give_references(file);
    RunInput in;
    fill(in, input);
    DayRun run;
    CHO_TRY(run.result, reconcile_day(in, input.settings));
    Index const index(input, in);
    CHO_TRY_DO(count_matched(run, input, index));
    CHO_TRY_DO(count_waiting(run, input, index));
    report_breaks(run, input, index);
    return run;
}

}  // namespace cho40::reconcile
