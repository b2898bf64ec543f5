#include "ledger/state.h"
#include "base/check.h"

namespace cho40::ledger {

State::State(StateLimits limits) : limits_(limits), recent_(limits.recent_transfers) {}

// ---- loading

State::Book& State::book_of(BookId id)
{
    auto& book = books_[id];
    book.id = id;
    return book;
}

void State::load_account(BookId book, Account account, Dong posted)
{
    auto& state = *book_of(book).accounts.add(account).state;
    state.account = account;
    state.balance.posted = posted;
}

void State::load_hold(BookId id, Hold hold)
{
    auto& book = book_of(id);
    auto& debit = book.accounts.at(hold.debit).balance.debits_held;
    auto& credit = book.accounts.at(hold.credit).balance.credits_held;
    debit = Dong(debit.count() + hold.amount.count());
    credit = Dong(credit.count() + hold.amount.count());
    if (hold.expires_at) expiries_.emplace(*hold.expires_at, id, hold.id.uuid);
    book.holds.insert_or_assign(hold.id.uuid, std::move(hold));
}

void State::load_head(BookId id, std::int64_t journal_seq, std::int64_t event_seq, std::optional<Instant> closed_before)
{
    auto& book = book_of(id);
    book.journal_seq = journal_seq;
    book.links_first = journal_seq + 1;
    book.event_seq = event_seq;
    book.closed_before = closed_before;
}

bool State::load_entry(BookId id, std::int64_t seq, Side debit_side, Side credit_side)
{
    auto& book = book_of(id);
    auto* const debit = book.accounts.find(debit_side.account);
    auto* const credit = book.accounts.find(credit_side.account);
    if (seq != book.journal_seq + 1 || !debit || !credit) return false;
    debit->balance.posted = debit_side.posted;
    credit->balance.posted = credit_side.posted;
    if (book.links.empty()) book.links_first = seq;
    book.journal_seq = seq;
    link(book, seq, *debit, *credit);
    return true;
}

void State::load_recent(JournalRow const& row)
{
    last_recorded_ = std::max(last_recorded_, row.recorded_at);
    recent_.push(RecentTransfers::Entry{row.transfer, row.book, row.seq, row.recorded_at});
}

std::vector<Uuid> State::forgotten(Command const& command) const
{
    std::vector<Uuid> ids;
    for (auto const& t : command.transfers) {
        if (recent_.may_be_forgotten(t.id.uuid) && !find_known(t.id.uuid)) ids.push_back(t.id.uuid);
    }
    return ids;
}

void State::recall(JournalRow const& row)
{
    recalled_.insert_or_assign(row.transfer.id.uuid, RecentTransfers::Entry{row.transfer, row.book, row.seq, row.recorded_at});
}

// ---- batches

Batch State::open_batch(Instant now)
{
    undo_.emplace_back();
    last_recorded_ = std::max(last_recorded_, now);  // recorded time never runs backwards, whatever the clock does
    Batch batch;
    batch.recorded_at = last_recorded_;
    expire_due(batch);
    return batch;
}

Batch State::apply(std::span<Command const> commands, Instant now)
{
    auto batch = open_batch(now);
    batch.outcomes.reserve(commands.size());
    for (auto const& command : commands) apply(command, batch);
    return batch;
}

void State::apply(Command const& command, Batch& batch)
{
    auto const before = mark(batch);
    auto outcome = apply_one(command, batch);
    if (!outcome) {
        roll_back(undo_.back(), before);
        batch.journal.resize(before.batch_journal);
        batch.opened.resize(before.batch_opened);
        batch.periods_closed.resize(before.batch_periods);
    }
    batch.outcomes.push_back(std::move(outcome));
}

void State::expect_later(Command const& command) const
{
    auto const book = books_.find(command.book);
    for (auto const& t : command.transfers) {
        recent_.expect(t.id.uuid);
        if (book == books_.end()) continue;
        book->second.accounts.expect_later(t.debit);
        book->second.accounts.expect_later(t.credit);
    }
}

void State::expect_next(Command const& command) const
{
    auto const book = books_.find(command.book);
    if (book == books_.end()) return;
    for (auto const& t : command.transfers) {
        book->second.accounts.expect_next(t.debit);
        book->second.accounts.expect_next(t.credit);
    }
}

State::Mark State::mark(Batch const& batch) const
{
    auto const& u = undo_.back();
    return Mark{u.accounts.size(), u.books.size(), u.holds.size(),       u.opened.size(),     u.versions.size(),
                u.created.size(),  u.recent,       batch.journal.size(), batch.opened.size(), batch.periods_closed.size()};
}

void State::roll_back(Undo& undo, Mark const& to)
{
    for (; undo.recent > to.recent; --undo.recent) recent_.pop_newest();
    for (; undo.versions.size() > to.versions; undo.versions.pop_back()) {
        auto const& [entity, version] = undo.versions.back();
        if (version) versions_[entity] = *version;
        else versions_.erase(entity);
    }
    for (; undo.holds.size() > to.holds; undo.holds.pop_back()) {
        auto& [book, id, hold] = undo.holds.back();
        auto const there = book->holds.find(id);
        if (there != book->holds.end() && there->second.expires_at) { expiries_.erase({*there->second.expires_at, book->id, id}); }
        if (hold) {
            if (hold->expires_at) expiries_.emplace(*hold->expires_at, book->id, id);
            book->holds.insert_or_assign(id, std::move(*hold));
        } else {
            book->holds.erase(id);
        }
    }
    for (; undo.accounts.size() > to.accounts; undo.accounts.pop_back()) {
        auto const& before = undo.accounts.back();
        before.account->balance = before.balance;
        before.account->newest = before.newest;
        before.account->account.closed = before.closed;
    }
    for (; undo.opened.size() > to.opened; undo.opened.pop_back()) undo.opened.back()->accounts.pop_newest();
    for (; undo.books.size() > to.books; undo.books.pop_back()) {
        auto const& before = undo.books.back();
        before.book->journal_seq = before.journal_seq;
        before.book->event_seq = before.event_seq;
        before.book->closed_before = before.closed_before;
        auto& links = before.book->links;
        while (!links.empty() && before.book->links_first + static_cast<std::int64_t>(links.size()) - 1 > before.journal_seq) {
            links.pop_back();
        }
    }
    for (; undo.created.size() > to.created; undo.created.pop_back()) books_.erase(undo.created.back());
}

void State::undo()
{
    CHO_CHECK(!undo_.empty());
    roll_back(undo_.back(), Mark{});
    undo_.pop_back();
}

void State::settle()
{
    CHO_CHECK(!undo_.empty());
    undo_.pop_front();
    recent_.trim();
}

// ---- what others ask

std::optional<Balance> State::balance(BookId book, AccountNumber number) const
{
    auto const b = books_.find(book);
    if (b == books_.end()) return std::nullopt;
    auto const* const a = b->second.accounts.find(number);
    if (!a) return std::nullopt;
    return a->balance;
}

std::optional<Account> State::account(BookId book, AccountNumber number) const
{
    auto const b = books_.find(book);
    if (b == books_.end()) return std::nullopt;
    auto const* const a = b->second.accounts.find(number);
    if (!a) return std::nullopt;
    return a->account;
}

std::optional<Hold> State::hold(BookId book, Id<Transfer> id) const
{
    auto const b = books_.find(book);
    if (b == books_.end()) return std::nullopt;
    auto const h = b->second.holds.find(id.uuid);
    if (h == b->second.holds.end()) return std::nullopt;
    return h->second;
}

std::int64_t State::journal_seq(BookId book) const
{
    auto const b = books_.find(book);
    return b == books_.end() ? 0 : b->second.journal_seq;
}

std::vector<BookId> State::books() const
{
    std::vector<BookId> ids;
    for (auto const& [id, book] : books_) ids.push_back(id);
    return ids;
}

Standing State::standing(BookId id) const
{
    Standing standing{.book = id, .seq = 0, .event_seq = 0, .accounts = {}, .holds = {}};
    auto const there = books_.find(id);
    if (there == books_.end()) return standing;
    standing.seq = there->second.journal_seq;
    standing.event_seq = there->second.event_seq;
    for (auto const& [account, balance, newest] : there->second.accounts) standing.accounts.emplace_back(account, balance);
    for (auto const& [uuid, hold] : there->second.holds) standing.holds.push_back(hold);
    return standing;
}

std::optional<Instant> State::next_expiry() const
{
    if (expiries_.empty()) return std::nullopt;
    return std::get<Instant>(*expiries_.begin());
}

State::Entries State::entries(BookId id, AccountNumber number, EntryBounds bounds) const
{
    Entries out;
    auto const b = books_.find(id);
    if (b == books_.end()) return out;
    auto const& book = b->second;
    out.first = book.links_first;
    auto const* const a = book.accounts.find(number);
    if (!a) return out;
    for (auto touch = a->newest;; --bounds.steps) {
        auto const seq = touch / 2;
        if (seq < book.links_first || seq <= bounds.after) {
            out.complete = true;
            return out;
        }
        if (bounds.steps == 0 || out.seqs.size() == bounds.limit) return out;
        if (seq < bounds.before) out.seqs.push_back(seq);
        auto const& links = book.links[static_cast<std::size_t>(seq - book.links_first)];
        touch = (touch & 1) != 0 ? links.debit_before : links.credit_before;
    }
}

void State::drop_entries(BookId id, std::int64_t seq)
{
    auto const b = books_.find(id);
    if (b == books_.end()) return;
    auto& book = b->second;
    while (!book.links.empty() && book.links_first <= seq) {
        book.links.pop_front();
        ++book.links_first;
    }
    if (book.links.empty()) book.links_first = std::max(book.links_first, book.journal_seq + 1);
}

}  // namespace cho40::ledger
