#include "adapters/stores/receipt_rows.h"
#include "adapters/stores/fee_lines_json.h"
#include "adapters/stores/row_readers.h"

namespace cho40::stores {

using fees::Receipt;
using postgres::Json;
using postgres::Row;

fees::StoredReceipt read_stored_receipt(Row const& row)
{
    fees::StoredReceipt out{};
    auto& r = out.receipt;
    r.id = row.get<Id<Receipt>>(0);
    r.kind = static_cast<fees::FeeKind>(row.get<std::int16_t>(1));
    r.number = {receipt_form(row.get<std::string_view>(2)), row.get<std::string>(3), row.get<std::int64_t>(4)};
    r.lookup_code = row.get<std::string>(5);
    r.total = row.get<Dong>(6);
    read_printed(r, row.get<Json>(7).text);
    r.state = static_cast<fees::ReceiptState>(row.get<std::int16_t>(8));
    r.issued_at = row.get<Instant>(9);
    r.payments = {row.get<Uuid>(10)};
    out.payment = row.get<Id<qr_pay::PaymentRequest>>(10);
    out.book = ledger::BookId{row.get<std::int64_t>(11)};
    if (auto const transfer = row.get<std::optional<Id<ledger::Transfer>>>(12)) r.booked_as = fees::BookedAs{out.book, *transfer};
    r.entries = read_entries(row.get<Json>(13).text);
    out.agency = row.get<Id<fees::Agency>>(14);
    out.notice = row.get<Id<fees::FeeNotice>>(15);
    r.state_reason = row.get<std::string>(16);
    out.replaced_by = row.get<std::optional<Id<Receipt>>>(17);
    if (auto const number = row.get<std::optional<Json>>(18)) r.replaced_by = read_receipt_number(number->text);
    r.digest = receipt_digest(r);
    return out;
}

Receipt read_receipt(Row const& row) { return read_stored_receipt(row).receipt; }

}  // namespace cho40::stores
