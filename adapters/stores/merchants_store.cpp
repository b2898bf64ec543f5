#include "adapters/stores/merchants_store.h"
#include "adapters/stores/merchant_rows.h"
#include "adapters/stores/row_readers.h"
#include "base/text.h"

namespace cho40::stores {
namespace {

using postgres::Bytea;
using postgres::Params;
using postgres::Row;
using postgres::Statement;

#define CHO40_STALL_SELECT                                                                                                                 \
    "SELECT " CHO40_STALL_COLUMNS ", a.receiving_account_id, a.bank_bin, a.account_number, a.holder_name, "                                \
    "m.name, h.name FROM stall s "                                                                                                         \
    "JOIN receiving_account a ON a.book_id = s.book_id AND a.owner_id = s.stall_id "                                                       \
    "JOIN market m ON m.book_id = s.book_id AND m.market_id = s.market_id "                                                                \
    "JOIN household h ON h.household_id = s.household_id "

constexpr Statement find_stall{"mer_find_stall", CHO40_STALL_SELECT "WHERE s.stall_id = $1"};
constexpr Statement find_stalls{"mer_find_stalls", CHO40_STALL_SELECT "WHERE s.stall_id = ANY ($1) ORDER BY s.owner_ordinal"};
constexpr Statement stalls_of_market_sql{
    "mer_stalls_of_market", CHO40_STALL_SELECT
    "WHERE s.book_id = (SELECT book_id FROM market WHERE market_id = $1) AND s.market_id = $1 ORDER BY s.owner_ordinal LIMIT $2"};
constexpr Statement stalls_of_household_sql{"mer_stalls_of_household", CHO40_STALL_SELECT "WHERE s.household_id = $1 ORDER BY s.stall_id"};
constexpr Statement next_ordinal{"mer_next_ordinal",
                                 "SELECT coalesce(max(o), 0) + 1 FROM (SELECT max(owner_ordinal) AS o FROM stall WHERE book_id = $1 "
                                 "UNION ALL SELECT max(owner_ordinal) FROM agency WHERE book_id = $1) x"};
constexpr Statement find_market{"mer_find_market",
                                "SELECT book_id, market_id, name, address, ward_code, ward_name FROM market WHERE market_id = $1"};
constexpr Statement list_markets{
    "mer_list_markets", "SELECT book_id, market_id, name, address, ward_code, ward_name FROM market ORDER BY market_id LIMIT 1000"};
constexpr Statement find_household{"mer_find_household", "SELECT " CHO40_HOUSEHOLD_COLUMNS " FROM household WHERE household_id = $1"};
constexpr Statement list_rail_accounts{
    "mer_list_rail_accounts",
    "SELECT r.book_id, r.rail_account_id, r.rail, r.name, r.channel, r.sealed_secret, r.created_at, "
    "coalesce(r.secret_since, r.created_at), r.previous_secret, r.previous_until, r.version, coalesce(r.changed_at, r.created_at), "
    "m.market_id, g.agency_id, r.list_url, r.list_key FROM rail_account r "
    "LEFT JOIN market m ON m.book_id = r.book_id LEFT JOIN agency g ON g.book_id = r.book_id WHERE NOT r.disabled AND NOT r.own_module"};
constexpr Statement list_cash_sales{"mer_list_cash_sales",
                                    "SELECT book_id, cash_sale_id, stall_id, amount, sold_on, note, noted_by, noted_at FROM cash_sale "
                                    "WHERE book_id = $1 AND stall_id = $2 AND sold_on = $3 ORDER BY noted_at LIMIT 5000"};

constexpr Statement insert_books{
    "mer_insert_books", "INSERT INTO book (book_id, kind, name, writer_group, owner_id, created_at) "
                        "SELECT b, k, n, current_setting('cho40.writer_group'), nullif(o, '00000000-0000-0000-0000-000000000000'), c "
                        "FROM unnest($1::int8[], $2::int2[], $3::text[], $4::uuid[], $5::timestamptz[]) AS u(b, k, n, o, c)"};
constexpr Statement insert_markets{
    "mer_insert_markets",
    "INSERT INTO market (book_id, market_id, name, address, ward_code, ward_name, created_at) "
    "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])"};
constexpr Statement insert_households{
    "mer_insert_households",
    "INSERT INTO household (book_id, household_id, tax_code, old_tax_code, name, owner_name, address, ward_code, ward_name, "
    "expects_above, search_name, created_at) "
    "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], "
    "$10::bool[], $11::text[], $12::timestamptz[])"};
constexpr Statement insert_stalls{
    "mer_insert_stalls",
    "INSERT INTO stall (book_id, stall_id, owner_ordinal, market_id, household_id, number, name, activity_group, vat_reduced, "
    "location_code, created_at) "
    "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::int8[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::bool[], "
    "$10::text[], $11::timestamptz[])"};
constexpr Statement insert_receiving{
    "mer_insert_receiving",
    "INSERT INTO receiving_account (book_id, receiving_account_id, owner_kind, owner_id, owner_ordinal, bank_bin, account_number, "
    "holder_name, channel, created_at, provider_account) "
    "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::int2[], $4::uuid[], $5::int8[], $6::text[], $7::text[], $8::text[], $9::int2[], "
    "$10::timestamptz[], $11::text[])"};
constexpr Statement insert_rail_accounts{
    "mer_insert_rail_accounts",
    "INSERT INTO rail_account (book_id, rail_account_id, rail, name, channel, sealed_secret, created_at, list_url, list_key) "
    "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::text[], $4::text[], $5::int2[], $6::bytea[], $7::timestamptz[], $8::text[], "
    "$9::bytea[])"};
constexpr Statement update_rail_secrets{
    "mer_update_rail_secrets",
    "UPDATE rail_account r SET sealed_secret = u.s, secret_since = u.since, previous_secret = u.p, previous_until = u.until, "
    "version = u.v, changed_at = u.c, list_url = u.url, list_key = u.k "
    "FROM unnest($1::int8[], $2::uuid[], $3::bytea[], $4::timestamptz[], $5::bytea[], $6::timestamptz[], $7::int8[], $8::timestamptz[], "
    "$9::text[], $10::bytea[]) AS u(b, i, s, since, p, until, v, c, url, k) WHERE r.book_id = u.b AND r.rail_account_id = u.i"};
constexpr Statement insert_cash_sales{
    "mer_insert_cash_sales",
    "INSERT INTO cash_sale (book_id, cash_sale_id, stall_id, amount, sold_on, note, noted_by, noted_at) "
    "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::int8[], $5::date[], $6::text[], $7::uuid[], $8::timestamptz[])"};

merchants::StallWithAccount read_stall(Row const& row)
{
    merchants::StallWithAccount out;
    auto& s = out.stall = read_stall_columns(row);
    auto& a = out.account;
    a.book = s.book;
    a.id = row.get<Id<qr_pay::ReceivingAccountTag>>(stall_columns);
    a.owner_kind = qr_pay::OwnerKind::stall;
    a.owner = Id<qr_pay::Owner>(s.id.uuid);
    a.ordinal = s.ordinal;
    a.bank_bin = row.get<std::string>(stall_columns + 1);
    a.account_number = row.get<std::string>(stall_columns + 2);
    a.holder_name = row.get<std::string>(stall_columns + 3);
    out.market_name = row.get<std::string>(stall_columns + 4);
    out.household_name = row.get<std::string>(stall_columns + 5);
    return out;
}

// The last two columns of both statements that write a rail account.
template <class Row>
void add_list_access(Params& p, std::span<Row const* const> rows)
{
    p.add(column<std::optional<std::string>>(
        rows, [](Row const& r) { return r.rail_account.list ? std::optional(r.rail_account.list->url) : std::nullopt; }));
    p.add(column<std::optional<Bytea>>(
        rows, [](Row const& r) { return r.rail_account.list ? std::optional(Bytea(r.rail_account.list->sealed_key)) : std::nullopt; }));
}

merchants::Market read_market(Row const& row)
{
    merchants::Market m;
    m.book = ledger::BookId{row.get<std::int64_t>(0)};
    m.id = row.get<Id<merchants::Market>>(1);
    m.name = row.get<std::string>(2);
    m.address = row.get<std::string>(3);
    m.ward_code = row.get<std::string>(4);
    m.ward_name = row.get<std::string>(5);
    return m;
}

}  // namespace

boost::asio::awaitable<Result<std::optional<merchants::StallWithAccount>>> MerchantsStore::find(Id<merchants::Stall> stall)
{
    Params params(stall);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(find_stall, std::move(params))));
    co_return read_first(rows, read_stall);
}

boost::asio::awaitable<Result<ledger::OwnerOrdinal>> MerchantsStore::next(ledger::BookId book)
{
    Params params(book.value);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(next_ordinal, std::move(params))));
    co_return ledger::OwnerOrdinal{rows[0].get<std::int64_t>(0)};
}

boost::asio::awaitable<Result<std::optional<merchants::Market>>> MerchantsStore::market(Id<merchants::Market> id)
{
    Params params(id);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(find_market, std::move(params))));
    co_return read_first(rows, read_market);
}

boost::asio::awaitable<Result<std::vector<merchants::Market>>> MerchantsStore::markets()
{
    Params params;
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(list_markets, std::move(params))));
    co_return read_all(rows, read_market);
}

boost::asio::awaitable<Result<std::optional<merchants::Household>>> MerchantsStore::household(Id<merchants::Household> id)
{
    Params params(id);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(find_household, std::move(params))));
    co_return read_first(rows, read_household);
}

boost::asio::awaitable<Result<std::vector<merchants::StallWithAccount>>> MerchantsStore::stalls_of_market(Id<merchants::Market> id,
                                                                                                          int limit)
{
    Params params(id, static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(stalls_of_market_sql, std::move(params))));
    co_return read_all(rows, read_stall);
}

boost::asio::awaitable<Result<std::vector<merchants::StallWithAccount>>> MerchantsStore::stalls_of_household(Id<merchants::Household> id)
{
    Params params(id);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(stalls_of_household_sql, std::move(params))));
    co_return read_all(rows, read_stall);
}

boost::asio::awaitable<Result<std::vector<merchants::StallWithAccount>>> MerchantsStore::stalls(std::vector<Uuid> ids)
{
    Params params(ids);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(find_stalls, std::move(params))));
    co_return read_all(rows, read_stall);
}

boost::asio::awaitable<Result<std::vector<merchants::RailAccount>>> MerchantsStore::rail_accounts()
{
    Params params;
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(list_rail_accounts, std::move(params))));
    std::vector<merchants::RailAccount> out;
    for (auto const row : rows) {
        merchants::RailAccount a;
        a.book = ledger::BookId{row.get<std::int64_t>(0)};
        a.id = row.get<Id<qr_pay::RailAccountTag>>(1);
        a.rail = row.get<std::string>(2);
        a.name = row.get<std::string>(3);
        a.channel = static_cast<merchants::Channel>(row.get<std::int16_t>(4));
        a.sealed_secret = row.get<Bytea>(5).bytes;
        a.created_at = row.get<Instant>(6);
        a.secret_since = row.get<Instant>(7);
        if (!row.is_null(8)) a.previous_secret = merchants::RailAccount::PreviousSecret{row.get<Bytea>(8).bytes, row.get<Instant>(9)};
        a.version = row.get<std::int64_t>(10);
        a.changed_at = row.get<Instant>(11);
        if (!row.is_null(12)) a.market = row.get<Uuid>(12);
        if (!row.is_null(13)) a.agency = row.get<Uuid>(13);
        if (!row.is_null(14)) a.list = merchants::RailAccount::ListAccess{row.get<std::string>(14), row.get<Bytea>(15).bytes};
        out.push_back(std::move(a));
    }
    co_return out;
}

boost::asio::awaitable<Result<std::vector<merchants::CashSale>>> MerchantsStore::cash_sales(ledger::BookId book, Id<merchants::Stall> stall,
                                                                                            Day day)
{
    Params params(book.value, stall, day);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(list_cash_sales, std::move(params))));
    std::vector<merchants::CashSale> out;
    for (auto const row : rows) {
        merchants::CashSale c;
        c.book = ledger::BookId{row.get<std::int64_t>(0)};
        c.id = row.get<Id<merchants::CashSale>>(1);
        c.stall = row.get<Id<merchants::Stall>>(2);
        c.amount = row.get<Dong>(3);
        c.sold_on = row.get<Day>(4);
        c.note = row.get<std::string>(5);
        c.noted_by = row.get<Id<qr_pay::UserTag>>(6);
        c.noted_at = row.get<Instant>(7);
        out.push_back(std::move(c));
    }
    co_return out;
}

void add_merchant_writers(RowWriters& writers)
{
    using namespace merchants;
    writers.add<NewBook>(
        insert_books,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.kind); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.name); }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.owner; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.created_at; }));
            return p;
        },
        1);
    writers.add<NewMarket>(
        insert_markets,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.market.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.market.id.uuid; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.market.name); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.market.address); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.market.ward_code); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.market.ward_name); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.created_at; }));
            return p;
        },
        2);
    writers.add<NewHousehold>(
        insert_households,
        [](auto rows) {
            auto const text = [&](auto member) {
                return column<std::string_view>(rows, [member](auto const& r) { return std::string_view(r.household.*member); });
            };
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.household.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.household.id.uuid; }));
            for (auto member : {&Household::tax_code, &Household::old_tax_code, &Household::name, &Household::owner_name,
                                &Household::address, &Household::ward_code, &Household::ward_name}) {
                p.add(text(member));
            }
            p.add(column<bool>(rows, [](auto const& r) { return r.household.expects_above; }));
            p.add(
                column<std::string>(rows, [](auto const& r) { return fold_for_search(r.household.name + " " + r.household.owner_name); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.created_at; }));
            return p;
        },
        3);
    writers.add<NewStall>(
        insert_stalls,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stall.stall.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stall.stall.id.uuid; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stall.stall.ordinal.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stall.stall.market.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stall.stall.household.uuid; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.stall.stall.number); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.stall.stall.name); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.stall.stall.activity_group); }));
            p.add(column<bool>(rows, [](auto const& r) { return r.stall.stall.vat_reduced; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.stall.stall.location_code); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.created_at; }));
            return p;
        },
        4);
    writers.add<NewReceivingAccount>(
        insert_receiving,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.account.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.account.id.uuid; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.account.owner_kind); }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.account.owner.uuid; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.account.ordinal.value; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.account.bank_bin); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.account.account_number); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.account.holder_name); }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.channel); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.created_at; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.provider_account); }));
            return p;
        },
        5);
    writers.add<NewRailAccount>(
        insert_rail_accounts,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.rail_account.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.rail_account.id.uuid; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.rail_account.rail); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.rail_account.name); }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.rail_account.channel); }));
            p.add(column<Bytea>(rows, [](auto const& r) { return Bytea(r.rail_account.sealed_secret); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.rail_account.created_at; }));
            add_list_access(p, rows);
            return p;
        },
        5);
    writers.add<ChangedRailSecrets>(
        update_rail_secrets,
        [](auto rows) {
            using Previous = RailAccount::PreviousSecret;
            auto const previous = [](auto const& r) -> std::optional<Previous> const& { return r.rail_account.previous_secret; };
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.rail_account.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.rail_account.id.uuid; }));
            p.add(column<Bytea>(rows, [](auto const& r) { return Bytea(r.rail_account.sealed_secret); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.rail_account.secret_since; }));
            p.add(column<std::optional<Bytea>>(
                rows, [&](auto const& r) { return previous(r) ? std::optional(Bytea(previous(r)->sealed)) : std::nullopt; }));
            p.add(column<std::optional<Instant>>(
                rows, [&](auto const& r) { return previous(r) ? std::optional(previous(r)->until) : std::nullopt; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.rail_account.version; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.rail_account.changed_at; }));
            add_list_access(p, rows);
            return p;
        },
        20);
    writers.add<NewCashSale>(
        insert_cash_sales,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.sale.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.sale.id.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.sale.stall.uuid; }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.sale.amount; }));
            p.add(column<Day>(rows, [](auto const& r) { return r.sale.sold_on; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.sale.note); }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.sale.noted_by.uuid; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.sale.noted_at; }));
            return p;
        },
        10);
}

}  // namespace cho40::stores
