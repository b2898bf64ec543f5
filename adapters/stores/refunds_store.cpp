#include "adapters/stores/refunds_store.h"
#include "adapters/stores/refund_parts_json.h"
#include "adapters/stores/refunds_statements.h"
#include "adapters/stores/row_readers.h"
#include "base/check.h"

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using postgres::Params;
using postgres::Row;
using qr_pay::Refund;
using qr_pay::RefundFacts;
using qr_pay::StoredRefund;

std::optional<qr_pay::RefundTransfer> read_transfer(Row const& row)
{
    auto const key = row.get<std::optional<Sha256>>(23);
    if (!key) return std::nullopt;
    qr_pay::RefundTransfer transfer;
    transfer.key = *key;
    transfer.rail = row.get<std::string>(24);
    transfer.provider_id = row.get<std::string>(25);
    transfer.bank_reference = row.get<std::string>(26);
    transfer.memo = row.get<std::string>(27);
    transfer.booked_at = row.get<Instant>(28);
    transfer.evidence = row.get<std::string>(29);
    transfer.entered_by = row.get<std::optional<Uuid>>(30).value_or(Uuid{});
    return transfer;
}

// Columns of the credit that sent it back, from `first`.
std::optional<qr_pay::RefundTransfer> read_return(Row const& row, int first)
{
    auto const key = row.get<std::optional<Sha256>>(first);
    if (!key) return std::nullopt;
    qr_pay::RefundTransfer transfer;
    transfer.key = *key;
    transfer.rail = row.get<std::string>(first + 1);
    transfer.provider_id = row.get<std::string>(first + 2);
    transfer.bank_reference = row.get<std::string>(first + 3);
    transfer.memo = row.get<std::string>(first + 4);
    transfer.booked_at = row.get<Instant>(first + 5);
    return transfer;
}

StoredRefund read_stored(Row const& row) { return read_refund(row).stored; }

}  // namespace

RefundFacts read_refund(Row const& row)
{
    auto code = qr_pay::OrderCode::parse(row.get<std::string_view>(7));
    CHO_CHECK(code.has_value());  // we wrote it
    Refund refund(row.get<Id<Refund>>(1), *std::move(code), row.get<Dong>(8), row.get<Instant>(20));
    refund.from_owed = row.get<Dong>(9);
    refund.method = static_cast<qr_pay::RefundMethod>(row.get<std::int16_t>(10));
    refund.state = static_cast<qr_pay::RefundState>(row.get<std::int16_t>(11));
    refund.version = row.get<std::int64_t>(22);
    auto const parts = row.get<std::optional<postgres::Json>>(34);
    if (parts) refund.parts = read_parts(parts->text);
    else if (refund.not_owed().is_positive()) refund.parts = {{ledger::AccountKind::sales, refund.not_owed(), {}, 0}};
    StoredRefund stored(std::move(refund), ledger::BookId{row.get<std::int64_t>(0)});
    stored.subject_kind = static_cast<qr_pay::RefundSubject>(row.get<std::int16_t>(33));
    stored.subject = row.get<Uuid>(2);
    stored.owner = row.get<Id<qr_pay::Owner>>(3);
    stored.ordinal = ledger::OwnerOrdinal{row.get<std::int64_t>(4)};
    stored.account = row.get<Id<qr_pay::ReceivingAccountTag>>(5);
    stored.place = row.get<std::int32_t>(6);
    stored.state_reason = row.get<std::string>(12);
    stored.reason_code = row.get<std::string>(13);
    stored.reason_text = row.get<std::string>(14);
    stored.approval_from = row.get<Dong>(15);
    stored.made_by = row.get<Uuid>(16);
    stored.made_by_owner = row.get<Uuid>(17);
    stored.decided_by = row.get<std::optional<Uuid>>(18).value_or(Uuid{});
    stored.decided_at = row.get<std::optional<Instant>>(19);
    stored.since = row.get<Instant>(21);
    stored.transfer = read_transfer(row);
    stored.returned_by = read_return(row, 35);
    stored.account_number = row.get<std::string>(31);
    return {std::move(stored), row.get<std::int64_t>(32)};
}

awaitable<Result<std::optional<RefundFacts>>> RefundsStore::find(Id<Refund> id)
{
    Params params(id);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::find_refund, std::move(params))));
    co_return read_first(rows, read_refund);
}

awaitable<Result<std::vector<StoredRefund>>> RefundsStore::of(ledger::BookId book, Uuid subject)
{
    Params params(book.value, subject);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::refunds_of, std::move(params))));
    co_return read_all(rows, read_stored);
}

awaitable<Result<qr_pay::RefundBasis>> RefundsStore::basis(qr_pay::StoredRequest request)
{
    qr_pay::RefundBasis basis;
    basis.book = request.book;
    basis.kind = qr_pay::RefundSubject::payment;
    basis.subject = request.request.id.uuid;
    basis.owner = Id<qr_pay::Owner>(request.payee.uuid);  // of a stall's payment the stall is both
    basis.ordinal = request.ordinal;
    basis.account = request.account;
    postgres::Segment segment;
    segment.add(sql::received_for_payment, basis.book.value, basis.subject, basis.account);
    segment.add(sql::refunds_of, basis.book.value, basis.subject);
    CHO_CO_TRY(auto const replies, postgres::to_result(co_await pool_.read(std::move(segment))));
    basis.request = std::move(request.request);
    for (auto const row : replies[0]) {
        basis.received = row.get<Dong>(0);
        basis.owed = row.get<Dong>(1);
        basis.account_number = row.get<std::string>(2);
    }
    for (auto const row : replies[1]) basis.refunds.push_back(read_refund(row).stored.refund);
    co_return basis;
}

awaitable<Result<qr_pay::RefundBasis>> RefundsStore::basis(PaymentsStore::CreditView credit, qr_pay::ReceivingAccount account)
{
    qr_pay::RefundBasis basis;
    basis.book = credit.book;
    basis.kind = qr_pay::RefundSubject::credit;
    basis.subject = credit.id.uuid;
    basis.owner = account.owner;
    basis.ordinal = account.ordinal;
    basis.account = credit.account;
    basis.account_number = account.account_number;
    basis.booked_as = ledger::AccountKind::nameless_sales;
    basis.received = credit.amount;
    CHO_CO_TRY(auto const refunds, co_await of(basis.book, basis.subject));
    for (auto const& stored : refunds) basis.refunds.push_back(stored.refund);
    co_return basis;
}

awaitable<Result<std::vector<StoredRefund>>> RefundsStore::paid_between(ledger::BookId book, Uuid payee, Instant from, Instant to)
{
    Params params(book.value, payee, from, to);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::refunds_paid_between, std::move(params))));
    co_return read_all(rows, read_stored);
}

awaitable<Result<std::optional<Id<Refund>>>> RefundsStore::paid_by(ledger::BookId book, std::string account_number,
                                                                   std::string bank_reference)
{
    Params params(book.value, qr_pay::transfer_key_of(account_number, bank_reference));
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::refund_paid_by, std::move(params))));
    co_return read_first(rows, [](Row const& row) { return row.get<Id<Refund>>(0); });
}

awaitable<Result<std::vector<qr_pay::RefundSource>>> RefundsStore::sources_of(ledger::BookId book, Uuid subject)
{
    Params params(book.value, subject);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::refund_sources, std::move(params))));
    co_return read_all(rows, [](Row const& row) {
        return qr_pay::RefundSource{row.get<Id<qr_pay::RailAccountTag>>(0), row.get<std::string>(1), row.get<std::string>(2),
                                    row.get<std::string>(3), row.get<Dong>(4)};
    });
}

awaitable<Result<std::vector<RefundFacts>>> RefundsStore::to_call(int limit)
{
    Params params(static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::refunds_to_call, std::move(params))));
    co_return read_all(rows, read_refund);
}

awaitable<Result<std::optional<std::string>>> RefundsStore::access_of(ledger::BookId book, Id<qr_pay::RailAccountTag> rail_account)
{
    Params params(book.value, rail_account);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::refund_access, std::move(params))));
    co_return read_first(rows, [](Row const& row) { return row.get<postgres::Bytea>(0).bytes; });
}

}  // namespace cho40::stores
