#include "tests/model/memory_journal.h"
#include "tests/model/scenario.h"

namespace cho40::tests::model {

using boost::asio::awaitable;
using namespace ledger;

std::optional<std::string> Disk::contradiction(Batch const& batch) const
{
    auto seen = versions;
    for (auto const& row : batch.rows) {
        if (auto const* tag = dynamic_cast<Tag const*>(row.get()); tag && tag->poison) return "poison";
        if (auto const* version = dynamic_cast<VersionRow const*>(row.get())) {
            auto& stands = seen[version->entity];
            if (stands != version->expected) return "another version";
            stands = version->next;
        }
    }
    for (auto const& row : batch.journal) {
        // As with an index over the part that is open: what is sealed is not looked at.
        auto const there = ids_.find(row.transfer.id.uuid);
        if (there == ids_.end()) continue;
        auto const& [book, position] = there->second;
        if (position >= books.at(book).sealed) return "the id stands already";
    }
    return std::nullopt;
}

std::optional<std::string> Disk::commit(Batch const& batch)
{
    if (auto why = contradiction(batch)) return why;
    for (auto const& [book, account] : batch.opened) books[book].accounts.emplace(account.number, account);
    for (auto const& [book, before] : batch.periods_closed) books[book].closed_before = before;
    for (auto const& row : batch.journal) enter(row);
    for (auto const& event : batch.events) books[event.book].events = event.seq;
    for (auto const& row : batch.rows) {
        if (auto const* version = dynamic_cast<VersionRow const*>(row.get())) versions[version->entity] = version->next;
    }
    return std::nullopt;
}

void Disk::enter(JournalRow const& row)
{
    auto& book = books[row.book];
    auto const& t = row.transfer;
    ids_.emplace(t.id.uuid, std::pair(row.book, book.rows.size()));
    order.push_back(t.id.uuid);
    book.rows.push_back(row);
    if (t.kind == TransferKind::pending)
        book.holds[t.id.uuid] = Hold{t.id, t.flags, t.debit, t.credit, t.amount, t.code, t.reference, row.expires_at};
    if (ends_pending(t.kind)) book.holds.erase(t.pending.uuid);
    bool const reopens = t.kind == TransferKind::undo || t.kind == TransferKind::expire;
    if (t.flags.closing_debit) book.accounts.at(t.debit).closed = !reopens;
    if (t.flags.closing_credit) book.accounts.at(t.credit).closed = !reopens;
}

void Disk::seal()
{
    for (auto& [id, book] : books) {
        for (; book.sealed < book.rows.size(); ++book.sealed) {
            auto const& row = book.rows[book.sealed];
            book.balances[row.transfer.debit] = row.debit_balance;
            book.balances[row.transfer.credit] = row.credit_balance;
        }
    }
}

State Disk::load(std::size_t remembered) const
{
    State state(StateLimits{.recent_transfers = remembered, .versions = 4});
    for (auto const& [id, book] : books) {
        for (auto const& [number, account] : book.accounts) {
            auto const noted = book.balances.find(number);
            state.load_account(id, account, noted == book.balances.end() ? Dong() : noted->second);
        }
        state.load_head(id, static_cast<std::int64_t>(book.sealed), book.events, book.closed_before);
        for (auto const& [pending, hold] : book.holds) state.load_hold(id, hold);
        for (auto i = book.sealed; i < book.rows.size(); ++i) {
            auto const& row = book.rows[i];
            bool const follows = state.load_entry(id, row.seq, {row.transfer.debit, row.debit_balance},
                                                  {row.transfer.credit, row.credit_balance});
            if (!follows) std::abort();
        }
    }
    auto const loaded = std::min(order.size(), remembered / 2);
    for (auto i = order.size() - loaded; i < order.size(); ++i) {
        auto const& row = *find(order[i]);
        if (i == order.size() - loaded && i > 0) state.forget_until(row.recorded_at);
        state.load_recent(row);
    }
    return state;
}

JournalRow const* Disk::find(Uuid const& id) const
{
    auto const there = ids_.find(id);
    return there == ids_.end() ? nullptr : &books.at(there->second.first).rows[there->second.second];
}

awaitable<Result<State>> MemoryJournal::take_over()
{
    epoch_ = ++disk_.epoch;
    co_return disk_.load(remembered_);
}

awaitable<Journal::Append> MemoryJournal::append(std::shared_ptr<Batch const> batch, Turn turn)
{
    bool const mine = co_await turn();
    if (!mine) co_return Append{Written::abandoned, {}};
    if (epoch_ != disk_.epoch) co_return Append{Written::lease_lost, {}};
    if (auto why = disk_.commit(*batch)) co_return Append{Written::refused, *why};
    co_return Append{};
}

awaitable<Result<std::vector<JournalRow>>> MemoryJournal::find(std::vector<Uuid> ids)
{
    std::vector<JournalRow> rows;
    for (auto const& id : ids) {
        if (auto const* row = disk_.find(id)) rows.push_back(*row);
    }
    co_return rows;
}

}  // namespace cho40::tests::model
