#include "reconcile/pool.h"
#include "base/check.h"
#include "base/text.h"
#include <algorithm>
#include <tuple>

namespace cho40::reconcile {
namespace {

// Fields of a narrative stay apart, so that no code is found across two of them.
void append_squeezed_fields(std::string& out, std::string_view narrative)
{
    while (true) {
        auto const end = narrative.find('\n');
        append_squeezed(out, narrative.substr(0, end));
        if (end == narrative.npos) return;
        out += '\n';
        narrative.remove_prefix(end + 1);
    }
}

bool is_squeezed(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

// What mostly decides, as two numbers, and the rest.
using Major = std::pair<std::int64_t, std::int64_t>;
std::int64_t number(Day day) { return day.days_since(Day()); }
std::int64_t number(Instant at) { return at.time_since_epoch().count(); }

Major major(InternalRecord const& r) { return {number(r.event_at), 0}; }
auto minor(InternalRecord const& r) { return std::tie(r.payment_id); }
Major major(ProviderLine const& l) { return {number(l.business_date), l.line_no}; }
auto minor(ProviderLine const& l)
{
    return std::tie(l.file_id, l.provider_txn_id, l.kind, l.amount, l.order_ref, l.fee, l.net, l.status, l.at, l.batch, l.settlement_date);
}
// An entry that undoes another comes after it when the bank gives both the same time.
Major major(BankEntry const& e) { return {number(e.booked_at), e.reversal ? 1 : 0}; }
auto minor(BankEntry const& e)
{
    return std::tie(e.account, e.entry_ref, e.direction, e.amount, e.currency, e.counterparty, e.narrative, e.booking_date, e.value_date);
}

// Calls each(record) in the fixed order. Records that differ in nothing may come in any.
template <class Record, class Each>
void in_order(std::vector<Record const*> const& records, Each each)
{
    struct Item {
        Major first;
        Record const* record;
    };
    auto const before = [](Item const& a, Item const& b) {
        return a.first != b.first ? a.first < b.first : minor(*a.record) < minor(*b.record);
    };
    std::vector<Item> items;
    items.reserve(records.size());
    for (auto const* record : records) items.push_back({major(*record), record});
    if (!std::is_sorted(items.begin(), items.end(), before)) std::sort(items.begin(), items.end(), before);
    for (auto const& item : items) each(item.record);
}

template <class Record>
bool same_record(Record const* a, Record const* b)
{
    return a == b || *a == *b;
}

}  // namespace

Pool Pool::make(RunInput const& input, Settings const& settings)
{
    Pool pool;
    pool.input_ = &input;
    pool.settings_ = &settings;
    for (auto const& name : settings.counterparties) pool.partner_names_.push_back(squeeze(name));

    pool.internal.reserve(input.internal.size());
    in_order(input.internal, [&](InternalRecord const* record) {
        InternalSlot slot;
        slot.record = record;
        slot.kind = record->kind;
        slot.channel = record->channel;
        slot.status = record->status;
        pool.internal.push_back(slot);
    });
    pool.find_orders();

    pool.lines.reserve(input.provider.size());
    in_order(input.provider, [&](ProviderLine const* line) {
        LineSlot slot;
        slot.record = line;
        slot.amount = line->amount;
        slot.status = line->status;
        pool.lines.push_back(slot);
    });

    pool.entries.reserve(input.bank.size());
    std::size_t longest = 0;
    for (auto const* entry : input.bank) longest += entry->narrative.size();
    pool.narratives_.reserve(longest);
    in_order(input.bank, [&](BankEntry const* entry) {
        EntrySlot slot;
        slot.record = entry;
        slot.squeezed_at = pool.narratives_.size();
        append_squeezed_fields(pool.narratives_, entry->narrative);
        slot.squeezed_size = static_cast<std::uint32_t>(pool.narratives_.size() - slot.squeezed_at);
        pool.entries.push_back(slot);
    });
    return pool;
}

void Pool::find_orders()
{
    std::unordered_map<std::string_view, std::string_view> parents;  // of refunds that do not name their order: their orders
    auto const nameless = [](InternalRecord const& r) { return r.order_ref.empty() && !r.parent_id.empty(); };
    for (auto const& slot : internal) {
        if (nameless(*slot.record)) parents.try_emplace(slot.record->parent_id);
    }
    if (!parents.empty()) {
        for (auto const& slot : internal) {
            if (auto it = parents.find(slot.record->payment_id); it != parents.end()) it->second = slot.record->order_ref;
        }
    }
    for (auto& slot : internal) {
        bool const from_parent = nameless(*slot.record);
        if (!from_parent && is_squeezed(slot.record->order_ref)) continue;
        std::string_view const text = from_parent ? parents.at(slot.record->parent_id) : slot.record->order_ref.view();
        slot.order_at = static_cast<At>(orders_.size());
        orders_.push_back({text, squeeze(text)});
    }
}

void Pool::pair(At internal_at, At line_at, MatchRule rule)
{
    auto& row = internal[internal_at];
    auto& line = lines[line_at];
    CHO_CHECK(row.place == Place::open && line.place == Place::open);
    row.place = line.place = Place::matched;
    row.partner = line_at;
    line.partner = internal_at;
    row.rule = rule;
}

void Pool::pay(At internal_at, At entry_at, MatchRule rule)
{
    auto& row = internal[internal_at];
    CHO_CHECK(row.place == Place::open);
    row.place = Place::matched;
    row.partner = entry_at;
    row.rule = rule;
    place_entry(entry_at, Place::matched);
}

void Pool::settle(At batch_at, std::vector<At> entry_ats, MatchRule rule, Flags flags)
{
    auto& batch = batches[batch_at];
    CHO_CHECK(batch.place == Place::open);
    batch.place = Place::matched;
    if (entry_ats.size() > 1) flags.add(Flag::SPLIT);
    Ids refs;
    for (At at : entry_ats) {
        place_entry(at, Place::matched);
        refs.push_back(entries[at].record->entry_ref);
    }
    batch.entries = std::move(entry_ats);
    std::sort(refs.begin(), refs.end());
    result.provider_bank.push_back({std::string(batch.id), batch.net, std::move(refs), rule, flags});
}

void Pool::place_entry(At entry_at, Place place)
{
    auto& entry = entries[entry_at];
    CHO_CHECK(entry.place == Place::open);
    entry.place = place;
    ++entry.placed;
}

Break& Pool::add_break(BreakClass kind, Dong delta, std::string why)
{
    Break found;
    found.kind = kind;
    found.delta = delta;
    found.why = std::move(why);
    result.breaks.push_back(std::move(found));
    return result.breaks.back();
}

bool Pool::is_partner(std::string_view counterparty) const
{
    return !counterparty.empty() && std::ranges::find(partner_names_, squeeze(counterparty)) != partner_names_.end();
}

void Pool::tell_matches()
{
    std::size_t with_lines = 0;
    std::size_t with_entries = 0;
    for (auto const& row : internal) {
        if (row.place == Place::matched) ++(row.channel == Channel::provider ? with_lines : with_entries);
    }
    result.internal_provider.reserve(with_lines);
    result.internal_bank.reserve(with_entries);
    auto const shifted = [](InternalSlot const& row, Day day) {
        return Day::of(row.record->event_at) == day ? Flags() : Flags{Flag::DATE_SHIFT};
    };
    for (auto const& row : internal) {
        if (row.place != Place::matched) continue;
        if (row.channel == Channel::provider) {
            auto const& line = *lines[row.partner].record;
            result.internal_provider.push_back(
                {row.record->payment_id, {line.file_id, line.line_no}, row.rule, shifted(row, line.business_date)});
        } else {
            auto const& entry = *entries[row.partner].record;
            result.internal_bank.push_back({row.record->payment_id, entry.entry_ref, row.rule, shifted(row, entry.booking_date)});
        }
    }
}

bool Pool::same_outcome(Pool const& other) const
{
    auto const same_row = [](InternalSlot const& a, InternalSlot const& b) {
        return same_record(a.record, b.record) && a.place == b.place && a.partner == b.partner && a.rule == b.rule;
    };
    auto const same_line = [](LineSlot const& a, LineSlot const& b) {
        return same_record(a.record, b.record) && a.place == b.place && a.partner == b.partner && a.active == b.active;
    };
    auto const same_entry = [](EntrySlot const& a, EntrySlot const& b) {
        return same_record(a.record, b.record) && a.place == b.place && a.placed == b.placed && a.repeated == b.repeated;
    };
    auto const same_batch = [](BatchSlot const& a, BatchSlot const& b) {
        return a.id == b.id && a.net == b.net && a.place == b.place && a.entries == b.entries && a.delta == b.delta;
    };
    return std::ranges::equal(internal, other.internal, same_row) && std::ranges::equal(lines, other.lines, same_line) &&
           std::ranges::equal(entries, other.entries, same_entry) && std::ranges::equal(batches, other.batches, same_batch) &&
           result.provider_bank == other.result.provider_bank && result.breaks == other.result.breaks &&
           result.pending == other.result.pending && result.totals == other.result.totals;
}

}  // namespace cho40::reconcile
