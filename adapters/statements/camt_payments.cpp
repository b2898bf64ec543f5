#include "adapters/statements/camt_payments.h"
#include "base/text.h"
#include "reconcile/sum.h"
#include <algorithm>
#include <set>

namespace cho40::statements {
namespace {

using reconcile::BankEntry;
using reconcile::Direction;

bool is_vnd(std::optional<CamtAmount> const& amount) { return amount && amount->currency == "VND"; }

// The reader lets no fraction of a VND amount through.
Dong dong(CamtAmount const& amount) { return amount.value.to_dong().value_or(Dong()); }

bool all_amounts_known(CamtEntry const& entry)
{
    return !entry.transactions.empty() && std::ranges::all_of(entry.transactions, [](auto const& tx) { return is_vnd(tx.amount); });
}

// What the bank took, less what it gave back, as part of the amount.
Dong charged(CamtCharges const& charges)
{
    reconcile::Sum sum;
    for (auto const& charge : charges.records) {
        if (!is_vnd(charge.amount) || charge.included == false) continue;
        if (charge.direction == CamtDirection::credit) sum.subtract(dong(*charge.amount));
        else sum.add(dong(*charge.amount));
    }
    return sum.total().value_or(Dong());
}

// Money in arrives less what was charged, money out goes with it.
Dong after_charges(Dong amount, Dong charge, CamtDirection direction)
{
    reconcile::Sum sum;
    sum.add(amount);
    if (direction == CamtDirection::credit) sum.subtract(charge);
    else sum.add(charge);
    return sum.total().value_or(Dong());
}

// How the payments make their entry.
struct Split {
    std::vector<Dong> amounts;         // one for each payment; below 0 against the entry's direction
    Dong entry_charge;                 // taken beside them, below 0: given back

    [[nodiscard]] bool makes(CamtEntry const& entry) const
    {
        reconcile::Sum sum;
        for (auto amount : amounts) sum.add(amount);
        auto const total = sum.total();
        return total && after_charges(*total, entry_charge, *entry.direction) == dong(*entry.amount);
    }
};

Split as_stated(CamtEntry const& entry)
{
    Split split;
    for (auto const& tx : entry.transactions) split.amounts.push_back(dong(*tx.amount));
    return split;
}

std::optional<Split> find_split(CamtEntry const& entry)
{
    auto const plain = as_stated(entry);
    if (plain.makes(entry)) return plain;
    auto own = plain;
    for (std::size_t i = 0; i < own.amounts.size(); ++i) {
        own.amounts[i] = after_charges(own.amounts[i], charged(entry.transactions[i].charges), *entry.direction);
    }
    bool const positive = std::ranges::all_of(own.amounts, &Dong::is_positive);
    if (positive && own.makes(entry)) return own;
    auto beside = plain;
    beside.entry_charge = charged(entry.charges);
    if (beside.makes(entry)) return beside;
    auto net = plain;
    for (std::size_t i = 0; i < net.amounts.size(); ++i) {
        auto const& direction = entry.transactions[i].direction;
        if (direction && direction != entry.direction) net.amounts[i] = Dong(-net.amounts[i].count());
    }
    if (net.makes(entry)) return net;
    return std::nullopt;
}

std::string damage_of(CamtEntry const& entry)
{
    reconcile::Sum sum;
    for (auto const& tx : entry.transactions) sum.add(dong(*tx.amount));
    auto const total = sum.total();
    return "the entry at line " + std::to_string(entry.line) + " is " + entry.amount->value.to_string() + ", but its payments add up to " +
           (total ? std::to_string(total->count()) : "too much");
}

void append_field(std::string& narrative, std::string_view field)
{
    field = trim(field);
    if (field.empty() || field == "NOTPROVIDED") return;
    if (!narrative.empty()) narrative += '\n';
    narrative += field;
}

Direction opposite(Direction direction) { return direction == Direction::credit ? Direction::debit : Direction::credit; }

// A payment's own reference where it has one that tells it from the others, else the entry's with its place.
class References {
public:
    explicit References(CamtEntry const& entry) : entry_(entry) {}

    std::string of(CamtTransaction const& tx, std::size_t number)
    {
        bool const names_itself = !tx.servicer_ref.empty() && tx.servicer_ref != entry_.servicer_ref;
        if (names_itself && taken_.insert(tx.servicer_ref).second) return tx.servicer_ref;
        return entry_.servicer_ref.empty() ? std::string() : entry_.servicer_ref + "/" + std::to_string(number);
    }

private:
    CamtEntry const& entry_;
    std::set<std::string> taken_;
};

std::vector<BankEntry> parts(CamtEntry const& entry, BankEntry const& whole, Split const& split)
{
    std::vector<BankEntry> records;
    References references(entry);
    for (std::size_t i = 0; i < entry.transactions.size(); ++i) {
        auto const& tx = entry.transactions[i];
        if (split.amounts[i].is_zero()) continue;  // no money moved by it
        auto part = whole;
        part.amount = Dong(std::abs(split.amounts[i].count()));
        if (split.amounts[i].count() < 0) part.direction = opposite(whole.direction);
        part.entry_ref = references.of(tx, i + 1);
        part.counterparty = part.direction == Direction::credit ? tx.debtor : tx.creditor;
        auto narrative = narrative_of(tx);
        append_field(narrative, entry.additional);
        part.narrative = narrative;
        records.push_back(std::move(part));
    }
    if (!split.entry_charge.is_zero()) {
        auto charge = whole;
        charge.amount = Dong(std::abs(split.entry_charge.count()));
        charge.direction = split.entry_charge.is_positive() ? Direction::debit : Direction::credit;
        if (!entry.servicer_ref.empty()) charge.entry_ref = entry.servicer_ref + "/charges";
        charge.narrative = "CHARGES";
        records.push_back(std::move(charge));
    }
    return records;
}

BankEntry one_record(CamtEntry const& entry, BankEntry whole)
{
    whole.entry_ref = entry.servicer_ref;
    if (whole.entry_ref.empty() && entry.transactions.size() == 1) whole.entry_ref = entry.transactions.front().servicer_ref;
    whole.counterparty = counterparty_of(entry);
    whole.narrative = narrative_of(entry);
    return whole;
}

}  // namespace

EntryPayments payments_of(CamtEntry const& entry, BankEntry whole)
{
    EntryPayments found;
    if (whole.currency != "VND" || !all_amounts_known(entry)) {
        found.records.push_back(one_record(entry, std::move(whole)));
        return found;
    }
    auto split = find_split(entry);
    if (!split) found.damage = damage_of(entry);
    if (entry.transactions.size() == 1) found.records.push_back(one_record(entry, std::move(whole)));
    else found.records = parts(entry, whole, split ? *split : as_stated(entry));
    return found;
}

std::string counterparty_of(CamtEntry const& entry)
{
    for (auto const& tx : entry.transactions) {
        auto const& name = entry.direction == CamtDirection::credit ? tx.debtor : tx.creditor;
        if (!name.empty()) return name;
    }
    return {};
}

std::string narrative_of(CamtTransaction const& tx)
{
    std::string joined;
    for (auto const& part : tx.unstructured) joined += part;
    std::string narrative;
    append_field(narrative, joined);
    for (auto const& ref : tx.structured) append_field(narrative, ref);
    append_field(narrative, tx.additional);
    append_field(narrative, tx.end_to_end_id);
    return narrative;
}

std::string narrative_of(CamtEntry const& entry)
{
    std::string narrative;
    for (auto const& tx : entry.transactions) append_field(narrative, narrative_of(tx));
    append_field(narrative, entry.additional);
    return narrative;
}

}  // namespace cho40::statements
