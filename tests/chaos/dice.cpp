#include "tests/chaos/dice.h"
#include <fmt/format.h>

namespace cho40::chaos {

using ledger::AccountNumber;
using ledger::Transfer;
using ledger::TransferKind;

void Dice::fill(std::uint8_t* out, std::size_t size)
{
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(engine_());
}

std::int64_t Dice::below(std::int64_t limit) { return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(limit)); }

Transfer Dice::transfer(Instant now)
{
    auto const debit = 1 + below(accounts);
    auto const credit = 1 + (debit - 1 + 1 + below(accounts - 1)) % accounts;
    // What goes out of a limited account is sometimes more than there is.
    Transfer t(make_id<Transfer>(now, *this), AccountNumber{debit}, AccountNumber{credit}, Dong(1'000 + below(100'000)),
               ledger::TransferCode::sale, fmt::format("C{}", below(1'000'000)), now);
    return t;
}

Asked const* Dice::accepted(Record const& record)
{
    auto const& answered = record.answered();
    if (answered.empty()) return nullptr;
    auto it = answered.lower_bound(1 + below(answered.rbegin()->first));
    while (it != answered.end() && !it->second.accepted) ++it;
    return it == answered.end() ? nullptr : &record.asked().at(it->first);
}

std::optional<Transfer> Dice::end_of_hold(Record const& record, Instant now)
{
    // A few looks are enough: every tenth command is a hold. Some of those found have ended already; that is refused.
    for (int i = 0; i < 20; ++i) {
        auto const* held = accepted(record);
        if (!held || held->transfers.size() != 1 || held->transfers[0].kind != TransferKind::pending) continue;
        auto const& hold = held->transfers[0];
        Transfer t(make_id<Transfer>(now, *this), hold.debit, hold.credit, hold.amount, hold.code, hold.reference, now);
        t.kind = one_in(2) ? TransferKind::post : TransferKind::undo;
        if (t.kind == TransferKind::post && one_in(2)) t.amount = Dong(1 + below(hold.amount.count()));
        t.pending = hold.id;
        return t;
    }
    return std::nullopt;
}

Asked Dice::command(Record& record, Instant now)
{
    Asked command{record.next_number(), {}};
    auto const face = below(100);
    if (face < 10) {
        command.transfers.push_back(transfer(now));
        command.transfers[0].kind = TransferKind::pending;
        command.transfers[0].timeout = std::chrono::seconds(below(3));
        return command;
    }
    if (face < 18) {
        if (auto end = end_of_hold(record, now)) {
            command.transfers.push_back(*std::move(end));
            return command;
        }
    }
    auto const length = face < 25 ? 2 + below(3) : 1;
    for (std::int64_t i = 0; i < length; ++i) command.transfers.push_back(transfer(now));
    return command;
}

}  // namespace cho40::chaos
