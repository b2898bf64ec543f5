#include "adapters/stores/payments_rows.h"
#include "adapters/stores/row_readers.h"
#include "base/check.h"

namespace cho40::stores {

qr_pay::StoredRequest read_request(postgres::Row const& row)
{
    auto code = qr_pay::OrderCode::parse(row.get<std::string_view>(6));
    CHO_CHECK(code.has_value());  // we wrote it
    qr_pay::PaymentRequest request(row.get<Id<qr_pay::PaymentRequest>>(1), *std::move(code), row.get<Dong>(7), row.get<Instant>(16),
                                   row.get<Instant>(17));
    request.received = row.get<Dong>(8);
    request.waived = row.get<Dong>(9);
    request.state = static_cast<qr_pay::PaymentState>(row.get<std::int16_t>(10));
    request.version = row.get<std::int64_t>(19);
    qr_pay::StoredRequest stored(std::move(request), ledger::BookId{row.get<std::int64_t>(0)});
    stored.payee_kind = static_cast<qr_pay::PayeeKind>(row.get<std::int16_t>(2));
    stored.payee = row.get<Id<qr_pay::Payee>>(3);
    stored.ordinal = ledger::OwnerOrdinal{row.get<std::int64_t>(4)};
    stored.account = row.get<Id<qr_pay::ReceivingAccountTag>>(5);
    stored.reason = row.get<std::string>(11);
    stored.note = row.get<std::string>(12);
    stored.client_ref = row.get<std::optional<std::string>>(13).value_or("");
    stored.qr_payload = row.get<std::string>(14);
    stored.created_by = row.get<Id<qr_pay::UserTag>>(15);
    stored.since = row.get<Instant>(18);
    stored.duplicates = row.get<Dong>(21);
    stored.virtual_account = row.get<std::string>(20);
    return stored;
}

}  // namespace cho40::stores
