#include "qr-pay/payer.h"
#include "base/text.h"
#include "qr-pay/banks.h"
#include <algorithm>
#include <array>

namespace cho40::qr_pay {
namespace {

constexpr std::array<std::string_view, 3> fact_names = {"name", "account", "bank"};
constexpr std::size_t visible_end_min = 3, cut_name_min = 8;

// How what is told relates to what is known.
enum class Told { nothing, same, more, otherwise };

// Where the visible end of a masked account begins; npos when it is not masked. An account may hold one X of its own.
std::size_t visible_from(std::string_view account)
{
    for (std::string_view mask : {"*", "xx", "XX"}) {
        if (auto const at = account.rfind(mask); at != std::string_view::npos) return at + mask.size();
    }
    return std::string_view::npos;
}

bool ends_alike(std::string const& whole, std::string const& end) { return end.size() >= visible_end_min && whole.ends_with(end); }

Told compare_account(std::string const& known, std::string const& told)
{
    auto const left = squeeze(known), right = squeeze(told);
    if (left == right) return Told::same;
    auto const known_from = visible_from(known), told_from = visible_from(told);
    bool const known_masked = known_from != std::string::npos, told_masked = told_from != std::string::npos;
    auto const known_end = known_masked ? squeeze(known.substr(known_from)) : left;
    auto const told_end = told_masked ? squeeze(told.substr(told_from)) : right;
    if (known_masked && told_masked)
        return ends_alike(known_end, told_end) || ends_alike(told_end, known_end) ? Told::same : Told::otherwise;
    if (known_masked) return ends_alike(right, known_end) ? Told::more : Told::otherwise;
    if (told_masked) return ends_alike(left, told_end) ? Told::same : Told::otherwise;
    return Told::otherwise;
}

Told compare_name(std::string const& known, std::string const& told)
{
    auto const left = squeeze(known), right = squeeze(told);
    if (left == right) return Told::same;
    auto const shorter = std::min(left.size(), right.size());
    bool const is_cut = shorter >= cut_name_min && (left.starts_with(right) || right.starts_with(left));
    if (!is_cut) return Told::otherwise;
    return left.size() < right.size() ? Told::more : Told::same;
}

Told compare_bank(std::string const& known, std::string const& told)
{
    if (squeeze(known) == squeeze(told)) return Told::same;
    auto const left = bank_bin_told(known), right = bank_bin_told(told);
    if (right.empty()) return Told::same;
    if (left.empty()) return Told::more;
    if (left != right) return Told::otherwise;
    return told == right ? Told::more : Told::same;  // the number says more than the name
}

Told compare(PayerFact fact, std::string const& known, std::string const& told)
{
    if (told.empty()) return Told::nothing;
    if (known.empty()) return Told::more;
    switch (fact) {
    case PayerFact::name: return compare_name(known, told);
    case PayerFact::account: return compare_account(known, told);
    case PayerFact::bank: return compare_bank(known, told);
    }
    return Told::nothing;
}

}  // namespace

std::string_view name_of(PayerFact fact) { return fact_names[static_cast<std::size_t>(fact)]; }

bool KnownPayer::contradicts(PayerFact fact) const
{
    return std::ranges::any_of(contradictions, [&](PayerContradiction const& c) { return c.fact == fact; });
}

KnownPayer merge_payers(std::span<ToldPayer const> in_order_told)
{
    KnownPayer known;
    for (auto const& told : in_order_told) {
        auto const take = [&](PayerFact fact, std::string& mine, std::string const& theirs) {
            auto const relation = compare(fact, mine, theirs);
            if (relation == Told::more) mine = theirs;
            if (relation != Told::otherwise) return;
            PayerContradiction said{fact, told.rail, theirs};
            if (std::ranges::find(known.contradictions, said) == known.contradictions.end())
                known.contradictions.push_back(std::move(said));
        };
        take(PayerFact::name, known.name, told.name);
        take(PayerFact::account, known.account, told.account);
        take(PayerFact::bank, known.bank, told.bank);
    }
    return known;
}

bool is_masked_account(std::string_view account) { return visible_from(account) != std::string_view::npos; }

std::string bank_bin_told(std::string const& bank)
{
    auto const& banks = Banks::current();
    if (auto const* found = banks.find(bank)) return found->bin;
    std::string bin;
    auto const told = squeeze(bank);
    for (auto const& one : banks.all()) {
        if (told.empty() || squeeze(one.short_name) != told) continue;
        if (!bin.empty()) return {};
        bin = one.bin;
    }
    return bin;
}

}  // namespace cho40::qr_pay
