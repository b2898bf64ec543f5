#include "adapters/stores/journal_rows.h"
#include "adapters/stores/ledger_reads.h"
#include <algorithm>

// Transfers of a book by reference, code or time, newest first.
namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using ledger::BookId;
using ledger::JournalRow;
using ledger::TransferFilter;
using ledger::TransferPage;
using postgres::Segment;
using postgres::to_result;

// Nothing says which rows have a code or happened at a time, so they are walked along: so many for a page, in windows that let
// others pass. An open part is also walked along for a reference; a sealed one has an index.
constexpr std::int64_t walk_max = 200'000;
constexpr std::int64_t walk_window = 50'000;
constexpr std::size_t parts_at_once = 16;

constexpr Instant first_instant = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
constexpr Instant last_instant = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);

}  // namespace

struct LedgerReads::Walk {
    BookId book;
    std::optional<std::int16_t> code{};
    std::optional<std::string> reference{};
    Instant happened_from = first_instant, happened_to = last_instant;
    std::size_t limit = 0;
    std::int64_t looked_at = 0;
    std::int64_t looked_at_max = walk_max;
    TransferPage page{};

    [[nodiscard]] bool ended() const { return page.rows.size() == limit || looked_at >= looked_at_max; }
};

// Rows low < seq < high from the newest; leaves the place where it stopped in page.next.
awaitable<Result<Done>> LedgerReads::walk_part(Walk& walk, std::vector<std::int16_t> parts, std::int64_t low, std::int64_t high)
{
    while (low + 1 < high && !walk.ended()) {
        auto const from = std::max(low, high - 1 - walk_window);
        auto const missing = static_cast<std::int64_t>(walk.limit - walk.page.rows.size());
        Segment segment;
        for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
            segment.add(statements_.get(PartQuery::filter_down, *part), walk.book.value, from, high, walk.code, walk.reference,
                        walk.happened_from, walk.happened_to, missing);
        }
        CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
        for (auto const& reply : replies) {
            for (auto const row : reply) {
                if (walk.page.rows.size() < walk.limit) walk.page.rows.push_back(read_journal_row(row));
            }
        }
        walk.looked_at += high - 1 - from;
        high = from + 1;
        walk.page.next = walk.page.rows.size() == walk.limit ? walk.page.rows.back().seq : high;
    }
    co_return Done{};
}

awaitable<Result<TransferPage>> LedgerReads::by_reference(BookId book, BookMap const& map, std::string reference, std::int64_t before,
                                                          std::size_t limit)
{
    CHO_CO_TRY(auto const newest, co_await head_of(book, map));
    Walk walk{.book = book, .reference = reference, .limit = limit, .looked_at_max = ledger::seq_end};
    CHO_CO_TRY_DO(co_await walk_part(walk, map.hot, map.sealed_last, std::min(before, newest + 1)));
    auto page = std::move(walk.page);
    page.next.reset();
    for (std::size_t i = map.sealed.size(); i > 0 && page.rows.size() < limit;) {
        Segment segment;
        for (std::size_t n = 0; n < parts_at_once && i > 0; ++n) {
            auto const& sealed = map.sealed[--i];
            if (sealed.first_seq >= before) continue;
            segment.add(statements_.get(PartQuery::by_reference, sealed.part), book.value, std::int64_t{0}, before, reference,
                        static_cast<std::int64_t>(limit));
        }
        if (segment.empty()) continue;
        CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
        for (auto const& reply : replies) {
            for (auto const row : reply) {
                if (page.rows.size() < limit) page.rows.push_back(read_journal_row(row));
            }
        }
    }
    if (page.rows.size() == limit) page.next = page.rows.back().seq;
    co_return page;
}

LedgerReads::Answer<TransferPage> LedgerReads::transfers(BookId book, TransferFilter filter, std::int64_t before, std::size_t limit)
{
    CHO_CO_TRY(auto const map, co_await maps_.find(book));
    limit = std::min(limit, ledger::page_max);
    if (filter.reference) co_return co_await by_reference(book, *map, *std::move(filter.reference), before, limit);
    Walk walk{.book = book, .limit = limit};
    if (filter.code) walk.code = static_cast<std::int16_t>(*filter.code);
    if (filter.happened) std::tie(walk.happened_from, walk.happened_to) = *filter.happened;
    std::int64_t low = 0;
    CHO_CO_TRY(auto const newest, co_await head_of(book, *map));
    auto high = std::min(before, newest + 1);
    if (filter.recorded) {
        CHO_CO_TRY(auto const from, co_await first_at(book, *map, filter.recorded->first));
        CHO_CO_TRY(auto const to, co_await first_at(book, *map, filter.recorded->second));
        low = from - 1;
        high = std::min(high, to);
    }
    CHO_CO_TRY_DO(co_await walk_part(walk, map->hot, std::max(low, map->sealed_last), high));
    for (auto sealed = map->sealed.rbegin(); sealed != map->sealed.rend() && !walk.ended(); ++sealed) {
        if (sealed->last_event < walk.happened_from || sealed->first_event >= walk.happened_to) continue;
        std::vector<std::int16_t> const part{sealed->part};
        CHO_CO_TRY_DO(co_await walk_part(walk, part, std::max(low, sealed->first_seq - 1), std::min(high, sealed->last_seq + 1)));
    }
    if (!walk.ended() || (walk.page.next && *walk.page.next <= low + 1)) walk.page.next.reset();
    co_return std::move(walk.page);
}

}  // namespace cho40::stores
