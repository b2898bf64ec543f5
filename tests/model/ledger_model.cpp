#include "tests/model/ledger_model.h"
#include "base/errc.h"
#include <algorithm>
#include <limits>

namespace cho40::tests::model {
namespace {

using namespace ledger;
using Wide = __int128;

bool fits(Wide value) { return value >= std::numeric_limits<std::int64_t>::min() && value <= std::numeric_limits<std::int64_t>::max(); }
std::int64_t narrow(Wide value) { return static_cast<std::int64_t>(std::clamp<Wide>(value, 0, std::numeric_limits<std::int64_t>::max())); }

// What may still go out of an account (down to zero when it has no floor), and what may still come in.
Wide above_floor(Standing const& s) { return Wide(s.posted) - s.credits_held - s.account.limits.floor.value_or(Dong()).count(); }
Wide below_ceiling(Standing const& s)
{
    if (!s.account.limits.ceiling) return std::numeric_limits<std::int64_t>::max();
    return Wide(s.account.limits.ceiling->count()) - s.posted - s.debits_held;
}

bool same(Transfer const& asked, Transfer const& stands)
{
    bool const ends = ends_pending(asked.kind);
    auto const account = [&](AccountNumber a, AccountNumber b) { return a == b || (ends && a.value == 0); };
    bool amount = asked.amount == stands.amount;
    if (asked.flags.balancing() && !ends) amount = asked.amount >= stands.amount;  // it named the most
    if (ends && asked.amount.is_zero()) amount = true;                              // it named all of it
    // Flags and code of an end are those of what it ended, not its own.
    bool const flags = ends || (asked.flags == stands.flags && asked.code == stands.code);
    return asked.kind == stands.kind && account(asked.debit, stands.debit) && account(asked.credit, stands.credit) && amount && flags &&
           asked.reference == stands.reference && asked.event_at == stands.event_at && asked.pending == stands.pending &&
           asked.timeout == stands.timeout;
}

std::optional<Instant> made_at(Uuid const& id)
{
    if (id.bytes[6] >> 4 != 7) return std::nullopt;
    std::int64_t ms = 0;
    for (int i = 0; i < 6; ++i) ms = ms * 256 + id.bytes[static_cast<std::size_t>(i)];
    return Instant(std::chrono::milliseconds(ms));
}

Verdict refuse(Errc code) { return Verdict{{code}, {}}; }

}  // namespace

std::string Verdict::to_string() const
{
    if (passes()) {
        return std::string(receipt.replayed ? "stands already" : "passes") + ", last seq " + std::to_string(receipt.last_seq) +
               ", amount " + std::to_string(receipt.last_amount.count());
    }
    std::string out;
    for (auto const code : refusals) out += (out.empty() ? "" : " or ") + std::string(errc_name(code));
    return out;
}

void LedgerModel::begin_batch(Instant at)
{
    recorded_at_ = std::max(recorded_at_, at);
    std::set<std::tuple<Instant, BookId, Uuid>> due;
    for (auto const& [id, book] : books_) {
        for (auto const& [pending, hold] : book.holds) {
            if (hold.expires_at && *hold.expires_at <= recorded_at_) due.emplace(*hold.expires_at, id, pending);
        }
    }
    for (auto const& [when, id, pending] : due) {
        auto& book = books_[id];
        auto const hold = book.holds.at(pending);
        JournalRow row = hold;
        row.transfer.kind = TransferKind::expire;
        row.transfer.id = Id<Transfer>(make_following_uuid(pending, "expire"));
        row.transfer.pending = hold.transfer.id;
        row.transfer.event_at = when;
        row.transfer.timeout = {};
        row.expires_at.reset();
        row.recorded_at = recorded_at_;
        give_back(hold, book, true);
        book.ended[pending] = TransferKind::expire;
        number(row, book);
        keep({row});
    }
}

Verdict LedgerModel::apply(Command const& command)
{
    auto book = books_[command.book];
    Rows rows;
    auto verdict = decide(command, recorded_at_, book, rows);
    if (!verdict.passes() || verdict.receipt.replayed) return verdict;
    book.events += static_cast<std::int64_t>(command.events.size());
    books_[command.book] = std::move(book);
    for (auto const& guard : command.guards) versions_[guard.entity] = guard.next;
    keep(rows);
    return verdict;
}

Verdict LedgerModel::would(Command const& command, Instant now) const
{
    auto const there = books_.find(command.book);
    auto book = there == books_.end() ? Book{} : there->second;
    Rows rows;
    return decide(command, std::max(now, recorded_at_), book, rows);
}

std::optional<Instant> LedgerModel::next_expiry() const
{
    std::optional<Instant> first;
    for (auto const& [id, book] : books_) {
        for (auto const& [pending, hold] : book.holds) {
            if (hold.expires_at && (!first || *hold.expires_at < *first)) first = hold.expires_at;
        }
    }
    return first;
}

// A command some of whose transfers stand already: it is the same command, or not.
std::optional<Verdict> LedgerModel::known(Command const& command) const
{
    std::size_t count = 0, equal = 0;
    Verdict verdict;
    for (auto const& t : command.transfers) {
        auto const there = known_.find(t.id.uuid);
        if (there == known_.end()) continue;
        ++count;
        auto const& row = there->second.row;
        if (there->second.book == command.book && same(t, row.transfer)) ++equal;
        verdict.receipt = Receipt{row.seq, row.transfer.amount, row.recorded_at, true, {}};
    }
    if (count == 0) return std::nullopt;
    if (equal < command.transfers.size()) return refuse(Errc::transfer_differs);
    return verdict;
}

Verdict LedgerModel::decide(Command const& command, Instant at, Book& book, Rows& rows) const
{
    if (auto verdict = known(command)) return *verdict;
    Verdict verdict;
    // Whether memory still knows a version or the database has to say so: either way the answer is `stale`, but whoever finds
    // out last may find another fault first.
    for (auto const& guard : command.guards) {
        auto const stands = versions_.find(guard.entity);
        if ((stands == versions_.end() ? 0 : stands->second) != guard.expected) verdict.refusals.insert(Errc::stale);
    }
    auto const with = [&](Errc code) {
        verdict.refusals.insert(code);
        // An end that nobody remembers any more cannot be told from a pending transfer that never was.
        if (code == Errc::pending_finished || code == Errc::pending_expired) verdict.refusals.insert(Errc::pending_not_found);
        return verdict;
    };
    if (auto const fault = open_accounts(command, book)) return with(*fault);
    if (command.close_before) {
        if (*command.close_before > at) return with(Errc::period_not_open);
        if (book.closed_before && *command.close_before < *book.closed_before) return with(Errc::period_closed);
        book.closed_before = command.close_before;
    }
    auto const before = book.accounts;
    std::set<Uuid> ids;
    for (auto const& t : command.transfers) {
        if (!ids.insert(t.id.uuid).second) return with(Errc::invalid_input);
        if (auto const made = made_at(t.id.uuid); made && *made > at + std::chrono::minutes(1)) return with(Errc::invalid_input);
        if (t.reference.size() > 64) return with(Errc::text_too_long);
        if (book.closed_before && t.event_at < *book.closed_before) return with(Errc::period_closed);
        JournalRow row;
        row.book = command.book;
        row.transfer = t;
        row.recorded_at = at;
        auto const fault = ends_pending(t.kind) ? end(row, book) : begin(row, book);
        if (fault) return with(*fault);
        number(row, book);
        rows.push_back(row);
    }
    for (auto const& [n, after] : book.accounts) {
        auto const was = before.find(n);
        if (was == before.end()) continue;
        auto const& [account, posted, debits_held, credits_held] = was->second;
        if (after.posted == posted && after.debits_held == debits_held && after.credits_held == credits_held) continue;
        auto checked = after;
        if (plant_ == Plant::forgets_held_amounts) checked.debits_held = checked.credits_held = 0;
        // Outside its limits an account may still come nearer to them.
        if (checked.account.limits.floor && above_floor(checked) < 0 && above_floor(checked) < above_floor(was->second))
            verdict.refusals.insert(Errc::insufficient_funds);
        if (checked.account.limits.ceiling && below_ceiling(checked) < 0 && below_ceiling(checked) < below_ceiling(was->second))
            verdict.refusals.insert(Errc::limit_exceeded);
    }
    verdict.receipt.recorded_at = at;
    if (!rows.empty()) {
        verdict.receipt.last_seq = rows.back().seq;
        verdict.receipt.last_amount = rows.back().transfer.amount;
    }
    return verdict;
}

std::optional<Errc> LedgerModel::open_accounts(Command const& command, Book& book) const
{
    for (auto const& account : command.open) {
        auto const there = book.accounts.find(account.number);
        if (there == book.accounts.end()) book.accounts[account.number].account = account;
        else if (there->second.account.limits != account.limits) return Errc::transfer_differs;
        else if (there->second.account.closed) return Errc::account_closed;
    }
    return std::nullopt;
}

std::optional<Errc> LedgerModel::begin(JournalRow& row, Book& book) const
{
    auto& t = row.transfer;
    if (!t.pending.is_nil()) return Errc::invalid_input;
    if (t.timeout.count() < 0 || (t.timeout.count() > 0 && t.kind != TransferKind::pending)) return Errc::invalid_input;
    if (t.amount.count() < 0 || (t.amount.is_zero() && !t.flags.closing())) return Errc::amount_not_positive;
    if (t.debit == t.credit) return Errc::invalid_input;
    for (auto const n : {t.debit, t.credit}) {
        if (!book.accounts.contains(n)) return Errc::account_unknown;
        if (book.accounts[n].account.closed) return Errc::account_closed;
    }
    auto& debit = book.accounts[t.debit];
    auto& credit = book.accounts[t.credit];
    if (t.flags.balancing()) {
        Wide most = t.amount.count();
        if (t.flags.balancing_debit) most = std::min(most, below_ceiling(debit));
        if (t.flags.balancing_credit) most = std::min(most, above_floor(credit));
        t.amount = Dong(narrow(most));
        if (t.amount.is_zero() && !t.flags.closing()) return Errc::insufficient_funds;
    }
    auto const amount = Wide(t.amount.count());
    if (t.kind == TransferKind::pending) {
        if (!fits(debit.debits_held + amount) || !fits(credit.credits_held + amount)) return Errc::amount_overflow;
        if (t.timeout > std::chrono::years(10)) return Errc::too_large;
        debit.debits_held += t.amount.count();
        credit.credits_held += t.amount.count();
        if (t.timeout.count() > 0) row.expires_at = row.recorded_at + t.timeout;
        book.holds[t.id.uuid] = row;
    } else {
        if (!fits(debit.posted + amount) || !fits(credit.posted - amount)) return Errc::amount_overflow;
        debit.posted += t.amount.count();
        credit.posted -= t.amount.count();
    }
    if (t.flags.closing_debit) debit.account.closed = true;
    if (t.flags.closing_credit) credit.account.closed = true;
    return std::nullopt;
}

std::optional<Errc> LedgerModel::end(JournalRow& row, Book& book) const
{
    auto& t = row.transfer;
    auto const there = book.holds.find(t.pending.uuid);
    if (there == book.holds.end()) {
        auto const over = book.ended.find(t.pending.uuid);
        if (over == book.ended.end()) return Errc::pending_not_found;
        return over->second == TransferKind::expire ? Errc::pending_expired : Errc::pending_finished;
    }
    auto const hold = there->second;
    auto const& held = hold.transfer;
    if (t.kind == TransferKind::expire) return Errc::invalid_state;
    if (t.flags != TransferFlags{} || t.timeout.count() != 0) return Errc::invalid_input;
    if (t.debit.value != 0 && t.debit != held.debit) return Errc::transfer_differs;
    if (t.credit.value != 0 && t.credit != held.credit) return Errc::transfer_differs;
    if (t.amount.count() < 0) return Errc::amount_not_positive;
    if (t.kind == TransferKind::undo && !t.amount.is_zero() && t.amount != held.amount) return Errc::transfer_differs;
    if (t.amount > held.amount) return Errc::limit_exceeded;
    t.debit = held.debit;
    t.credit = held.credit;
    t.flags = held.flags;
    t.code = held.code;
    if (t.amount.is_zero() || t.kind == TransferKind::undo) t.amount = held.amount;
    give_back(hold, book, t.kind == TransferKind::undo);
    book.ended[held.id.uuid] = t.kind;
    if (t.kind == TransferKind::post) {
        auto& debit = book.accounts[t.debit];
        auto& credit = book.accounts[t.credit];
        if (!fits(Wide(debit.posted) + t.amount.count()) || !fits(Wide(credit.posted) - t.amount.count())) return Errc::amount_overflow;
        debit.posted += t.amount.count();
        credit.posted -= t.amount.count();
    }
    return std::nullopt;
}

void LedgerModel::give_back(JournalRow const& hold, Book& book, bool reopen) const
{
    auto const& t = hold.transfer;
    auto& debit = book.accounts[t.debit];
    auto& credit = book.accounts[t.credit];
    debit.debits_held -= t.amount.count();
    credit.credits_held -= t.amount.count();
    if (reopen && plant_ != Plant::forgets_to_reopen) {
        if (t.flags.closing_debit) debit.account.closed = false;
        if (t.flags.closing_credit) credit.account.closed = false;
    }
    auto const id = t.id.uuid;
    book.holds.erase(id);
}

void LedgerModel::number(JournalRow& row, Book& book) const
{
    row.seq = ++book.seq;
    row.debit_balance = Dong(book.accounts[row.transfer.debit].posted);
    row.credit_balance = Dong(book.accounts[row.transfer.credit].posted);
}

void LedgerModel::keep(Rows const& rows)
{
    for (auto const& row : rows) {
        known_.insert_or_assign(row.transfer.id.uuid, Known{row.book, row});
        rows_.push_back(row);
        fresh_rows_.push_back(row);
    }
}

}  // namespace cho40::tests::model
