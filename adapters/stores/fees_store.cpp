#include "adapters/stores/fees_store.h"
#include "adapters/stores/fee_lines_json.h"
#include "adapters/stores/fees_statements.h"
#include "adapters/stores/receipt_rows.h"
#include "adapters/stores/row_readers.h"

namespace cho40::stores {
namespace {

using fees::FeeNotice;
using fees::NoticeWithAgency;
using fees::Receipt;
using fees::RegisteredAgency;
using postgres::Json;
using postgres::Params;
using postgres::Row;

constexpr std::int16_t through_provider = 1, straight_to_bank = 2;  // receiving_account.channel

RegisteredAgency read_agency(Row const& row)
{
    RegisteredAgency out;
    out.book = ledger::BookId{row.get<std::int64_t>(0)};
    out.id = row.get<Id<fees::Agency>>(1);
    out.ordinal = ledger::OwnerOrdinal{row.get<std::int64_t>(2)};
    auto& f = out.facts;
    f.code = row.get<std::string>(3);
    f.name_vi = row.get<std::string>(4);
    f.name_en = row.get<std::string>(5);
    f.address = row.get<std::string>(6);
    f.phone = row.get<std::string>(7);
    f.tax_code = row.get<std::string>(8);
    f.keys.chapter = row.get<std::string>(9);
    f.keys.area_code = row.get<std::string>(10);
    f.keys.collecting_office = row.get<std::string>(11);
    f.keys.treasury_code = row.get<std::string>(12);
    f.keys.treasury_account = row.get<std::string>(13);
    f.letters_phi = row.get<std::string>(14);
    f.letters_le_phi = row.get<std::string>(15);
    f.pay_order = row.get<bool>(16) ? fees::PayOrder::before : fees::PayOrder::after;
    out.created_at = row.get<Instant>(17);
    out.version = row.get<std::int64_t>(18);
    auto& account = out.account;
    account.book = out.book;
    account.id = row.get<Id<qr_pay::ReceivingAccountTag>>(19);
    account.owner_kind = qr_pay::OwnerKind::agency;
    account.owner = Id<qr_pay::Owner>(out.id.uuid);
    account.ordinal = out.ordinal;
    account.bank_bin = f.bank_bin = row.get<std::string>(20);
    account.account_number = f.account_number = row.get<std::string>(21);
    account.holder_name = f.account_name = row.get<std::string>(22);
    out.through_provider = row.get<std::int16_t>(23) == through_provider;
    return out;
}

std::vector<Uuid> read_seen(std::string_view text)
{
    std::vector<Uuid> out;
    for (auto const& one : read_texts(text)) {
        if (auto const id = Uuid::from_string(one)) out.push_back(*id);
    }
    return out;
}

std::string seen_json(std::vector<Uuid> const& seen)
{
    std::vector<std::string> texts;
    for (auto const& id : seen) texts.push_back(id.to_string());
    return texts_json(texts);
}

NoticeWithAgency read_notice(Row const& row)
{
    NoticeWithAgency out;
    out.agency = read_agency(row);
    auto& s = out.stored;
    s.book = out.agency.book;
    s.agency = out.agency.id;
    auto& n = s.notice;
    n.agency_code = out.agency.facts.code;
    n.agency_name_vi = out.agency.facts.name_vi;
    n.agency_name_en = out.agency.facts.name_en;
    int c = 24;
    n.id = row.get<Id<FeeNotice>>(c++);
    n.code = row.get<std::string>(c++);
    n.dossier_code = row.get<std::string>(c++);
    n.procedure_code = row.get<std::string>(c++);
    n.procedure_name_vi = row.get<std::string>(c++);
    n.procedure_name_en = row.get<std::string>(c++);
    n.payer_name = row.get<std::string>(c++);
    s.channel = static_cast<fees::Channel>(row.get<std::int16_t>(c++));
    s.personas = read_texts(row.get<Json>(c++).text);
    n.total = row.get<Dong>(c++);
    read_lines(s, row.get<Json>(c++).text);
    n.due_day = row.get<Day>(c++);
    n.valid_until = row.get<Instant>(c++);
    s.life.state = static_cast<fees::NoticeState>(row.get<std::int16_t>(c++));
    s.life.received = row.get<Dong>(c++);
    s.life.given_back = row.get<Dong>(c++);
    s.life.owed_back = row.get<Dong>(c++);
    s.life.seen = read_seen(row.get<Json>(c++).text);
    s.life.reason = row.get<std::string>(c++);
    s.payment = row.get<std::optional<Id<qr_pay::PaymentRequest>>>(c++);
    s.life.paid_at = row.get<std::optional<Instant>>(c++);
    s.life.dossier = static_cast<fees::DossierTick>(row.get<std::int16_t>(c++));
    s.life.told_at = row.get<std::optional<Instant>>(c++);
    s.dossier_tries = row.get<std::int32_t>(c++);
    s.dossier_next_at = row.get<std::optional<Instant>>(c++);
    s.created_by = row.get<Id<qr_pay::UserTag>>(c++);
    n.issued_at = row.get<Instant>(c++);
    s.since = row.get<Instant>(c++);
    s.version = row.get<std::int64_t>(c++);
    return out;
}

}  // namespace

boost::asio::awaitable<Result<std::optional<NoticeWithAgency>>> FeesStore::find_notice(Id<FeeNotice> id)
{
    Params params(id);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::find_notice, std::move(params))));
    co_return read_first(rows, read_notice);
}

boost::asio::awaitable<Result<std::optional<NoticeWithAgency>>> FeesStore::notice_with_code(std::string code)
{
    Params params(code);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::find_notice_by_code, std::move(params))));
    co_return read_first(rows, read_notice);
}

boost::asio::awaitable<Result<std::vector<NoticeWithAgency>>> FeesStore::dossiers_to_tell(Instant now, int limit)
{
    Params params(now, static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::find_dossiers_to_tell, std::move(params))));
    co_return read_all(rows, read_notice);
}

boost::asio::awaitable<Result<std::vector<NoticeWithAgency>>> FeesStore::list(ListFilter filter)
{
    Params params(filter.book.value, filter.agency, filter.states, filter.before, static_cast<std::int64_t>(filter.limit));
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::list_notices, std::move(params))));
    co_return read_all(rows, read_notice);
}

boost::asio::awaitable<Result<std::vector<Receipt>>> FeesStore::receipts_of(ledger::BookId book, Id<FeeNotice> notice)
{
    Params params(book.value, notice);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::find_receipts_of_notice, std::move(params))));
    co_return read_all(rows, read_receipt);
}

boost::asio::awaitable<Result<std::vector<Receipt>>> FeesStore::receipts_between(ledger::BookId book, Id<fees::Agency> agency, Instant from,
                                                                                 Instant to, int limit)
{
    Params params(book.value, agency, from, to, static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::find_receipts_between, std::move(params))));
    co_return read_all(rows, read_receipt);
}

boost::asio::awaitable<Result<std::int64_t>> FeesStore::last_receipt_number(ledger::BookId book, Id<fees::Agency> agency,
                                                                            fees::ReceiptForm form, std::string symbol)
{
    Params params(book.value, agency, form_code(form), symbol);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::last_receipt_number, std::move(params))));
    co_return rows[0].get<std::int64_t>(0);
}

boost::asio::awaitable<Result<std::optional<Receipt>>> FeesStore::receipt_with_code(std::string lookup_code)
{
    Params params(lookup_code);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::find_receipt_by_code, std::move(params))));
    co_return read_first(rows, read_receipt);
}

boost::asio::awaitable<Result<std::optional<qr_pay::StoredRequest>>> FeesStore::find_request(Id<qr_pay::PaymentRequest> id)
{
    co_return co_await payments_.find(id);
}

boost::asio::awaitable<Result<std::optional<qr_pay::StoredRequest>>> FeesStore::request_with_key(ledger::BookId book, Id<FeeNotice> notice,
                                                                                                 std::string key)
{
    CHO_CO_TRY(auto id, co_await payments_.by_client_ref(book, Id<qr_pay::Payee>(notice.uuid), std::move(key)));
    if (!id) co_return std::nullopt;
    co_return co_await payments_.find(*id);
}

boost::asio::awaitable<Result<std::optional<RegisteredAgency>>> FeesStore::find_agency(Id<fees::Agency> id)
{
    Params params(id);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::find_agency, std::move(params))));
    co_return read_first(rows, read_agency);
}

boost::asio::awaitable<Result<std::optional<RegisteredAgency>>> FeesStore::agency_with_code(std::string code)
{
    Params params(code);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::find_agency_by_code, std::move(params))));
    co_return read_first(rows, read_agency);
}

void add_fee_writers(RowWriters& writers)
{
    writers.add<fees::NewAgency>(
        sql::insert_agencies,
        [](auto rows) {
            auto const text = [&](auto get) {
                return column<std::string_view>(rows, [get](auto const& r) { return std::string_view(get(r.agency.facts)); });
            };
            using A = fees::Agency;
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.agency.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.agency.id.uuid; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.agency.ordinal.value; }));
            p.add(text([](A const& a) -> auto const& { return a.code; }));
            p.add(text([](A const& a) -> auto const& { return a.name_vi; }));
            p.add(text([](A const& a) -> auto const& { return a.name_en; }));
            p.add(text([](A const& a) -> auto const& { return a.address; }));
            p.add(text([](A const& a) -> auto const& { return a.phone; }));
            p.add(text([](A const& a) -> auto const& { return a.tax_code; }));
            p.add(text([](A const& a) -> auto const& { return a.keys.chapter; }));
            p.add(text([](A const& a) -> auto const& { return a.keys.area_code; }));
            p.add(text([](A const& a) -> auto const& { return a.keys.collecting_office; }));
            p.add(text([](A const& a) -> auto const& { return a.keys.treasury_code; }));
            p.add(text([](A const& a) -> auto const& { return a.keys.treasury_account; }));
            p.add(text([](A const& a) -> auto const& { return a.letters_phi; }));
            p.add(text([](A const& a) -> auto const& { return a.letters_le_phi; }));
            p.add(column<bool>(rows, [](auto const& r) { return r.agency.facts.pay_order == fees::PayOrder::before; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.agency.created_at; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.agency.account.id.uuid; }));
            p.add(text([](A const& a) -> auto const& { return a.bank_bin; }));
            p.add(text([](A const& a) -> auto const& { return a.account_number; }));
            p.add(text([](A const& a) -> auto const& { return a.account_name; }));
            p.add(
                column<std::int16_t>(rows, [](auto const& r) { return r.agency.through_provider ? through_provider : straight_to_bank; }));
            return p;
        },
        2);
    writers.add<fees::NewNotice>(
        sql::insert_notices,
        [](auto rows) {
            auto const text = [&](auto member) {
                return column<std::string_view>(rows, [member](auto const& r) { return std::string_view(r.stored.notice.*member); });
            };
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stored.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.notice.id.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.agency.uuid; }));
            for (auto member : {&FeeNotice::code, &FeeNotice::dossier_code, &FeeNotice::procedure_code, &FeeNotice::procedure_name_vi,
                                &FeeNotice::procedure_name_en, &FeeNotice::payer_name}) {
                p.add(text(member));
            }
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.stored.channel); }));
            p.add(column<Json>(rows, [](auto const& r) { return Json(texts_json(r.stored.personas)); }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.stored.notice.total; }));
            p.add(column<Json>(rows, [](auto const& r) { return Json(lines_json(r.stored)); }));
            p.add(column<Day>(rows, [](auto const& r) { return r.stored.notice.due_day; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.stored.notice.valid_until; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.stored.life.state); }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.stored.life.dossier); }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.created_by.uuid; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.stored.notice.issued_at; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.stored.since; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stored.version; }));
            return p;
        },
        10);
    writers.add<fees::ChangedNotice>(
        sql::update_notices,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stored.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.notice.id.uuid; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.stored.life.state); }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.stored.life.received; }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.stored.life.given_back; }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.stored.life.owed_back; }));
            p.add(column<Json>(rows, [](auto const& r) { return Json(seen_json(r.stored.life.seen)); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.stored.life.reason); }));
            p.add(column<std::optional<Uuid>>(
                rows, [](auto const& r) { return r.stored.payment ? std::optional(r.stored.payment->uuid) : std::nullopt; }));
            p.add(column<std::optional<Instant>>(rows, [](auto const& r) { return r.stored.life.paid_at; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.stored.life.dossier); }));
            p.add(column<std::optional<Instant>>(rows, [](auto const& r) { return r.stored.life.told_at; }));
            p.add(column<std::int32_t>(rows, [](auto const& r) { return r.stored.dossier_tries; }));
            p.add(column<std::optional<Instant>>(rows, [](auto const& r) { return r.stored.dossier_next_at; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.stored.since; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stored.version; }));
            return p;
        },
        20);
    writers.add<fees::NewReceipt>(
        sql::insert_receipts,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.receipt.id.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.agency.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.notice.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.payment.uuid; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.receipt.kind); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return form_code(r.receipt.number.form); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.receipt.number.symbol); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.receipt.lookup_code); }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.receipt.total; }));
            p.add(column<Json>(rows, [](auto const& r) { return Json(printed_json(r.receipt)); }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.receipt.state); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.receipt.issued_at; }));
            p.add(column<std::optional<Uuid>>(rows, [](auto const& r) {
                return r.receipt.booked_as ? std::optional(r.receipt.booked_as->transfer.uuid) : std::nullopt;
            }));
            return p;
        },
        25);
    writers.add<fees::NewReceiptEntry>(
        sql::insert_receipt_entries,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.receipt.uuid; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.entry.kind); }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.entry.refund; }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.entry.amount; }));
            p.add(column<Json>(rows, [](auto const& r) { return Json(entry_lines_json(r.entry)); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.entry.at; }));
            return p;
        },
        30);
}

}  // namespace cho40::stores
