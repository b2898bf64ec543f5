#include "adapters/stores/tax_store.h"
#include "adapters/stores/row_readers.h"
#include "adapters/stores/tax_json.h"
#include "adapters/stores/tax_statements.h"
#include "adapters/tax_gateway/filing_json.h"
#include "base/check.h"
#include "base/text.h"

namespace cho40::stores {
namespace {

using etax::StoredReturn;
using postgres::Bytea;
using postgres::Params;
using postgres::Row;

StoredReturn read_return(Row const& row)
{
    auto const period = etax::Period::parse(row.get<std::string>(5));
    auto const state = etax::filing_state_from(row.get<std::string>(14));
    CHO_CHECK(period && state);  // we wrote them
    etax::FilingNumber number;
    number.type = row.get<std::string>(6) == "B" ? etax::FilingType::supplementary : etax::FilingType::official;
    number.number = row.get<std::int32_t>(7);
    etax::Filing filing{.key = {row.get<std::string>(4), row.get<std::string>(10), *period, number}, .due = row.get<Day>(13)};
    filing.state = *state;
    filing.digest = row.get<std::optional<Sha256>>(17);
    filing.sent_at = row.get<std::optional<Instant>>(22);
    filing.received_at = row.get<std::optional<Instant>>(23);
    filing.filed_at = row.get<std::optional<Instant>>(24);
    filing.transaction_code = row.get<std::string>(25);
    filing.reasons = read_refusals(row.get<postgres::Json>(26).text);
    filing.silence_alerted = row.get<bool>(27);
    filing.escalated = row.get<bool>(28);

    StoredReturn r(std::move(filing));
    r.book = ledger::BookId{row.get<std::int64_t>(0)};
    r.id = row.get<Id<etax::TaxReturn>>(1);
    r.household = row.get<Id<merchants::Household>>(2);
    r.household_name = row.get<std::string>(3);
    r.attempt = row.get<std::int32_t>(8);
    r.form = row.get<std::string>(9);
    r.form_version = row.get<std::string>(11);
    r.form_issued_by = row.get<std::string>(12);
    r.reason = row.get<std::string>(15);
    r.figures = read_figures(row.get<postgres::Json>(16).text);
    r.document_bytes = row.get<std::int64_t>(18);
    r.signed_at = row.get<std::optional<Instant>>(19);
    r.transaction_id = row.get<std::string>(20);
    r.sending_since = row.get<std::optional<Instant>>(21);
    r.next_check_at = row.get<std::optional<Instant>>(29);
    r.checks = row.get<std::int32_t>(30);
    r.created_by = row.get<Id<qr_pay::UserTag>>(31);
    r.created_at = row.get<Instant>(32);
    r.since = row.get<Instant>(33);
    r.version = row.get<std::int64_t>(34);
    r.ledger_seq = row.get<std::optional<std::int64_t>>(35);
    return r;
}

etax::TurnoverStall read_turnover_stall(Row const& row)
{
    etax::TurnoverStall out;
    out.stall = read_stall_columns(row);
    out.market_name = row.get<std::string>(stall_columns);
    out.market_address = row.get<std::string>(stall_columns + 1);
    out.ward_code = row.get<std::string>(stall_columns + 2);
    out.ward_name = row.get<std::string>(stall_columns + 3);
    return out;
}

}  // namespace

boost::asio::awaitable<Result<std::optional<StoredReturn>>> TaxStore::find(Id<etax::TaxReturn> id)
{
    Params params(id);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::find_return, std::move(params))));
    co_return read_first(rows, read_return);
}

boost::asio::awaitable<Result<std::vector<StoredReturn>>> TaxStore::of_period(Id<merchants::Household> household, etax::Period period)
{
    Params params(household, period.to_string());
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::returns_of_period, std::move(params))));
    co_return read_all(rows, read_return);
}

boost::asio::awaitable<Result<std::vector<StoredReturn>>> TaxStore::due(Instant now, int limit)
{
    Params params(now, static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::due_returns, std::move(params))));
    co_return read_all(rows, read_return);
}

boost::asio::awaitable<Result<std::vector<StoredReturn>>> TaxStore::list(ListFilter filter)
{
    Params params(filter.households, filter.period, filter.states, filter.before, static_cast<std::int64_t>(filter.limit));
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::list_returns, std::move(params))));
    co_return read_all(rows, read_return);
}

boost::asio::awaitable<Result<etax::ReturnInput>> TaxStore::input(StoredReturn ret)
{
    Params params(ret.book.value, ret.id);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::return_input, std::move(params))));
    if (rows.empty()) co_return fail(Errc::not_found, "no such return");
    co_return tax_gateway::read_filing(rows[0].get<postgres::Json>(0).text);
}

boost::asio::awaitable<Result<std::string>> TaxStore::document(StoredReturn ret)
{
    Params params(ret.book.value, ret.id);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::return_document, std::move(params))));
    if (rows.empty()) co_return fail(Errc::not_found, "this return was not signed yet");
    co_return rows[0].get<Bytea>(0).bytes;
}

boost::asio::awaitable<Result<std::vector<etax::StoredNotice>>> TaxStore::notices(StoredReturn ret)
{
    Params params(ret.book.value, ret.id);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::return_notices, std::move(params))));
    std::vector<etax::StoredNotice> out;
    for (auto const row : rows) {
        etax::StoredNotice n;
        n.id = row.get<Id<etax::NoticeTag>>(0);
        n.raw = row.get<Bytea>(1).bytes;
        n.received_at = row.get<Instant>(2);
        n.read = row.get<bool>(3);
        out.push_back(std::move(n));
    }
    co_return out;
}

boost::asio::awaitable<Result<std::vector<etax::ReturnStep>>> TaxStore::steps(StoredReturn ret)
{
    Params params(ret.book.value, ret.id);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::return_steps, std::move(params))));
    std::vector<etax::ReturnStep> out;
    for (auto const row : rows) {
        auto const state = etax::filing_state_from(row.get<std::string>(0));
        CHO_CHECK(state);
        out.push_back({*state, row.get<std::string>(1), row.get<Instant>(2)});
    }
    co_return out;
}

boost::asio::awaitable<Result<etax::HouseholdTurnover>> TaxStore::of(Id<merchants::Household> household, int year)
{
    std::vector<Uuid> one = {household.uuid};
    CHO_CO_TRY(auto found, co_await of_many(std::move(one), year));
    auto& turnover = found[household.uuid];
    turnover.year = year;
    co_return std::move(turnover);
}

boost::asio::awaitable<Result<std::map<Uuid, etax::HouseholdTurnover>>> TaxStore::of_many(std::vector<Uuid> households, int year)
{
    postgres::Segment segment;
    segment.add(sql::turnover_stalls, households)
        .add(sql::turnover_cells, households, Day::from(year, 1, 1).begin(), Day::from(year + 1, 1, 1).begin())
        .within(std::chrono::seconds(30))
        .patience(std::chrono::seconds(35));
    CHO_CO_TRY(auto replies, postgres::to_result(co_await pool_.read(std::move(segment))));
    std::map<Uuid, etax::HouseholdTurnover> out;
    std::map<Uuid, std::size_t> position;
    for (auto const row : replies[0]) {
        auto stall = read_turnover_stall(row);
        auto& turnover = out[stall.stall.household.uuid];
        turnover.year = year;
        position[stall.stall.id.uuid] = turnover.stalls.size();
        turnover.stalls.push_back(std::move(stall));
    }
    for (auto const row : replies[1]) {
        auto const at = position.find(row.get<Uuid>(1));
        if (at == position.end()) continue;  // registered between the two statements
        etax::TurnoverCell cell;
        cell.stall = at->second;
        cell.month = static_cast<unsigned>(row.get<std::int32_t>(2));
        cell.channel = row.get<bool>(3) ? etax::SalesChannel::cash : etax::SalesChannel::qr;
        cell.count = row.get<std::int64_t>(4);
        cell.sum = row.get<Dong>(5);
        cell.last_seq = row.get<std::int64_t>(6);
        out[row.get<Uuid>(0)].cells.push_back(cell);
    }
    co_return out;
}

boost::asio::awaitable<Result<std::vector<merchants::Household>>> TaxStore::households(std::string q)
{
    auto folded = fold_for_search(q);
    std::erase_if(folded, [](char c) { return c == '%' || c == '_' || c == '\\'; });
    Params params(q, folded);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::find_households, std::move(params))));
    co_return read_all(rows, read_household);
}

void add_tax_writers(RowWriters& writers)
{
    using namespace etax;
    writers.add<NewReturn>(
        sql::insert_returns,
        [](auto rows) {
            auto const text = [&](auto get) { return column<std::string>(rows, get); };
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.ret.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.ret.id.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.ret.household.uuid; }));
            p.add(text([](auto const& r) { return r.ret.filing.key.tax_code; }));
            p.add(text([](auto const& r) { return r.ret.period().to_string(); }));
            p.add(text([](auto const& r) { return std::string(1, r.ret.filing.key.number.letter()); }));
            p.add(column<std::int32_t>(rows, [](auto const& r) { return r.ret.filing.key.number.number; }));
            p.add(column<std::int32_t>(rows, [](auto const& r) { return r.ret.attempt; }));
            p.add(text([](auto const& r) { return r.ret.form; }));
            p.add(text([](auto const& r) { return r.ret.filing.key.form_code; }));
            p.add(text([](auto const& r) { return r.ret.form_version; }));
            p.add(text([](auto const& r) { return r.ret.form_issued_by; }));
            p.add(column<Day>(rows, [](auto const& r) { return r.ret.filing.due; }));
            p.add(text([](auto const& r) { return std::string(name_of(r.ret.filing.state)); }));
            p.add(column<postgres::Json>(rows, [](auto const& r) { return postgres::Json(tax_gateway::filing_text(r.input)); }));
            p.add(column<postgres::Json>(rows, [](auto const& r) { return postgres::Json(figures_text(r.ret.figures)); }));
            p.add(text([](auto const& r) { return r.ret.transaction_id; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.ret.created_by.uuid; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.ret.created_at; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.ret.since; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.ret.version; }));
            p.add(column<std::optional<std::int64_t>>(rows, [](auto const& r) { return r.ret.ledger_seq; }));
            return p;
        },
        10);
    writers.add<ReturnChanged>(
        sql::update_returns,
        [](auto rows) {
            auto const time = [&](auto get) { return column<std::optional<Instant>>(rows, get); };
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.ret.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.ret.id.uuid; }));
            p.add(column<std::string>(rows, [](auto const& r) { return std::string(name_of(r.ret.filing.state)); }));
            p.add(column<std::string>(rows, [](auto const& r) { return r.ret.reason; }));
            p.add(time([](auto const& r) { return r.ret.signed_at; }));
            p.add(time([](auto const& r) { return r.ret.sending_since; }));
            p.add(time([](auto const& r) { return r.ret.filing.sent_at; }));
            p.add(time([](auto const& r) { return r.ret.filing.received_at; }));
            p.add(time([](auto const& r) { return r.ret.filing.filed_at; }));
            p.add(column<std::string>(rows, [](auto const& r) { return r.ret.filing.transaction_code; }));
            p.add(column<postgres::Json>(rows, [](auto const& r) { return postgres::Json(refusals_text(r.ret.filing.reasons)); }));
            p.add(column<bool>(rows, [](auto const& r) { return r.ret.filing.silence_alerted; }));
            p.add(column<bool>(rows, [](auto const& r) { return r.ret.filing.escalated; }));
            p.add(time([](auto const& r) { return r.ret.next_check_at; }));
            p.add(column<std::int32_t>(rows, [](auto const& r) { return r.ret.checks; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.ret.since; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.ret.version; }));
            return p;
        },
        11);
    writers.add<DocumentSigned>(
        sql::keep_documents,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.ret.uuid; }));
            p.add(column<Bytea>(rows, [](auto const& r) { return Bytea(r.bytes); }));
            p.add(column<Sha256>(rows, [](auto const& r) { return sha256(r.bytes); }));
            return p;
        },
        12);
    writers.add<ReturnEntered>(
        sql::insert_return_states,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.ret.uuid; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.version; }));
            p.add(column<std::int32_t>(rows, [](auto const& r) { return r.order; }));
            p.add(column<std::string>(rows, [](auto const& r) { return std::string(name_of(r.step.state)); }));
            p.add(column<std::string>(rows, [](auto const& r) { return r.step.reason; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.step.since; }));
            return p;
        },
        12);
    writers.add<NewNotice>(
        sql::insert_tax_notices,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.notice.id.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.ret.uuid; }));
            p.add(column<std::int32_t>(rows, [](auto const& r) { return r.order; }));
            p.add(column<Bytea>(rows, [](auto const& r) { return Bytea(r.notice.raw); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.notice.received_at; }));
            return p;
        },
        12);
    writers.add<NoticeRead>(
        sql::read_notices,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.notice.uuid; }));
            p.add(column<std::string>(rows, [](auto const& r) { return r.code; }));
            p.add(column<std::optional<bool>>(rows, [](auto const& r) { return r.positive; }));
            return p;
        },
        13);
}

}  // namespace cho40::stores
