#include "ledger/state.h"
#include "base/check.h"
#include "ledger/chain.h"

namespace cho40::ledger {
namespace {

std::string name_of(AccountNumber account) { return std::to_string(account.value); }

Result<Done> within_limit(Account const& account, Dong balance)
{
    if (account.limit == AccountLimit::not_below_zero && balance < Dong()) {
        return fail(Errc::insufficient_funds, "account " + name_of(account.number) + " would fall below zero");
    }
    if (account.limit == AccountLimit::not_above_zero && balance > Dong()) {
        return fail(Errc::limit_exceeded, "account " + name_of(account.number) + " would be paid more than is owed");
    }
    return Done{};
}

}  // namespace

void State::load_account(BookId book, Account account, Dong balance)
{
    books_[book].accounts[account.number] = AccountState{account, balance};
}

void State::load_head(BookId book, std::int64_t journal_seq, Sha256 const& chain, std::int64_t event_seq)
{
    auto& b = books_[book];
    b.journal_seq = journal_seq;
    b.chain = chain;
    b.event_seq = event_seq;
}

void State::load_recent(BookId book, Transfer const& transfer, std::int64_t seq, Instant recorded_at)
{
    remember(book, transfer, seq, recorded_at);
}

Batch State::apply(std::vector<Command> const& commands, Instant now)
{
    undo_ = Undo{};
    Batch batch;
    batch.recorded_at = now;
    batch.outcomes.reserve(commands.size());
    for (auto const& command : commands) batch.outcomes.push_back(apply_one(command, now, batch));
    return batch;
}

std::optional<Result<Receipt>> State::find_duplicate(Command const& command) const
{
    Receipt receipt;
    receipt.replayed = true;
    std::size_t known = 0;
    for (auto const& transfer : command.transfers) {
        auto const it = recent_.find(transfer.id.uuid);
        if (it == recent_.end()) continue;
        if (it->second.book != command.book || it->second.transfer != transfer) {
            return fail(Errc::transfer_differs, "transfer " + transfer.id.uuid.to_string() + " stands already with another content");
        }
        ++known;
        receipt.last_seq = std::max(receipt.last_seq, it->second.seq);
        receipt.recorded_at = it->second.recorded_at;
    }
    if (known == 0) return std::nullopt;
    if (known != command.transfers.size()) {
        return fail(Errc::transfer_differs, "some transfers of the command stand already, others do not");
    }
    return receipt;
}

Result<Done> State::check(Command const& command, Book const* book) const
{
    for (auto const& guard : command.guards) {
        auto const it = versions_.find(guard.entity);
        if (it != versions_.end() && it->second != guard.expected) {
            return fail(Errc::stale, "something changed meanwhile; read again and decide again");
        }
    }
    std::unordered_map<AccountNumber, AccountState> touched;
    auto const account = [&](AccountNumber number) -> AccountState* {
        if (auto it = touched.find(number); it != touched.end()) return &it->second;
        if (book) {
            if (auto it = book->accounts.find(number); it != book->accounts.end())
                return &touched.emplace(number, it->second).first->second;
        }
        for (auto const& opened : command.open) {
            if (opened.number == number) return &touched.emplace(number, AccountState{opened, Dong()}).first->second;
        }
        return nullptr;
    };
    for (auto const& opened : command.open) {
        auto const* there = book && book->accounts.contains(opened.number) ? &book->accounts.at(opened.number).account : nullptr;
        if (there && there->limit != opened.limit) {
            return fail(Errc::transfer_differs, "account " + name_of(opened.number) + " is open with another limit");
        }
    }
    for (std::size_t i = 0; i < command.transfers.size(); ++i) {
        auto const& t = command.transfers[i];
        auto const at = "/transfers/" + std::to_string(i);
        if (!t.amount.is_positive()) return fail(Errc::amount_not_positive, "a transfer moves at least 1 đồng", at + "/amount");
        if (t.debit == t.credit) return fail(Errc::invalid_input, "a transfer needs two different accounts", at);
        if (t.reference.size() > reference_bytes_max)
            return fail(Errc::text_too_long, "a reference has at most 64 bytes", at + "/reference");
        for (std::size_t j = 0; j < i; ++j) {
            if (command.transfers[j].id == t.id) return fail(Errc::invalid_input, "the same transfer twice in one command", at + "/id");
        }
        for (auto number : {t.debit, t.credit}) {
            auto const* a = account(number);
            if (!a) return fail(Errc::account_unknown, "account " + name_of(number) + " does not exist", at);
            if (a->account.closed) return fail(Errc::account_closed, "account " + name_of(number) + " is closed", at);
        }
        auto* debit = account(t.debit);
        CHO_TRY(debit->balance, add(debit->balance, t.amount));
        auto* credit = account(t.credit);
        CHO_TRY(credit->balance, subtract(credit->balance, t.amount));
    }
    // Limits hold for the command as a whole: a chain may pass through a forbidden balance, it may not end in one.
    for (auto const& [number, state] : touched) CHO_TRY_DO(within_limit(state.account, state.balance));
    return Done{};
}

Result<Receipt> State::apply_one(Command const& command, Instant now, Batch& batch)
{
    if (auto duplicate = find_duplicate(command)) return *std::move(duplicate);
    auto const found = books_.find(command.book);
    CHO_TRY_DO(check(command, found == books_.end() ? nullptr : &found->second));

    // From here on nothing can be refused.
    if (!undo_.books.contains(command.book)) {
        bool const existed = found != books_.end();
        undo_.books[command.book] = existed
                                        ? Undo::BookBefore{true, found->second.journal_seq, found->second.event_seq, found->second.chain}
                                        : Undo::BookBefore{false, 0, 0, {}};
    }
    auto& book = books_[command.book];
    for (auto const& account : command.open) {
        if (book.accounts.contains(account.number)) continue;
        book.accounts.emplace(account.number, AccountState{account, Dong()});
        undo_.opened.emplace_back(command.book, account.number);
        batch.opened.emplace_back(command.book, account);
    }
    Receipt receipt;
    receipt.recorded_at = now;
    for (auto const& t : command.transfers) {
        auto& debit = book.accounts.at(t.debit);
        auto& credit = book.accounts.at(t.credit);
        undo_.accounts.emplace_back(command.book, debit);
        undo_.accounts.emplace_back(command.book, credit);
        JournalRow row;
        row.book = command.book;
        row.seq = ++book.journal_seq;
        row.transfer = t;
        row.debit_balance = debit.balance = *add(debit.balance, t.amount);
        row.credit_balance = credit.balance = *subtract(credit.balance, t.amount);
        row.recorded_at = now;
        row.chain = book.chain = chain_link(book.chain, row);
        receipt.last_seq = row.seq;
        remember(command.book, t, row.seq, now);
        undo_.transfers.push_back(t.id.uuid);
        batch.journal.push_back(std::move(row));
    }
    for (auto const& guard : command.guards) {
        auto const it = versions_.find(guard.entity);
        undo_.versions.emplace_back(guard.entity, it == versions_.end() ? std::nullopt : std::optional(it->second));
        remember_version(guard.entity, guard.next);
    }
    for (auto const& event : command.events) batch.events.push_back(NumberedEvent{command.book, ++book.event_seq, now, event});
    batch.rows.insert(batch.rows.end(), command.rows.begin(), command.rows.end());
    return receipt;
}

void State::undo()
{
    for (auto it = undo_.accounts.rbegin(); it != undo_.accounts.rend(); ++it) {
        books_.at(it->first).accounts.at(it->second.account.number) = it->second;
    }
    for (auto const& [book, number] : undo_.opened) books_.at(book).accounts.erase(number);
    for (auto const& [book, before] : undo_.books) {
        if (!before.existed) {
            books_.erase(book);
            continue;
        }
        auto& b = books_.at(book);
        b.journal_seq = before.journal_seq;
        b.event_seq = before.event_seq;
        b.chain = before.chain;
    }
    for (auto it = undo_.versions.rbegin(); it != undo_.versions.rend(); ++it) {
        if (it->second) versions_[it->first] = *it->second;
        else versions_.erase(it->first);
    }
    for (auto const& id : undo_.transfers) recent_.erase(id);
    undo_ = Undo{};
}

void State::remember(BookId book, Transfer const& transfer, std::int64_t seq, Instant at)
{
    recent_.insert_or_assign(transfer.id.uuid, Recent{transfer, book, seq, at});
    recent_order_.push_back(transfer.id.uuid);
    while (recent_order_.size() > recent_transfers_max) {
        recent_.erase(recent_order_.front());
        recent_order_.pop_front();
    }
}

void State::remember_version(Uuid entity, std::int64_t version)
{
    if (versions_.insert_or_assign(entity, version).second) version_order_.push_back(entity);
    while (version_order_.size() > versions_max) {
        versions_.erase(version_order_.front());
        version_order_.pop_front();
    }
}

std::optional<Dong> State::balance(BookId book, AccountNumber account) const
{
    auto const b = books_.find(book);
    if (b == books_.end()) return std::nullopt;
    auto const a = b->second.accounts.find(account);
    if (a == b->second.accounts.end()) return std::nullopt;
    return a->second.balance;
}

std::int64_t State::journal_seq(BookId book) const
{
    auto const b = books_.find(book);
    return b == books_.end() ? 0 : b->second.journal_seq;
}

}  // namespace cho40::ledger
