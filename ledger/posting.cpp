// The rules of posting: what a command is refused for, and what it does when it is not.
#include "base/check.h"
#include "ledger/state.h"
#include "ledger/transit.h"

namespace cho40::ledger {
namespace {

std::string name_of(AccountNumber account) { return std::to_string(account.value); }

std::string pointer_to(std::size_t index, char const* member = nullptr)
{
    auto text = "/transfers/" + std::to_string(index);
    if (member) text.append("/").append(member);
    return text;
}

tl::unexpected<Error> refuse(Errc code, std::string detail, std::string detail_vi, std::string pointer = {})
{
    return fail(Error(code, std::move(detail), std::move(pointer)).vi(std::move(detail_vi)));
}

// False: overflow, and nothing changed.
bool shift(Dong& value, std::int64_t by)
{
    std::int64_t sum = 0;
    if (__builtin_add_overflow(value.count(), by, &sum)) return false;
    value = Dong(sum);
    return true;
}

// What may still go out of the account, and come in; nothing: without limit.
std::optional<Dong> room_below(Account const& account, Balance const& b)
{
    if (!account.limits.floor) return std::nullopt;
    __int128 const room = static_cast<__int128>(b.posted.count()) - b.credits_held.count() - account.limits.floor->count();
    return Dong(static_cast<std::int64_t>(std::clamp<__int128>(room, INT64_MIN, INT64_MAX)));
}
std::optional<Dong> room_above(Account const& account, Balance const& b)
{
    if (!account.limits.ceiling) return std::nullopt;
    __int128 const room = static_cast<__int128>(account.limits.ceiling->count()) - b.posted.count() - b.debits_held.count();
    return Dong(static_cast<std::int64_t>(std::clamp<__int128>(room, INT64_MIN, INT64_MAX)));
}

tl::unexpected<Error> refuse_expired(std::size_t index)
{
    return refuse(Errc::pending_expired, "the pending transfer's time is over; the amount was given back",
                  "Khoản giữ đã hết hạn; số tiền đã được trả lại.", pointer_to(index, "pending"));
}

// The id of the row that ends a pending transfer whose time is over.
Uuid expiry_of(Uuid const& pending) { return make_following_uuid(pending, "expire"); }

// In which member a repeated transfer is not the one that stands; null: it is the same. Members that the ledger fills in
// (accounts and amount of what ends a pending transfer, the amount of a balancing one) may have been left open again.
char const* difference(Transfer const& asked, Transfer const& stands)
{
    bool const ends = ends_pending(asked.kind);
    if (asked.kind != stands.kind) return "kind";
    if (!ends && asked.flags != stands.flags) return "flags";
    if (asked.debit != stands.debit && !(ends && asked.debit.value == 0)) return "debit";
    if (asked.credit != stands.credit && !(ends && asked.credit.value == 0)) return "credit";
    bool const open_amount = (ends && asked.amount.is_zero()) || (asked.flags.balancing() && asked.amount >= stands.amount);
    if (asked.amount != stands.amount && !open_amount) return "amount";
    if (asked.code != stands.code && !ends) return "code";
    if (asked.reference != stands.reference) return "reference";
    if (asked.event_at != stands.event_at) return "event_at";
    if (asked.pending != stands.pending) return "pending";
    if (asked.timeout != stands.timeout) return "timeout";
    return nullptr;
}

}  // namespace

RecentTransfers::Entry const* State::find_known(Uuid const& id) const
{
    if (auto const* entry = recent_.find(id)) return entry;
    if (recalled_.empty()) return nullptr;
    auto const it = recalled_.find(id);
    return it == recalled_.end() ? nullptr : &it->second;
}

std::optional<Result<Receipt>> State::find_duplicate(Command const& command) const
{
    Receipt receipt;
    receipt.replayed = true;
    std::size_t known = 0;
    for (std::size_t i = 0; i < command.transfers.size(); ++i) {
        auto const& transfer = command.transfers[i];
        auto const* entry = find_known(transfer.id.uuid);
        if (!entry) continue;
        auto const* what = entry->book != command.book ? "book" : difference(transfer, entry->transfer);
        if (what) {
            return refuse(Errc::transfer_differs,
                          std::string("the transfer stands already with another ") + what + "; send the same again or make a new id",
                          std::string("Bút toán này đã ghi với ") + what + " khác; gửi lại đúng như cũ hoặc tạo mã mới.",
                          pointer_to(i, what));
        }
        ++known;
        receipt.last_seq = std::max(receipt.last_seq, entry->seq);
        receipt.last_amount = entry->transfer.amount;
        receipt.recorded_at = entry->recorded_at;
        if (command.transfers.size() > 1) receipt.chain.push_back({entry->seq, entry->transfer.amount});
    }
    if (known == 0) return std::nullopt;
    if (known != command.transfers.size()) {
        return fail(Errc::transfer_differs, "some transfers of the command stand already, others do not");
    }
    return receipt;
}

Result<Receipt> State::apply_one(Command const& command, Batch& batch)
{
    if (auto duplicate = find_duplicate(command)) return *std::move(duplicate);
    for (auto const& guard : command.guards) {
        auto const it = versions_.find(guard.entity);
        if (it != versions_.end() && it->second != guard.expected) {
            return fail(Errc::stale, "something changed meanwhile; read again and decide again");
        }
    }

    auto& undo = undo_.back();
    auto const before = mark(batch);
    auto [found, created] = books_.try_emplace(command.book);
    auto& book = found->second;
    if (created) {
        book.id = command.book;
        undo.created.push_back(command.book);
    }
    undo.books.push_back({&book, book.journal_seq, book.event_seq, book.closed_before});

    for (auto const& account : command.open) {
        auto const [there, opened] = book.accounts.add(account);
        if (opened) {
            undo.opened.push_back(&book);
            batch.opened.emplace_back(command.book, account);
        } else if (there->account.limits != account.limits) {
            return refuse(Errc::transfer_differs, "account " + name_of(account.number) + " is open with other limits",
                          "Tài khoản " + name_of(account.number) + " đã mở với hạn mức khác.");
        } else if (there->account.closed) {
            return refuse(Errc::account_closed, "account " + name_of(account.number) + " was closed; a closed account is not opened again",
                          "Tài khoản " + name_of(account.number) + " đã đóng và không mở lại.");
        }
    }
    if (command.close_before) {
        if (*command.close_before > batch.recorded_at) {
            return fail(Errc::period_not_open, "a period can be closed when it is over, not before");
        }
        if (book.closed_before && *command.close_before < *book.closed_before) {
            return fail(Errc::period_closed, "periods are closed beyond that already; a closed period is not opened again");
        }
        book.closed_before = command.close_before;
        batch.periods_closed.emplace_back(command.book, *command.close_before);
    }

    Receipt receipt;
    receipt.recorded_at = batch.recorded_at;
    auto const first_seq = book.journal_seq + 1;
    for (std::size_t i = 0; i < command.transfers.size(); ++i) {
        CHO_TRY_DO(post(book, command.book, command.transfers[i], i, first_seq, batch, receipt));
        auto const& posted = batch.journal.back().transfer;
        if (!command.over_transit && (is_transit(posted.debit) || is_transit(posted.credit))) {
            return refuse(Errc::forbidden, "what is on its way between two books is moved by the ledger alone",
                          "Khoản đang chuyển giữa hai sổ chỉ do hệ thống xử lý.", pointer_to(i));
        }
        if (command.transfers.size() > 1) receipt.chain.push_back({receipt.last_seq, receipt.last_amount});
    }
    // Limits hold for the command as a whole: a chain may pass through a forbidden balance, it may not end in one.
    CHO_TRY_DO(within_limits(command, before, first_seq));

    // From here on nothing can be refused.
    for (auto const& guard : command.guards) {
        auto const it = versions_.find(guard.entity);
        undo.versions.emplace_back(guard.entity, it == versions_.end() ? std::nullopt : std::optional(it->second));
        remember_version(guard.entity, guard.next);
    }
    for (auto const& event : command.events) {
        batch.events.push_back(NumberedEvent{command.book, ++book.event_seq, batch.recorded_at, event});
    }
    batch.rows.insert(batch.rows.end(), command.rows.begin(), command.rows.end());
    return receipt;
}

Result<Done> State::post(Book& book, BookId id, Transfer const& t, std::size_t index, std::int64_t first_seq, Batch& batch,
                         Receipt& receipt)
{
    // Against the journal it was looked for before the first transfer of the command.
    auto const* earlier = index > 0 ? recent_.find(t.id.uuid) : nullptr;
    if (earlier && earlier->seq >= first_seq && earlier->book == id) {
        return fail(Errc::invalid_input, "the same transfer twice in one command", pointer_to(index, "id"));
    }
    auto const ms = uuid7_milliseconds(t.id.uuid);
    if (ms && Instant(std::chrono::milliseconds(*ms)) > batch.recorded_at + RecentTransfers::clock_skew_max) {
        return fail(Errc::invalid_input, "the id's time lies in the future; is the clock of the machine that made it right?",
                    pointer_to(index, "id"));
    }
    if (t.reference.size() > reference_bytes_max) {
        return fail(Errc::text_too_long, "a reference has at most 64 bytes", pointer_to(index, "reference"));
    }
    if (book.closed_before && t.event_at < *book.closed_before) {
        return refuse(Errc::period_closed, "it happened in a period that is closed; enter a correction in an open one",
                      "Thời điểm này thuộc kỳ đã khoá; hãy ghi điều chỉnh vào kỳ đang mở.", pointer_to(index, "event_at"));
    }
    JournalRow row;
    row.book = id;
    row.seq = book.journal_seq + 1;
    row.transfer = t;
    row.recorded_at = batch.recorded_at;
    CHO_TRY_DO(ends_pending(t.kind) ? end_pending(book, row, index, batch.recorded_at) : begin_transfer(book, row, index));
    receipt.last_seq = row.seq;
    receipt.last_amount = row.transfer.amount;
    auto& debit = book.accounts.at(row.transfer.debit);
    auto& credit = book.accounts.at(row.transfer.credit);
    write(book, std::move(row), debit, credit, batch);
    return Done{};
}

// Posted and pending: decides the amount, moves or holds it, closes.
Result<Done> State::begin_transfer(Book& book, JournalRow& row, std::size_t index)
{
    auto& t = row.transfer;
    if (!t.pending.is_nil()) return fail(Errc::invalid_input, "only what ends a pending transfer names one", pointer_to(index, "pending"));
    if (t.timeout.count() < 0 || (t.timeout.count() > 0 && t.kind != TransferKind::pending)) {
        return fail(Errc::invalid_input, "only a pending transfer has a timeout, and it is not negative", pointer_to(index, "timeout"));
    }
    if (!t.amount.is_positive() && !(t.flags.closing() && t.amount.is_zero())) {
        return fail(Errc::amount_not_positive, "a transfer moves at least 1 đồng", pointer_to(index, "amount"));
    }
    if (t.debit == t.credit) return fail(Errc::invalid_input, "a transfer needs two different accounts", pointer_to(index, "credit"));
    auto const find = [&](AccountNumber number, char const* side) -> Result<AccountState*> {
        auto* const state = book.accounts.find(number);
        if (!state) {
            return refuse(Errc::account_unknown, "account " + name_of(number) + " does not exist",
                          "Không có tài khoản " + name_of(number) + " trong sổ.", pointer_to(index, side));
        }
        if (state->account.closed) {
            return refuse(Errc::account_closed, "account " + name_of(number) + " is closed", "Tài khoản " + name_of(number) + " đã đóng.",
                          pointer_to(index, side));
        }
        return state;
    };
    CHO_TRY(auto* debit, find(t.debit, "debit"));
    CHO_TRY(auto* credit, find(t.credit, "credit"));

    if (t.flags.balancing()) {
        if (t.flags.balancing_debit) {
            if (auto const room = room_above(debit->account, debit->balance)) t.amount = std::min(t.amount, *room);
        }
        if (t.flags.balancing_credit) {
            // Without a floor it is what stands on the account, as if the floor were zero.
            auto account = credit->account;
            if (!account.limits.floor) account.limits.floor = Dong();
            t.amount = std::min(t.amount, *room_below(account, credit->balance));
        }
        if (!t.amount.is_positive()) {
            if (!t.flags.closing()) {
                return refuse(Errc::insufficient_funds, "there is nothing there to move", "Không còn gì để chuyển.",
                              pointer_to(index, "amount"));
            }
            t.amount = Dong();
        }
    }

    touch(*debit);
    touch(*credit);
    auto const amount = t.amount.count();
    bool const fits = t.kind == TransferKind::posted
                          ? shift(debit->balance.posted, amount) && shift(credit->balance.posted, -amount)
                          : shift(debit->balance.debits_held, amount) && shift(credit->balance.credits_held, amount);
    if (!fits) return fail(Errc::amount_overflow, "the balance would no longer fit in 64 bits", pointer_to(index, "amount"));
    if (t.flags.closing_debit) debit->account.closed = true;
    if (t.flags.closing_credit) credit->account.closed = true;
    if (t.kind == TransferKind::pending) {
        if (t.timeout.count() > 0) {
            if (t.timeout > std::chrono::years(10)) {
                return fail(Errc::too_large, "a pending transfer waits ten years at most", pointer_to(index, "timeout"));
            }
            row.expires_at = row.recorded_at + t.timeout;
        }
        change_hold(book, t.id.uuid, Hold{t.id, t.flags, t.debit, t.credit, t.amount, t.code, t.reference, row.expires_at});
    }
    return Done{};
}

// Post, undo and expire: gives back what was held, moves what is posted.
Result<Done> State::end_pending(Book& book, JournalRow& row, std::size_t index, Instant now)
{
    auto& t = row.transfer;
    auto const found = book.holds.find(t.pending.uuid);
    if (found == book.holds.end()) {
        auto const* ended = t.pending.is_nil() ? nullptr : recent_.find(t.pending.uuid);
        if (!ended || ended->transfer.kind != TransferKind::pending || ended->book != row.book) {
            return refuse(Errc::pending_not_found, "there is no such pending transfer, or it has ended",
                          "Không có khoản giữ này, hoặc nó đã kết thúc.", pointer_to(index, "pending"));
        }
        if (recent_.find(expiry_of(t.pending.uuid))) return refuse_expired(index);
        return refuse(Errc::pending_finished, "the pending transfer was posted or voided already",
                      "Khoản giữ này đã được ghi sổ hoặc đã huỷ.", pointer_to(index, "pending"));
    }
    auto const& hold = found->second;
    if (t.kind == TransferKind::expire && (!hold.expires_at || *hold.expires_at > now)) {
        return fail(Errc::invalid_state, "a pending transfer expires by its own time only", pointer_to(index));
    }
    if (t.kind != TransferKind::expire && hold.expires_at && *hold.expires_at <= now) { return refuse_expired(index); }
    if (t.flags != TransferFlags{})
        return fail(Errc::invalid_input, "what ends a pending transfer has no flags of its own", pointer_to(index, "flags"));
    if (t.timeout.count() != 0) return fail(Errc::invalid_input, "only a pending transfer has a timeout", pointer_to(index, "timeout"));
    if (t.debit.value != 0 && t.debit != hold.debit)
        return fail(Errc::transfer_differs, "the pending transfer debits another account", pointer_to(index, "debit"));
    if (t.credit.value != 0 && t.credit != hold.credit)
        return fail(Errc::transfer_differs, "the pending transfer credits another account", pointer_to(index, "credit"));
    if (t.amount < Dong()) return fail(Errc::amount_not_positive, "an amount is not negative", pointer_to(index, "amount"));
    if (t.kind == TransferKind::undo && !t.amount.is_zero() && t.amount != hold.amount) {
        return fail(Errc::transfer_differs, "the pending transfer holds another amount; voiding gives back all of it",
                    pointer_to(index, "amount"));
    }
    if (t.amount > hold.amount) {
        return refuse(Errc::limit_exceeded, "only " + std::to_string(hold.amount.count()) + " đồng are held",
                      "Chỉ đang giữ " + std::to_string(hold.amount.count()) + " đồng.", pointer_to(index, "amount"));
    }
    if (t.kind != TransferKind::post || t.amount.is_zero()) t.amount = hold.amount;
    t.debit = hold.debit;
    t.credit = hold.credit;
    t.flags = hold.flags;
    t.code = hold.code;

    auto& debit = book.accounts.at(t.debit);
    auto& credit = book.accounts.at(t.credit);
    touch(debit);
    touch(credit);
    debit.balance.debits_held = Dong(debit.balance.debits_held.count() - hold.amount.count());
    credit.balance.credits_held = Dong(credit.balance.credits_held.count() - hold.amount.count());
    if (t.kind == TransferKind::post) {
        if (!shift(debit.balance.posted, t.amount.count()) || !shift(credit.balance.posted, -t.amount.count())) {
            return fail(Errc::amount_overflow, "the balance would no longer fit in 64 bits", pointer_to(index, "amount"));
        }
    } else {
        if (t.flags.closing_debit) debit.account.closed = false;
        if (t.flags.closing_credit) credit.account.closed = false;
    }
    change_hold(book, t.pending.uuid, std::nullopt);
    return Done{};
}

// Checked on accounts that the command changed, and only where it made things worse: a limit never forbids the way back.
Result<Done> State::within_limits(Command const& command, Mark const& from, std::int64_t first_seq) const
{
    // Of a chain it is the chain as a whole.
    auto const pointer = [&](char const* side) { return command.transfers.size() == 1 ? pointer_to(0, side) : std::string(); };
    auto const& undo = undo_.back();
    for (auto i = from.accounts; i < undo.accounts.size(); ++i) {
        auto const& [state, before, newest, closed] = undo.accounts[i];
        if (newest / 2 >= first_seq) continue;  // in between: what counts is where the account stood before the command
        auto const& limits = state->account.limits;
        if (!limits.floor && !limits.ceiling) continue;
        if (auto const room = room_below(state->account, state->balance);
            room && *room < Dong() && *room < *room_below(state->account, before)) {
            return refuse(Errc::insufficient_funds, "account " + name_of(state->account.number) + " would fall below its floor",
                          "Tài khoản " + name_of(state->account.number) + " sẽ xuống dưới mức sàn.", pointer("credit"));
        }
        if (auto const room = room_above(state->account, state->balance);
            room && *room < Dong() && *room < *room_above(state->account, before)) {
            return refuse(Errc::limit_exceeded, "account " + name_of(state->account.number) + " would rise above its ceiling",
                          "Tài khoản " + name_of(state->account.number) + " sẽ vượt mức trần.", pointer("debit"));
        }
    }
    return Done{};
}

void State::write(Book& book, JournalRow row, AccountState& debit, AccountState& credit, Batch& batch)
{
    row.debit_balance = debit.balance.posted;
    row.credit_balance = credit.balance.posted;
    book.journal_seq = row.seq;
    link(book, row.seq, debit, credit);
    recent_.push(RecentTransfers::Entry{row.transfer, row.book, row.seq, row.recorded_at});
    ++undo_.back().recent;
    batch.journal.push_back(std::move(row));
}

// Pending transfers whose time is over end before anything else happens, in order of their times: the same commands at the
// same times give the same journal everywhere.
void State::expire_due(Batch& batch)
{
    for (std::size_t n = 0; n < expiries_per_batch_max && !expiries_.empty(); ++n) {
        auto const [at, id, hold] = *expiries_.begin();
        if (at > batch.recorded_at) return;
        auto& book = books_.at(id);
        undo_.back().books.push_back({&book, book.journal_seq, book.event_seq, book.closed_before});
        JournalRow row;
        row.book = id;
        row.seq = book.journal_seq + 1;
        row.recorded_at = batch.recorded_at;
        row.transfer.id = Id<Transfer>(expiry_of(hold));
        row.transfer.kind = TransferKind::expire;
        row.transfer.pending = Id<Transfer>(hold);
        row.transfer.reference = book.holds.at(hold).reference;
        row.transfer.event_at = at;
        auto const ended = end_pending(book, row, 0, batch.recorded_at);
        CHO_CHECK(ended.has_value());
        auto& debit = book.accounts.at(row.transfer.debit);
        auto& credit = book.accounts.at(row.transfer.credit);
        write(book, std::move(row), debit, credit, batch);
    }
}

void State::change_hold(Book& book, Uuid id, std::optional<Hold> hold)
{
    auto const it = book.holds.find(id);
    std::optional<Hold> before;
    if (it != book.holds.end()) before = it->second;
    undo_.back().holds.push_back({&book, id, before});
    if (before && before->expires_at) expiries_.erase({*before->expires_at, book.id, id});
    if (!hold) {
        book.holds.erase(id);
        return;
    }
    if (hold->expires_at) expiries_.emplace(*hold->expires_at, book.id, id);
    book.holds.insert_or_assign(id, *std::move(hold));
}

void State::touch(AccountState& account)
{
    undo_.back().accounts.push_back({&account, account.balance, account.newest, account.account.closed});
}

void State::link(Book& book, std::int64_t seq, AccountState& debit, AccountState& credit)
{
    book.links.push_back({debit.newest, credit.newest});
    debit.newest = seq * 2 + 1;
    credit.newest = seq * 2;
}

void State::remember_version(Uuid entity, std::int64_t version)
{
    if (versions_.insert_or_assign(entity, version).second) version_order_.push_back(entity);
    while (version_order_.size() > limits_.versions) {
        versions_.erase(version_order_.front());
        version_order_.pop_front();
    }
}

}  // namespace cho40::ledger
