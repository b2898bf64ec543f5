#include "adapters/stores/journal_rows.h"

namespace cho40::stores {

ledger::JournalRow read_journal_row(postgres::Row const& row)
{
    ledger::JournalRow out;
    auto& t = out.transfer;
    out.book = ledger::BookId{row.get<std::int64_t>(0)};
    out.seq = row.get<std::int64_t>(1);
    t.id = row.get<Id<ledger::Transfer>>(2);
    t.debit = ledger::AccountNumber{row.get<std::int64_t>(3)};
    t.credit = ledger::AccountNumber{row.get<std::int64_t>(4)};
    t.amount = row.get<Dong>(5);
    out.debit_balance = row.get<Dong>(6);
    out.credit_balance = row.get<Dong>(7);
    t.event_at = row.get<Instant>(8);
    out.recorded_at = row.get<Instant>(9);
    t.code = static_cast<ledger::TransferCode>(row.get<std::int32_t>(10));
    t.kind = static_cast<ledger::TransferKind>(row.get<std::int16_t>(11));
    t.flags = ledger::TransferFlags::from_bits(row.get<std::int16_t>(12));
    t.reference = row.get<std::string>(13);
    t.pending = row.get<std::optional<Id<ledger::Transfer>>>(14).value_or(Id<ledger::Transfer>());
    out.expires_at = row.get<std::optional<Instant>>(15);
    if (out.expires_at) t.timeout = std::chrono::duration_cast<std::chrono::seconds>(*out.expires_at - out.recorded_at);
    return out;
}

}  // namespace cho40::stores
