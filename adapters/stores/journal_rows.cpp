#include "adapters/stores/journal_rows.h"

namespace cho40::stores {

ledger::JournalRow read_journal_row(postgres::Row const& row)
{
    using ledger::AccountNumber;
    ledger::JournalRow out;
    out.book = ledger::BookId{row.get<std::int64_t>(0)};
    out.seq = row.get<std::int64_t>(1);
    auto& t = out.transfer;
    t.id = Id<ledger::Transfer>(row.get<Uuid>(2));
    t.debit = AccountNumber{row.get<std::int64_t>(3)};
    t.credit = AccountNumber{row.get<std::int64_t>(4)};
    t.amount = row.get<Dong>(5);
    out.debit_balance = row.get<Dong>(6);
    out.credit_balance = row.get<Dong>(7);
    t.event_at = row.get<Instant>(8);
    out.recorded_at = row.get<Instant>(9);
    t.code = static_cast<ledger::TransferCode>(row.get<std::int16_t>(10));
    auto const kind = row.get<std::int16_t>(11);
    t.kind = static_cast<ledger::TransferKind>(kind & 15);
    t.flags = ledger::TransferFlags::from_bits(static_cast<std::int16_t>(kind >> 4));
    t.reference = row.get<std::string>(12);
    if (auto const pending = row.get<std::optional<Uuid>>(13)) t.pending = Id<ledger::Transfer>(*pending);
    out.expires_at = row.get<std::optional<Instant>>(14);
    if (out.expires_at) t.timeout = std::chrono::duration_cast<std::chrono::seconds>(*out.expires_at - out.recorded_at);
    return out;
}

std::int16_t kind_column(ledger::Transfer const& transfer)
{
    return static_cast<std::int16_t>(static_cast<int>(transfer.kind) | transfer.flags.bits() << 4);
}

void add_journal_row(postgres::CopyRows& rows, ledger::JournalRow const& row, std::int16_t part)
{
    auto const& t = row.transfer;
    rows.begin_row();
    rows.add(row.book.value);
    rows.add(row.seq);
    rows.add(t.id.uuid);
    rows.add(t.debit.value);
    rows.add(t.credit.value);
    rows.add(t.amount);
    rows.add(row.debit_balance);
    rows.add(row.credit_balance);
    rows.add(t.event_at);
    rows.add(row.recorded_at);
    rows.add(part);
    rows.add(static_cast<std::int16_t>(t.code));
    rows.add(kind_column(t));
    rows.add(std::string_view(t.reference));
    if (t.pending.is_nil()) rows.null();
    else rows.add(t.pending.uuid);
    rows.add(row.expires_at);
}

}  // namespace cho40::stores
