#include "adapters/stores/ledger_reads.h"
#include "adapters/stores/journal_rows.h"
#include "adapters/stores/row_readers.h"
#include <algorithm>

// Single facts: an account now, a place in time, a transfer, holds, the feed.
namespace cho40::stores {
namespace {

using ledger::BookId;
using ledger::JournalRow;
using postgres::Segment;
using postgres::Statement;
using postgres::to_result;

using Rows = std::vector<JournalRow>;

constexpr Statement sum_holds{"read_sum_holds", "SELECT coalesce(sum(amount) FILTER (WHERE debit_account = $2), 0)::int8, "
                                                "coalesce(sum(amount) FILTER (WHERE credit_account = $2), 0)::int8 FROM hold "
                                                "WHERE book_id = $1 AND state = 1 AND (debit_account = $2 OR credit_account = $2)"};
// The columns of read_hold().
#define CHO40_HOLD_COLUMNS                                                                                                                 \
    "hold_id, seq, debit_account, credit_account, amount, flags, code, reference, recorded_at, expires_at, state, "                        \
    "posted_amount, ended_by, ended_at "
constexpr Statement select_holds{"read_select_holds",
                                 "SELECT " CHO40_HOLD_COLUMNS "FROM hold WHERE book_id = $1 AND state = $2 AND hold_id > $3 "
                                 "ORDER BY hold_id LIMIT $4"};
constexpr Statement select_holds_of{
    "read_select_holds_of",
    "(SELECT " CHO40_HOLD_COLUMNS
    "FROM hold WHERE book_id = $1 AND state = 1 AND debit_account = $2 AND hold_id > $3 ORDER BY hold_id LIMIT $4) "
    "UNION ALL "
    "(SELECT " CHO40_HOLD_COLUMNS
    "FROM hold WHERE book_id = $1 AND state = 1 AND credit_account = $2 AND hold_id > $3 ORDER BY hold_id LIMIT $4) "
    "ORDER BY hold_id LIMIT $4"};
#undef CHO40_HOLD_COLUMNS

constexpr std::size_t parts_at_once = 16;

ledger::HoldReport read_hold(postgres::Row const& row)
{
    ledger::HoldReport hold;
    hold.id = row.get<Id<ledger::Transfer>>(0);
    hold.seq = row.get<std::int64_t>(1);
    hold.debit = ledger::AccountNumber{row.get<std::int64_t>(2)};
    hold.credit = ledger::AccountNumber{row.get<std::int64_t>(3)};
    hold.amount = row.get<Dong>(4);
    hold.flags = ledger::TransferFlags::from_bits(row.get<std::int16_t>(5));
    hold.code = static_cast<ledger::TransferCode>(row.get<std::int32_t>(6));
    hold.reference = row.get<std::string>(7);
    hold.recorded_at = row.get<Instant>(8);
    hold.expires_at = row.get<std::optional<Instant>>(9);
    hold.state = static_cast<ledger::HoldState>(row.get<std::int16_t>(10));
    hold.posted_amount = row.get<Dong>(11);
    if (auto const by = row.get<std::optional<Uuid>>(12)) hold.ended_by = Id<ledger::Transfer>(*by);
    hold.ended_at = row.get<std::optional<Instant>>(13);
    return hold;
}

}  // namespace

LedgerReads::Answer<ledger::AccountReport> LedgerReads::account(BookId book, ledger::AccountNumber account)
{
    if (auto const* memory = memory_ ? memory_() : nullptr) {
        auto const known = memory->account(book, account);
        auto const balance = memory->balance(book, account);
        if (known && balance) co_return ledger::AccountReport{*known, *balance, memory->journal_seq(book)};
    }
    CHO_CO_TRY(auto const asked, co_await subject(book, account));
    // What is held is asked last: a hold that ends meanwhile is missing here and not yet posted there, never counted twice.
    CHO_CO_TRY(auto const newest, co_await head_of(book, *asked.map));
    ledger::AccountReport report{asked.facts.account, {}, newest};
    CHO_CO_TRY(report.balance.posted, co_await balance_before(asked, newest + 1));
    Segment segment;
    segment.add(sum_holds, book.value, account.value);
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
    report.balance.debits_held = replies[0][0].get<Dong>(0);
    report.balance.credits_held = replies[0][0].get<Dong>(1);
    co_return report;
}

LedgerReads::Answer<std::int64_t> LedgerReads::head(BookId book)
{
    CHO_CO_TRY(auto const map, co_await maps_.find(book));
    co_return co_await head_of(book, *map);
}

LedgerReads::Answer<std::int64_t> LedgerReads::head_of(BookId book, BookMap const& map)
{
    auto newest = map.sealed_last;
    if (map.hot.empty()) co_return newest;
    Segment segment;
    for (auto part = map.hot.rbegin(); part != map.hot.rend(); ++part) segment.add(statements_.get(PartQuery::end, *part), book.value);
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
    for (auto const& reply : replies) newest = std::max(newest, reply[0].get<std::int64_t>(0));
    co_return newest;
}

LedgerReads::Answer<std::int64_t> LedgerReads::first_at(BookId book, BookMap const& map, Instant at)
{
    std::vector<std::int16_t> parts(map.hot.rbegin(), map.hot.rend());
    for (auto const& sealed : map.sealed) {
        if (sealed.last_recorded < at) continue;
        if (sealed.first_recorded >= at) co_return sealed.first_seq;
        parts = {sealed.part};
        break;
    }
    auto first = map.sealed_last + 1;
    if (parts.empty()) co_return first;
    Segment segment;
    for (auto const part : parts) segment.add(statements_.get(PartQuery::first_at, part), book.value, at);
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
    for (auto reply = replies.rbegin(); reply != replies.rend(); ++reply) {  // from the oldest part
        auto const row = reply->first();
        if (!row) continue;  // no rows of the book in it
        first = row->get<std::int64_t>(0);
        if (first < row->get<std::int64_t>(1)) break;
    }
    co_return first;
}

LedgerReads::Answer<std::optional<JournalRow>> LedgerReads::transfer(BookId book, Id<ledger::Transfer> id)
{
    CHO_CO_TRY(auto const map, co_await maps_.find(book));
    // An id is made before its row is recorded, so it is not in a part that ended before that, but for clocks that are ahead.
    auto const ms = ledger::uuid7_milliseconds(id.uuid);
    auto const made = ms ? Instant(std::chrono::milliseconds(*ms)) - ledger::RecentTransfers::clock_skew_max : Instant::min();
    std::vector<std::int16_t> parts(map->hot.rbegin(), map->hot.rend());
    for (auto sealed = map->sealed.rbegin(); sealed != map->sealed.rend() && sealed->last_recorded >= made; ++sealed) {
        parts.push_back(sealed->part);
    }
    for (std::size_t i = 0; i < parts.size(); i += parts_at_once) {
        Segment segment;
        for (auto p = i; p < std::min(parts.size(), i + parts_at_once); ++p) {
            segment.add(statements_.get(PartQuery::by_id, parts[p]), book.value, id.uuid);
        }
        CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
        for (auto const& reply : replies) {
            if (auto const row = reply.first()) co_return read_journal_row(*row);
        }
    }
    co_return std::nullopt;
}

LedgerReads::Answer<std::vector<ledger::HoldReport>> LedgerReads::holds(BookId book, ledger::HoldState state, Uuid after, std::size_t limit)
{
    CHO_CO_TRY_DO(co_await maps_.find(book));
    Segment segment;
    segment.add(select_holds, book.value, static_cast<std::int16_t>(state), after,
                static_cast<std::int64_t>(std::min(limit, ledger::page_max)));
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
    co_return read_all(replies[0], read_hold);
}

LedgerReads::Answer<std::vector<ledger::HoldReport>> LedgerReads::holds_of(BookId book, ledger::AccountNumber account, Uuid after,
                                                                           std::size_t limit)
{
    CHO_CO_TRY_DO(co_await maps_.find(book, account));
    Segment segment;
    segment.add(select_holds_of, book.value, account.value, after, static_cast<std::int64_t>(std::min(limit, ledger::page_max)));
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
    co_return read_all(replies[0], read_hold);
}

LedgerReads::Answer<Rows> LedgerReads::feed(BookId book, std::int64_t after, std::size_t limit)
{
    CHO_CO_TRY(auto const map, co_await maps_.find(book));
    limit = std::min(limit, ledger::page_max);
    Rows rows;
    for (auto const& sealed : map->sealed) {
        if (sealed.last_seq <= after || rows.size() == limit) continue;
        Segment segment;
        segment.add(statements_.get(PartQuery::rows_up, sealed.part), book.value, after, ledger::seq_end,
                    static_cast<std::int64_t>(limit - rows.size()));
        CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
        for (auto const row : replies[0]) rows.push_back(read_journal_row(row));
        if (!rows.empty()) after = rows.back().seq;
    }
    if (rows.size() < limit && !map->hot.empty()) {
        Segment segment;
        for (auto part = map->hot.rbegin(); part != map->hot.rend(); ++part) {
            segment.add(statements_.get(PartQuery::rows_up, *part), book.value, after, ledger::seq_end,
                        static_cast<std::int64_t>(limit - rows.size()));
        }
        CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
        for (auto reply = replies.rbegin(); reply != replies.rend(); ++reply) {
            for (auto const row : *reply) {
                if (rows.size() < limit) rows.push_back(read_journal_row(row));
            }
        }
    }
    for (std::size_t i = 1; i < rows.size(); ++i) {
        if (rows[i].seq != rows[i - 1].seq + 1) {
            co_return fail(Errc::books_broken, "row " + std::to_string(rows[i - 1].seq + 1) + " is missing; run `cho40 ledger verify`");
        }
    }
    co_return rows;
}

}  // namespace cho40::stores
