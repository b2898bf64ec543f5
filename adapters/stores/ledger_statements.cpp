#include "adapters/stores/journal_rows.h"
#include "adapters/stores/ledger_reads.h"
#include <algorithm>

// Balances at an instant, and statements, by either time.
namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using ledger::EntryRange;
using ledger::StatementLine;
using ledger::StatementQuery;
using ledger::StatementStream;
using ledger::TimeAxis;
using postgres::Segment;
using postgres::to_result;

constexpr std::size_t first_piece = 200;
// By event time: rows that may be looked at for a balance, and movements that one statement may have.
constexpr std::int64_t looked_at_max = 4'000'000;
constexpr std::size_t keys_max = 1'000'000;

constexpr Instant first_instant = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
constexpr Instant last_instant = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);
constexpr auto tick = Instant::duration(1);

// The account's rows in order of seq; each carries the balance after it.
class RecordedStatement final : public StatementStream {
public:
    RecordedStatement(LedgerReads& reads, LedgerReads::Subject subject, std::int64_t after, std::int64_t before)
        : reads_(reads), subject_(std::move(subject)), after_(after), before_(before)
    {
    }

    // What the balance was before the first line is what it was after it less what it moved.
    awaitable<Result<Done>> open()
    {
        CHO_CO_TRY(ready_, co_await fetch(first_piece));
        if (!ready_.empty()) opening_ = Dong(ready_.front().balance.count() - ready_.front().amount.count());
        else {
            CHO_CO_TRY(opening_, co_await reads_.balance_before(subject_, before_));
        }
        co_return Done{};
    }
    Dong opening() const override { return opening_; }
    awaitable<Result<std::vector<StatementLine>>> next(std::size_t limit) override
    {
        if (ready_.empty()) co_return co_await fetch(limit);
        auto const n = static_cast<std::ptrdiff_t>(std::min(limit, ready_.size()));
        std::vector<StatementLine> lines(std::make_move_iterator(ready_.begin()), std::make_move_iterator(ready_.begin() + n));
        ready_.erase(ready_.begin(), ready_.begin() + n);
        co_return lines;
    }

private:
    awaitable<Result<std::vector<StatementLine>>> fetch(std::size_t limit)
    {
        EntryRange const range{.after = after_, .before = before_, .ascending = true, .money_only = true, .limit = limit};
        CHO_CO_TRY(auto const rows, co_await reads_.entries_of(subject_, range));
        std::vector<StatementLine> lines;
        lines.reserve(rows.size());
        for (auto const& row : rows) lines.push_back(ledger::line_of(row, subject_.account));
        if (!rows.empty()) after_ = rows.back().seq;
        co_return lines;
    }

    LedgerReads& reads_;
    LedgerReads::Subject subject_;
    std::int64_t after_, before_;
    Dong opening_;
    std::vector<StatementLine> ready_;
};

// In order of when it happened: the order is made of (time, seq) of all lines, the lines themselves are read as they are asked
// for. The balance is the one that is right in this order.
class EventStatement final : public StatementStream {
public:
    EventStatement(LedgerReads& reads, LedgerReads::Subject subject, Dong opening, std::vector<LedgerReads::Key> keys)
        : reads_(reads), subject_(std::move(subject)), opening_(opening), balance_(opening), keys_(std::move(keys))
    {
    }
    Dong opening() const override { return opening_; }
    awaitable<Result<std::vector<StatementLine>>> next(std::size_t limit) override
    {
        auto const end = std::min(keys_.size(), at_ + std::min(limit, ledger::page_max));
        std::vector<std::int64_t> seqs;
        for (auto i = at_; i < end; ++i) seqs.push_back(keys_[i].seq);
        CHO_CO_TRY(auto const rows, co_await reads_.rows_of(subject_, seqs));
        std::vector<StatementLine> lines;
        for (auto i = at_; i < end; ++i) {
            auto const row = std::ranges::lower_bound(rows, keys_[i].seq, {}, &ledger::JournalRow::seq);
            if (row == rows.end() || row->seq != keys_[i].seq) {
                co_return fail(Errc::books_broken, "row " + std::to_string(keys_[i].seq) + " is gone; run `cho40 ledger verify`");
            }
            lines.push_back(ledger::line_of(*row, subject_.account));
            CHO_CO_TRY(balance_, add(balance_, lines.back().amount));
            lines.back().balance = balance_;
        }
        at_ = end;
        co_return lines;
    }

private:
    LedgerReads& reads_;
    LedgerReads::Subject subject_;
    Dong opening_, balance_;
    std::vector<LedgerReads::Key> keys_;
    std::size_t at_ = 0;
};

}  // namespace

LedgerReads::Answer<Dong> LedgerReads::balance_at(ledger::BookId book, ledger::AccountNumber account, Instant at, TimeAxis by)
{
    CHO_CO_TRY(auto const asked, co_await subject(book, account));
    CHO_CO_TRY(auto const newest, co_await head_of(book, *asked.map));
    if (by == TimeAxis::event) co_return co_await happened_before(asked, at + tick, newest + 1);
    CHO_CO_TRY(auto const before, co_await first_at(book, *asked.map, at + tick));
    co_return co_await balance_before(asked, std::min(before, newest + 1));
}

LedgerReads::Answer<std::unique_ptr<StatementStream>> LedgerReads::statement(StatementQuery query)
{
    CHO_CO_TRY(auto asked, co_await subject(query.book, query.account));
    if (query.by == TimeAxis::event) {
        CHO_CO_TRY(auto const newest, co_await head_of(query.book, *asked.map));
        CHO_CO_TRY(auto const opening, co_await happened_before(asked, query.from, newest + 1));
        CHO_CO_TRY(auto keys, co_await keys_between(asked, query.from, query.to, newest + 1));
        co_return std::make_unique<EventStatement>(*this, std::move(asked), opening, std::move(keys));
    }
    CHO_CO_TRY(auto const from, co_await first_at(query.book, *asked.map, query.from));
    CHO_CO_TRY(auto const to, co_await first_at(query.book, *asked.map, query.to));
    auto stream = std::make_unique<RecordedStatement>(*this, std::move(asked), from - 1, std::max(from, to));
    CHO_CO_TRY_DO(co_await stream->open());
    co_return stream;
}

// The balance at the same instant of recorded time, with what was entered later but had happened, and without what was
// entered ahead of its time. A sealed part knows between which times its rows happened, so only parts that hold such rows are
// looked at.
LedgerReads::Answer<Dong> LedgerReads::happened_before(Subject const& subject, Instant at, std::int64_t before)
{
    auto const& map = *subject.map;
    CHO_CO_TRY(auto const recorded, co_await first_at(subject.book, map, at));
    auto const border = std::min(recorded, before);  // rows below it were recorded before the instant
    CHO_CO_TRY(auto balance, co_await balance_before(subject, border));

    Segment segment;
    std::int64_t looked_at = 0;
    std::vector<bool> early;  // of each step
    auto const ask = [&](std::int16_t part, bool indexed, bool is_early) {
        auto const after = is_early ? std::int64_t{0} : border - 1;
        auto const end = is_early ? border : before;
        auto const from = is_early ? at : first_instant;
        auto const to = is_early ? last_instant : at;
        auto const step = [&](PartQuery query) {
            segment.add(statements_.get(query, part), subject.book.value, after, end, subject.account.value, from, to);
            early.push_back(is_early);
        };
        if (indexed) {
            step(PartQuery::debit_sum);
            step(PartQuery::credit_sum);
        } else {
            step(PartQuery::walk_sum);
        }
    };
    for (auto part = map.hot.rbegin(); part != map.hot.rend(); ++part) {
        if (before > border) ask(*part, false, false);
        if (border > map.sealed_last + 1) ask(*part, false, true);
    }
    looked_at += before - 1 - map.sealed_last;
    for (auto const& sealed : map.sealed) {
        bool const late = sealed.last_seq >= border && sealed.first_event < at;
        bool const ahead = sealed.first_seq < border && sealed.last_event >= at;
        if (late) ask(sealed.part, !subject.busy(), false);
        if (ahead) ask(sealed.part, !subject.busy(), true);
        if (late || ahead) looked_at += sealed.last_seq - sealed.first_seq + 1;
    }
    if (looked_at > looked_at_max) {
        co_return fail(Errc::too_many, std::to_string(looked_at) + " rows were recorded around that instant in another order than they "
                                                                   "happened, or not sealed yet; ask by the time they were recorded");
    }
    if (segment.empty()) co_return balance;
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
    for (std::size_t i = 0; i < replies.size(); ++i) {
        auto const sum = replies[i][0].get<Dong>(0);
        CHO_CO_TRY(balance, early[i] ? subtract(balance, sum) : add(balance, sum));
    }
    co_return balance;
}

LedgerReads::Answer<std::vector<LedgerReads::Key>> LedgerReads::keys_between(Subject const& subject, Instant from, Instant to,
                                                                             std::int64_t before)
{
    std::vector<Key> keys;
    auto const read = [&](std::int16_t part, bool indexed) -> awaitable<Result<Done>> {
        Segment segment;
        auto const step = [&](PartQuery query) {
            segment.add(statements_.get(query, part), subject.book.value, std::int64_t{0}, before, subject.account.value, from, to,
                        static_cast<std::int64_t>(keys_max + 1));
        };
        if (indexed) {
            step(PartQuery::debit_keys);
            step(PartQuery::credit_keys);
        } else {
            step(PartQuery::walk_keys);
        }
        CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
        for (auto const& reply : replies) {
            for (auto const row : reply) keys.push_back({row.get<std::int64_t>(0), row.get<Instant>(1)});
        }
        if (keys.size() > keys_max) co_return fail(Errc::too_many, "more than a million movements; ask for a shorter period");
        co_return Done{};
    };
    for (auto part = subject.map->hot.rbegin(); part != subject.map->hot.rend(); ++part) CHO_CO_TRY_DO(co_await read(*part, false));
    for (auto const& sealed : subject.map->sealed) {
        if (sealed.last_event < from || sealed.first_event >= to) continue;
        CHO_CO_TRY_DO(co_await read(sealed.part, !subject.busy()));
    }
    std::ranges::sort(keys, {}, [](Key const& key) { return std::pair(key.event_at, key.seq); });
    co_return keys;
}

}  // namespace cho40::stores
