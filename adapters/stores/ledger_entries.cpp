#include "adapters/stores/journal_rows.h"
#include "adapters/stores/ledger_reads.h"
#include "adapters/stores/row_readers.h"
#include <algorithm>

// An account's rows, in either direction.
namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using ledger::EntryRange;
using ledger::JournalRow;
using postgres::Params;
using postgres::Segment;
using postgres::to_result;

using Rows = std::vector<JournalRow>;

// Rows that one statement walks along while others wait behind it.
constexpr std::int64_t walk_window = 65'536;
constexpr std::size_t pieces_at_once_max = 32;
constexpr std::size_t rows_at_once = 1000;

void sort_rows(Rows& rows, bool ascending)
{
    if (ascending) std::ranges::sort(rows, {}, &JournalRow::seq);
    else std::ranges::sort(rows, std::greater{}, &JournalRow::seq);
}

// In the direction of the range.
std::vector<LedgerReads::SealedPiece> pieces_between(BookMap const& map, EntryRange const& range)
{
    std::vector<LedgerReads::SealedPiece> pieces;
    for (auto const& part : map.sealed) {
        auto const after = std::max(range.after, part.first_seq - 1);
        auto const before = std::min(range.before, part.last_seq + 1);
        if (after + 1 < before) pieces.push_back({part.part, after, before});
    }
    if (!range.ascending) std::ranges::reverse(pieces);
    return pieces;
}

// So many seqs hold about as many of the account's rows as are wanted, and a quarter more.
std::int64_t first_window(LedgerReads::Subject const& subject, std::size_t wanted)
{
    auto const apart = subject.map->sealed_last / std::max<std::int64_t>(1, subject.facts.sealed_entries) + 1;
    return static_cast<std::int64_t>(wanted + wanted / 4 + 1) * apart;
}

void append(Rows& out, Rows found, EntryRange const& range)
{
    sort_rows(found, range.ascending);
    for (auto& row : found) {
        if (out.size() == range.limit) return;
        out.push_back(std::move(row));
    }
}

}  // namespace

LedgerReads::Answer<LedgerReads::Subject> LedgerReads::subject(ledger::BookId book, ledger::AccountNumber account)
{
    CHO_CO_TRY(auto found, co_await maps_.find(book, account));
    co_return Subject{book, account, std::move(found.map), found.facts};
}

LedgerReads::Answer<Rows> LedgerReads::entries(ledger::BookId book, ledger::AccountNumber account, EntryRange range)
{
    CHO_CO_TRY(auto const asked, co_await subject(book, account));
    co_return co_await entries_of(asked, range);
}

LedgerReads::Answer<Rows> LedgerReads::entries_of(Subject const& subject, EntryRange range)
{
    range.limit = std::min(range.limit, ledger::page_max);
    Rows out;
    if (range.ascending) {
        CHO_CO_TRY_DO(co_await add_sealed(subject, range, out));
        CHO_CO_TRY_DO(co_await add_hot(subject, range, out));
    } else {
        CHO_CO_TRY_DO(co_await add_hot(subject, range, out));
        CHO_CO_TRY_DO(co_await add_sealed(subject, range, out));
    }
    co_return out;
}

// What the server finds in a window it fetches whole and sorts, because the index knows seq by its high bits only. So the first
// window is as wide as the account's usual share of the rows suggests, and each that follows is twice as wide.
awaitable<Result<Done>> LedgerReads::add_sealed(Subject const& subject, EntryRange range, Rows& out)
{
    range.before = std::min(range.before, subject.map->sealed_last + 1);
    auto window = first_window(subject, range.limit - out.size());
    while (range.after + 1 < range.before && out.size() < range.limit) {
        auto here = range;
        if (window < range.before - range.after - 1) {
            if (range.ascending) here.before = range.after + 1 + window;
            else here.after = range.before - 1 - window;
        }
        auto pieces = pieces_between(*subject.map, here);
        if (pieces.size() > pieces_at_once_max) {
            pieces.resize(pieces_at_once_max);
            if (range.ascending) here.before = pieces.back().before;
            else here.after = pieces.back().after;
        }
        CHO_CO_TRY_DO(co_await add_pieces(subject, pieces, here, out));
        if (range.ascending) range.after = here.before - 1;
        else range.before = here.after + 1;
        window *= 2;
    }
    co_return Done{};
}

awaitable<Result<Done>> LedgerReads::add_pieces(Subject const& subject, std::vector<SealedPiece> const& pieces, EntryRange const& range,
                                                Rows& out)
{
    if (pieces.empty()) co_return Done{};
    auto const missing = static_cast<std::int64_t>(range.limit - out.size());
    Segment segment;
    for (auto const& piece : pieces) {
        auto const ask = [&](PartQuery query) {
            segment.add(statements_.get(query, piece.part), subject.book.value, piece.after, piece.before, subject.account.value,
                        !range.money_only, missing);
        };
        if (subject.busy()) {
            ask(range.ascending ? PartQuery::walk_up : PartQuery::walk_down);
        } else {
            ask(range.ascending ? PartQuery::debits_up : PartQuery::debits_down);
            ask(range.ascending ? PartQuery::credits_up : PartQuery::credits_down);
        }
    }
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
    auto const steps = replies.size() / pieces.size();
    for (std::size_t p = 0; p < pieces.size(); ++p) {
        Rows found;
        for (auto s = p * steps; s < (p + 1) * steps; ++s) {
            for (auto const row : replies[s]) found.push_back(read_journal_row(row));
        }
        append(out, std::move(found), range);
    }
    co_return Done{};
}

awaitable<Result<Done>> LedgerReads::add_hot(Subject const& subject, EntryRange range, Rows& out)
{
    range.after = std::max(range.after, subject.map->sealed_last);
    if (out.size() >= range.limit || range.before <= range.after + 1 || subject.map->hot.empty()) co_return Done{};
    CHO_CO_TRY(bool const answered, co_await add_remembered(subject, range, out));
    if (!answered) CHO_CO_TRY_DO(co_await add_walked(subject, range, out));
    co_return Done{};
}

// False: there is no memory here, it does not reach back far enough, or walking through it would take too long.
awaitable<Result<bool>> LedgerReads::add_remembered(Subject const& subject, EntryRange range, Rows& out)
{
    Rows found;
    for (;;) {
        auto const* memory = memory_ ? memory_() : nullptr;
        if (!memory) co_return false;
        auto const missing = range.limit - out.size() - found.size();
        // Upwards, the first of the range are wanted and memory begins with the last: it has to name them all.
        auto const wanted = range.ascending ? memory_steps_ : missing;
        auto known = memory->entries(subject.book, subject.account, {range.after, range.before, wanted, memory_steps_});
        bool const enough = known.complete || (!range.ascending && known.seqs.size() == wanted);
        if (!enough || known.first > subject.map->sealed_last + 1) co_return false;
        auto seqs = std::move(known.seqs);
        bool const last = known.complete;
        if (range.ascending) std::ranges::reverse(seqs);
        if (!last) range.before = seqs.back();
        for (std::size_t i = 0; i < seqs.size() && found.size() < range.limit - out.size(); i += rows_at_once) {
            std::vector<std::int64_t> const some(seqs.begin() + static_cast<std::ptrdiff_t>(i),
                                                 seqs.begin() + static_cast<std::ptrdiff_t>(std::min(seqs.size(), i + rows_at_once)));
            CHO_CO_TRY(auto rows, co_await rows_of(subject, some));
            if (range.money_only) std::erase_if(rows, [](JournalRow const& row) { return !ledger::moves_money(row.transfer.kind); });
            found.insert(found.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
        }
        if (!last && found.size() < range.limit - out.size()) continue;
        append(out, std::move(found), range);
        co_return true;
    }
}

awaitable<Result<Done>> LedgerReads::add_walked(Subject const& subject, EntryRange range, Rows& out)
{
    auto const& map = *subject.map;
    CHO_CO_TRY(auto const newest, co_await head_of(subject.book, map));
    auto low = range.after;                             // looked at next: low < seq < high
    auto high = std::min(range.before, newest + 1);
    while (low + 1 < high && out.size() < range.limit) {
        auto const from = range.ascending ? low : std::max(low, high - 1 - walk_window);
        auto const to = range.ascending ? std::min(high, low + 1 + walk_window) : high;
        Segment segment;
        auto const missing = static_cast<std::int64_t>(range.limit - out.size());
        for (auto part = map.hot.rbegin(); part != map.hot.rend(); ++part) {
            segment.add(statements_.get(range.ascending ? PartQuery::walk_up : PartQuery::walk_down, *part), subject.book.value, from, to,
                        subject.account.value, !range.money_only, missing);
        }
        CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
        Rows found;
        for (auto const& reply : replies) {
            for (auto const row : reply) found.push_back(read_journal_row(row));
        }
        append(out, std::move(found), range);
        if (range.ascending) low = to - 1;
        else high = from + 1;
    }
    co_return Done{};
}

LedgerReads::Answer<Rows> LedgerReads::rows_of(Subject const& subject, std::vector<std::int64_t> seqs)
{
    std::ranges::sort(seqs);
    Segment segment;
    auto const ask = [&](std::int16_t part, std::vector<std::int64_t> const& some) {
        if (!some.empty()) segment.add(statements_.get(PartQuery::by_seqs, part), subject.book.value, some, subject.account.value);
    };
    auto const hot = std::ranges::upper_bound(seqs, subject.map->sealed_last);
    std::vector<std::int64_t> const in_hot(hot, seqs.end());
    for (auto part = subject.map->hot.rbegin(); part != subject.map->hot.rend(); ++part) ask(*part, in_hot);
    for (auto const& sealed : subject.map->sealed) {
        if (seqs.empty() || sealed.last_seq < seqs.front() || sealed.first_seq > seqs.back()) continue;
        ask(sealed.part, {std::ranges::lower_bound(seqs, sealed.first_seq), std::ranges::upper_bound(seqs, sealed.last_seq)});
    }
    Rows rows;
    if (segment.empty()) co_return rows;
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
    for (auto const& reply : replies) {
        for (auto const row : reply) rows.push_back(read_journal_row(row));
    }
    sort_rows(rows, true);
    co_return rows;
}

LedgerReads::Answer<Dong> LedgerReads::balance_before(Subject const& subject, std::int64_t before)
{
    EntryRange range;
    range.before = before;
    range.limit = 1;
    CHO_CO_TRY(auto const newest, co_await entries_of(subject, range));
    if (newest.empty()) co_return Dong();
    auto const& row = newest.front();
    co_return row.transfer.debit == subject.account ? row.debit_balance : row.credit_balance;
}

}  // namespace cho40::stores
