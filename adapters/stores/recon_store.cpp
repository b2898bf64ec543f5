#include "adapters/stores/recon_store.h"
#include "adapters/stores/recon_statements.h"
#include "adapters/stores/row_readers.h"
#include <nlohmann/json.hpp>

namespace cho40::stores {
namespace {

using nlohmann::json;
using postgres::Bytea;
using postgres::Json;
using postgres::Params;
using postgres::Row;
using reconcile::ImportResult;
using reconcile::Side;
using reconcile::StatementBalance;

ReconPartner read_partner(Row const& row)
{
    ReconPartner p;
    p.book = ledger::BookId{row.get<std::int64_t>(0)};
    p.id = row.get<Id<qr_pay::RailAccountTag>>(1);
    p.name = row.get<std::string>(2);
    p.channel = row.get<std::int16_t>(3) == 1 ? reconcile::Channel::provider : reconcile::Channel::bank;
    p.market = row.get<std::optional<Uuid>>(4);
    p.agency = row.get<std::optional<Uuid>>(5);
    return p;
}

ImportResult result_named(std::string_view name)
{
    for (auto const result : {ImportResult::ACCEPTED_LATE, ImportResult::DUPLICATE_FILE, ImportResult::SUPERSEDES,
                              ImportResult::FILE_CONFLICT, ImportResult::FILE_INTEGRITY}) {
        if (reconcile::name_of(result) == name) return result;
    }
    return ImportResult::ACCEPTED;
}

std::string balances_text(std::vector<StatementBalance> const& balances)
{
    json out = json::array();
    for (auto const& b : balances) {
        out.push_back({{"account", b.account},
                       {"from", b.from.to_string()},
                       {"to", b.to.to_string()},
                       {"opening", b.opening.count()},
                       {"closing", b.closing.count()},
                       {"credits", b.credits.count()},
                       {"debits", b.debits.count()}});
    }
    return out.dump();
}

Result<std::vector<StatementBalance>> read_balances(std::string const& text)
{
    std::vector<StatementBalance> out;
    for (auto const& item : json::parse(text)) {
        StatementBalance b;
        b.account = item.at("account").get<std::string>();
        CHO_TRY(b.from, Day::parse(item.at("from").get<std::string>()));
        CHO_TRY(b.to, Day::parse(item.at("to").get<std::string>()));
        b.opening = Dong(item.at("opening").get<std::int64_t>());
        b.closing = Dong(item.at("closing").get<std::int64_t>());
        b.credits = Dong(item.at("credits").get<std::int64_t>());
        b.debits = Dong(item.at("debits").get<std::int64_t>());
        out.push_back(std::move(b));
    }
    return out;
}

Result<ReconFile> read_file(Row const& row)
{
    ReconFile f;
    f.book = ledger::BookId{row.get<std::int64_t>(0)};
    f.id = row.get<Id<ReconFile>>(1);
    f.partner = row.get<Uuid>(2);
    f.side = row.get<std::int16_t>(3) == 1 ? Side::provider : Side::bank;
    f.date = row.get<Day>(4);
    f.revision = row.get<std::int32_t>(5);
    f.digest = row.get<Sha256>(6);
    f.size = row.get<std::int64_t>(7);
    f.result = result_named(row.get<std::string_view>(8));
    f.in_force = row.get<bool>(9);
    f.detail = row.get<std::string>(10);
    f.detail_line = row.get<std::int32_t>(11);
    f.lines = row.get<std::int64_t>(12);
    f.sum = row.get<Dong>(13);
    f.accounts = json::parse(row.get<Json>(14).text).get<std::set<std::string>>();
    CHO_TRY(f.balances, read_balances(row.get<Json>(15).text));
    f.received_at = row.get<Instant>(16);
    f.received_by = row.get<Uuid>(17);
    return f;
}

ReconRun read_run(Row const& row)
{
    ReconRun r;
    r.book = ledger::BookId{row.get<std::int64_t>(0)};
    r.id = row.get<Id<ReconRun>>(1);
    r.partner = row.get<Uuid>(2);
    r.date = row.get<Day>(3);
    r.as_of = row.get<Instant>(4);
    r.summary = row.get<Json>(5).text;
    r.started_by = row.get<Uuid>(6);
    r.created_at = row.get<Instant>(7);
    return r;
}

}  // namespace

boost::asio::awaitable<Result<std::optional<ReconPartner>>> ReconStore::partner(Id<qr_pay::RailAccountTag> id)
{
    std::optional<Uuid> only(id.uuid);
    Params params(only);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::recon_partners, std::move(params))));
    co_return read_first(rows, read_partner);
}

boost::asio::awaitable<Result<std::vector<ReconPartner>>> ReconStore::partners()
{
    std::optional<Uuid> all;
    Params params(all);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::recon_partners, std::move(params))));
    co_return read_all(rows, read_partner);
}

boost::asio::awaitable<Result<std::set<std::string>>> ReconStore::accounts(ledger::BookId book, std::optional<reconcile::Channel> channel)
{
    std::int16_t wanted = 0;
    if (channel) wanted = *channel == reconcile::Channel::provider ? 1 : 2;
    Params params(book.value, wanted);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::recon_accounts, std::move(params))));
    std::set<std::string> out;
    for (auto const row : rows) out.insert(row.get<std::string>(0));
    co_return out;
}

boost::asio::awaitable<Result<std::optional<ReconFile>>> ReconStore::file_with(ledger::BookId book, Uuid partner, Sha256 digest)
{
    Params params(book.value, partner, digest);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::recon_file_with, std::move(params))));
    if (rows.empty()) co_return std::optional<ReconFile>();
    CHO_CO_TRY(auto file, read_file(rows[0]));
    co_return std::optional<ReconFile>(std::move(file));
}

boost::asio::awaitable<Result<std::vector<ReconFile>>> ReconStore::files(std::vector<Uuid> partners, Day from, Day to)
{
    Params params(partners, from, to);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::recon_files_between, std::move(params))));
    std::vector<ReconFile> out;
    for (auto const row : rows) {
        CHO_CO_TRY(auto file, read_file(row));
        out.push_back(std::move(file));
    }
    co_return out;
}

boost::asio::awaitable<Result<std::optional<ReconFile>>> ReconStore::file(Id<ReconFile> id)
{
    Params params(id);
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(sql::recon_find_file, std::move(params))));
    if (rows.empty()) co_return std::optional<ReconFile>();
    CHO_CO_TRY(auto found, read_file(rows[0]));
    co_return std::optional<ReconFile>(std::move(found));
}

boost::asio::awaitable<Result<std::string>> ReconStore::bytes(ledger::BookId book, Id<ReconFile> id)
{
    Params params(book.value, id);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::recon_file_bytes, std::move(params))));
    if (rows.empty()) co_return fail(Errc::not_found, "no such file");
    co_return rows[0].get<Bytea>(0).bytes;
}

boost::asio::awaitable<Result<std::int64_t>> ReconStore::count_files(ledger::BookId book, Uuid partner)
{
    Params params(book.value, partner);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::recon_count_files, std::move(params))));
    co_return rows[0].get<std::int64_t>(0);
}

boost::asio::awaitable<Result<std::int64_t>> ReconStore::count_runs(ledger::BookId book, Uuid partner, Day day)
{
    Params params(book.value, partner, day);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::recon_count_runs, std::move(params))));
    co_return rows[0].get<std::int64_t>(0);
}

boost::asio::awaitable<Result<std::vector<reconcile::InternalRecord>>> ReconStore::internal(ReconPartner partner, Instant from, Instant to)
{
    std::int16_t const channel = partner.channel == reconcile::Channel::provider ? 1 : 2;
    Params params(partner.book.value, channel, from, to);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::recon_credits, std::move(params))));
    std::vector<reconcile::InternalRecord> out;
    out.reserve(static_cast<std::size_t>(rows.size()));
    for (auto const row : rows) {
        reconcile::InternalRecord r;
        r.payment_id = row.get<Uuid>(0).to_string();
        r.amount = row.get<Dong>(1);
        r.event_at = row.get<Instant>(2);
        r.bank_reference = row.get<std::string>(3);
        if (row.get<Uuid>(5) == partner.id.uuid) r.provider_txn_id = row.get<std::string>(4);
        r.account = row.get<std::string>(6);
        r.order_ref = row.get<std::string>(7);
        r.channel = partner.channel;
        out.push_back(std::move(r));
    }
    co_return out;
}

boost::asio::awaitable<Result<std::vector<ReconRun>>> ReconStore::newest_runs(std::vector<Uuid> partners, Day day)
{
    Params params(partners, day);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::recon_newest_runs, std::move(params))));
    std::vector<ReconRun> out;
    for (auto const row : rows) out.push_back(read_run(row));
    co_return out;
}

boost::asio::awaitable<Result<std::optional<ReconStore::Matches>>> ReconStore::matches(Id<ReconRun> id, std::string leg, std::int64_t from,
                                                                                       int limit)
{
    Params params(id, leg, from, from + limit - 1);
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(sql::recon_run_matches, std::move(params))));
    if (rows.empty()) co_return std::optional<Matches>();
    co_return Matches{read_run(rows[0]), rows[0].get<Json>(8).text};
}

void add_recon_writers(RowWriters& writers)
{
    writers.add<NewReconFile>(
        sql::insert_recon_files,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.file.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.file.id.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.file.partner; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return std::int16_t(r.file.side == Side::provider ? 1 : 2); }));
            p.add(column<Day>(rows, [](auto const& r) { return r.file.date; }));
            p.add(column<std::int32_t>(rows, [](auto const& r) { return r.file.revision; }));
            p.add(column<Sha256>(rows, [](auto const& r) { return r.file.digest; }));
            p.add(column<Bytea>(rows, [](auto const& r) { return Bytea(*r.bytes); }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.file.size; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return reconcile::name_of(r.file.result); }));
            p.add(column<bool>(rows, [](auto const& r) { return r.file.in_force; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.file.detail); }));
            p.add(column<std::int32_t>(rows, [](auto const& r) { return r.file.detail_line; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.file.lines; }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.file.sum; }));
            p.add(column<Json>(rows, [](auto const& r) { return Json(json(r.file.accounts).dump()); }));
            p.add(column<Json>(rows, [](auto const& r) { return Json(balances_text(r.file.balances)); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.file.received_at; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.file.received_by; }));
            return p;
        },
        10);
    writers.add<SupersededReconFile>(
        sql::supersede_recon_files,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.id.uuid; }));
            return p;
        },
        20);
    writers.add<NewReconRun>(
        sql::insert_recon_runs,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.run.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.run.id.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.run.partner; }));
            p.add(column<Day>(rows, [](auto const& r) { return r.run.date; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.run.as_of; }));
            p.add(column<Json>(rows, [](auto const& r) { return Json(r.run.summary); }));
            p.add(column<Json>(rows, [](auto const& r) { return Json(r.result); }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.run.started_by; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.run.created_at; }));
            return p;
        },
        30);
}

}  // namespace cho40::stores
