#include "adapters/stores/heartbeat_store.h"
#include "adapters/stores/row_readers.h"
#include <algorithm>

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using postgres::Params;
using postgres::Statement;
using postgres::to_result;

constexpr Statement select_all{"heartbeat_select_all",
                               "SELECT h.book_id, h.rail_account_id, r.rail, h.heard_at, h.listed_at FROM rail_heartbeat h "
                               "JOIN rail_account r ON r.book_id = h.book_id AND r.rail_account_id = h.rail_account_id"};
// All that an instance heard is noted within seconds of each other, so what is newer than the newest note by far was not lost:
// a minute before it is enough to look at.
constexpr Statement select_not_noted{
    "heartbeat_select_not_noted",
    "SELECT n.book_id, n.rail_account_id, r.rail, max(n.received_at), NULL::timestamptz FROM rail_inbox n "
    "JOIN rail_account r ON r.book_id = n.book_id AND r.rail_account_id = n.rail_account_id WHERE n.received_at > "
    "coalesce((SELECT max(heard_at) FROM rail_heartbeat), '-infinity') - interval '1 minute' "
    "GROUP BY n.book_id, n.rail_account_id, r.rail"};
constexpr Statement upsert{"heartbeat_upsert",
                           "INSERT INTO rail_heartbeat AS h (book_id, rail_account_id, heard_at, listed_at) "
                           "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::timestamptz[], $4::timestamptz[]) "
                           "ON CONFLICT (book_id, rail_account_id) DO UPDATE "
                           "SET heard_at = greatest(h.heard_at, EXCLUDED.heard_at), listed_at = greatest(h.listed_at, EXCLUDED.listed_at)"};
// Of the newest money alone: a rail that was left years ago says nothing about today.
constexpr Statement select_telling_of{
    "heartbeat_select_telling_of",
    "SELECT DISTINCT rail_account_id FROM (SELECT rail_account_id FROM bank_credit WHERE book_id = $1 AND owner_id = $2 "
    "ORDER BY booked_at DESC LIMIT 50) newest"};

Heartbeat read_heartbeat(postgres::Row const& row)
{
    return {ledger::BookId{row.get<std::int64_t>(0)}, row.get<Id<qr_pay::RailAccountTag>>(1), row.get<std::string>(2),
            row.get<std::optional<Instant>>(3), row.get<std::optional<Instant>>(4)};
}

}  // namespace

awaitable<Result<std::vector<Heartbeat>>> HeartbeatStore::all()
{
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(select_all, Params())));
    co_return read_all(rows, read_heartbeat);
}

awaitable<Result<std::vector<Heartbeat>>> HeartbeatStore::not_noted()
{
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(select_not_noted, Params())));
    co_return read_all(rows, read_heartbeat);
}

awaitable<Result<Done>> HeartbeatStore::note(std::vector<Heartbeat> heartbeats)
{
    // In one order for every instance, so that two that write the same rows do not wait for each other.
    std::ranges::sort(heartbeats, {}, [](Heartbeat const& h) { return std::pair(h.book.value, h.rail_account.uuid); });
    std::vector<std::int64_t> books;
    std::vector<Uuid> accounts;
    std::vector<std::optional<Instant>> heard, listed;
    for (auto const& h : heartbeats) {
        books.push_back(h.book.value);
        accounts.push_back(h.rail_account.uuid);
        heard.push_back(h.heard_at);
        listed.push_back(h.listed_at);
    }
    postgres::Segment segment;
    segment.add(upsert, books, accounts, heard, listed).idempotent();
    CHO_CO_TRY_DO(to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

awaitable<Result<std::vector<Id<qr_pay::RailAccountTag>>>> HeartbeatStore::telling_of(ledger::BookId book, Id<qr_pay::Owner> owner)
{
    Params params(book.value, owner);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(select_telling_of, std::move(params))));
    co_return read_all(rows, [](postgres::Row const& row) { return row.get<Id<qr_pay::RailAccountTag>>(0); });
}

}  // namespace cho40::stores
