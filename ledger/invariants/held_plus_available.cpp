#include "ledger/invariants/held_plus_available.h"

namespace cho40::ledger {
namespace {

// Sums of a journal that holds fit in 64 bits; one that does not must not make the proof undefined.
std::int64_t add(std::int64_t a, std::int64_t b)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

}  // namespace

void HeldPlusAvailable::begin(Standing const& standing)
{
    for (auto const& [account, balance] : standing.accounts) sums_[account.number].posted = balance.posted.count();
    for (auto const& held : standing.holds) {
        Held const one{held.debit, held.credit, held.amount.count()};
        open_.emplace(held.id.uuid, one);
        hold(one, 1);
    }
}

void HeldPlusAvailable::hold(Held const& held, std::int64_t sign)
{
    auto& debit = sums_[held.debit].debits_held;
    debit = add(debit, sign * held.amount);
    auto& credit = sums_[held.credit].credits_held;
    credit = add(credit, sign * held.amount);
}

std::optional<std::string> HeldPlusAvailable::on_row(JournalRow const& row)
{
    auto const& t = row.transfer;
    if (t.kind == TransferKind::pending) {
        Held const held{t.debit, t.credit, t.amount.count()};
        if (open_.emplace(t.id.uuid, held).second) hold(held, 1);
    }
    if (ends_pending(t.kind)) {
        if (auto const it = open_.find(t.pending.uuid); it != open_.end()) {
            hold(it->second, -1);
            open_.erase(it);
        }
    }
    if (moves_money(t.kind)) {
        auto& debit = sums_[t.debit].posted;
        debit = add(debit, t.amount.count());
        auto& credit = sums_[t.credit].posted;
        credit = add(credit, -t.amount.count());
    }
    return std::nullopt;
}

std::optional<std::string> HeldPlusAvailable::on_standing(Standing const& said)
{
    std::unordered_map<AccountNumber, Balance> of;
    for (auto const& [account, balance] : said.accounts) of[account.number] = balance;
    for (auto const& [number, sums] : sums_) {
        auto const there = of.find(number);
        if (auto what = compare(number, there == of.end() ? Balance{} : there->second)) return what;
    }
    for (auto const& [number, balance] : of) {
        if (auto what = compare(number, balance)) return what;
    }
    return std::nullopt;
}

std::optional<std::string> HeldPlusAvailable::compare(AccountNumber account, Balance const& said) const
{
    auto const there = sums_.find(account);
    auto const sums = there == sums_.end() ? Sums{} : there->second;
    auto const differs = [&](char const* what, std::int64_t is, Dong told) {
        return "account " + std::to_string(account.value) + ": " + what + " is " + std::to_string(is) +
               " đồng by its entries, and said to be " + std::to_string(told.count());
    };
    if (sums.posted != said.posted.count()) return differs("the total", sums.posted, said.posted);
    if (sums.debits_held != said.debits_held.count()) return differs("what is held to come in", sums.debits_held, said.debits_held);
    if (sums.credits_held != said.credits_held.count()) return differs("what is held to go out", sums.credits_held, said.credits_held);
    return std::nullopt;
}

std::optional<std::string> HeldPlusAvailable::on_book_end(BookId)
{
    sums_.clear();
    open_.clear();
    return std::nullopt;
}

}  // namespace cho40::ledger
