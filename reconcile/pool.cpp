#include "reconcile/pool.h"
#include "base/check.h"
#include "base/text.h"
#include <algorithm>
#include <tuple>

namespace cho40::reconcile {
namespace {

// Fields of a narrative stay apart, so that no code is found across two of them.
std::string squeeze_fields(std::string_view narrative)
{
    if (narrative.find('\n') == narrative.npos) return squeeze(narrative);
    std::string out;
    while (true) {
        auto const end = narrative.find('\n');
        out += squeeze(narrative.substr(0, end));
        if (end == narrative.npos) return out;
        out += '\n';
        narrative.remove_prefix(end + 1);
    }
}

auto key(InternalRecord const& r) { return std::tie(r.event_at, r.payment_id); }
auto key(ProviderLine const& l) { return std::tie(l.business_date, l.line_no, l.file_id, l.provider_txn_id, l.kind, l.amount); }
// An entry that undoes another comes after it when the bank gives both the same time.
auto key(BankEntry const& e)
{
    return std::tie(e.booked_at, e.reversal, e.account, e.entry_ref, e.direction, e.amount, e.currency, e.counterparty, e.narrative);
}

template <class Record>
std::vector<Record const*> sorted(std::vector<Record const*> records)
{
    std::sort(records.begin(), records.end(), [](auto const* a, auto const* b) { return key(*a) < key(*b); });
    return records;
}

Result<Done> check_internal(std::vector<InternalRecord const*> const& records)
{
    std::vector<std::string_view> ids;
    ids.reserve(records.size());
    for (auto const* record : records) {
        ids.push_back(record->payment_id);
        if (!record->amount.is_positive()) {
            return fail(Errc::invalid_input, "the amount of internal record " + record->payment_id + " must be more than 0");
        }
    }
    std::sort(ids.begin(), ids.end());
    if (auto const twice = std::adjacent_find(ids.begin(), ids.end()); twice != ids.end()) {
        return fail(Errc::invalid_input, "two internal records have the payment id " + std::string(*twice));
    }
    return Done{};
}

}  // namespace

Result<Pool> Pool::make(RunInput const& input, Settings const& settings)
{
    CHO_TRY_DO(check_internal(input.internal));
    Pool pool;
    pool.input_ = &input;
    pool.settings_ = &settings;
    for (auto const& name : settings.counterparties) pool.partner_names_.push_back(squeeze(name));

    pool.internal.reserve(input.internal.size());
    for (auto const* record : sorted(input.internal)) {
        InternalSlot slot;
        slot.record = record;
        slot.order = record->order_ref;
        pool.internal.push_back(std::move(slot));
    }
    std::unordered_map<std::string_view, std::string_view> order_of_parent;
    for (auto const& slot : pool.internal) {
        if (slot.order.empty() && !slot.record->parent_id.empty()) order_of_parent.emplace(slot.record->parent_id, std::string_view());
    }
    if (!order_of_parent.empty()) {
        for (auto const& slot : pool.internal) {
            if (auto it = order_of_parent.find(slot.record->payment_id); it != order_of_parent.end()) it->second = slot.order;
        }
        for (auto& slot : pool.internal) {
            if (slot.order.empty() && !slot.record->parent_id.empty()) slot.order = order_of_parent.at(slot.record->parent_id);
        }
    }
    for (auto& slot : pool.internal) slot.code = squeeze(slot.order);

    pool.lines.reserve(input.provider.size());
    for (auto const* line : sorted(input.provider)) {
        LineSlot slot;
        slot.record = line;
        pool.lines.push_back(slot);
    }
    pool.entries.reserve(input.bank.size());
    for (auto const* entry : sorted(input.bank)) {
        EntrySlot slot;
        slot.record = entry;
        slot.squeezed = squeeze_fields(entry->narrative);
        pool.entries.push_back(std::move(slot));
    }
    return pool;
}

void Pool::pair(At internal_at, At line_at, std::string_view rule)
{
    auto& row = internal[internal_at];
    auto& line = lines[line_at];
    CHO_CHECK(row.place == Place::open && line.place == Place::open);
    row.place = line.place = Place::matched;
    row.partner = line_at;
    line.partner = internal_at;
    std::vector<Flag> flags;
    if (Day::of(row.record->event_at) != line.record->business_date) flags.push_back(Flag::DATE_SHIFT);
    result.internal_provider.push_back({row.record->payment_id, line.record->id(), rule, std::move(flags)});
}

void Pool::pay(At internal_at, At entry_at, std::string_view rule)
{
    auto& row = internal[internal_at];
    CHO_CHECK(row.place == Place::open);
    row.place = Place::matched;
    row.partner = entry_at;
    place_entry(entry_at, Place::matched);
    auto const& entry = *entries[entry_at].record;
    std::vector<Flag> flags;
    if (Day::of(row.record->event_at) != entry.booking_date) flags.push_back(Flag::DATE_SHIFT);
    result.internal_bank.push_back({row.record->payment_id, entry.entry_ref, rule, std::move(flags)});
}

void Pool::settle(At batch_at, std::vector<At> entry_ats, std::string_view rule, std::vector<Flag> flags)
{
    auto& batch = batches[batch_at];
    CHO_CHECK(batch.place == Place::open);
    batch.place = Place::matched;
    if (entry_ats.size() > 1) flags.push_back(Flag::SPLIT);
    std::vector<std::string> refs;
    for (At at : entry_ats) {
        place_entry(at, Place::matched);
        refs.push_back(entries[at].record->entry_ref);
    }
    batch.entries = std::move(entry_ats);
    std::sort(refs.begin(), refs.end());
    result.provider_bank.push_back({std::string(batch.id), batch.net, std::move(refs), rule, std::move(flags)});
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

}  // namespace cho40::reconcile
