#include "ledger/transfer.h"

namespace cho40::ledger {
namespace {

template <class Int>
void put(std::string& out, Int value)
{
    char bytes[sizeof(Int)];
    auto const bits = static_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < sizeof(Int); ++i) bytes[i] = static_cast<char>(bits >> (8 * (sizeof(Int) - 1 - i)));
    out.append(bytes, sizeof bytes);
}

void put(std::string& out, Uuid const& id) { out.append(reinterpret_cast<char const*>(id.bytes.data()), id.bytes.size()); }

std::int64_t micros(Instant at) { return static_cast<std::int64_t>(at.time_since_epoch().count()); }

}  // namespace

std::string row_bytes(JournalRow const& row)
{
    std::string out;
    out.reserve(132 + row.transfer.reference.size());
    append_row_bytes(out, row);
    return out;
}

void append_row_bytes(std::string& out, JournalRow const& row)
{
    auto const& t = row.transfer;
    put(out, row.book.value);
    put(out, row.seq);
    put(out, t.id.uuid);
    put(out, static_cast<std::int16_t>(t.kind));
    put(out, t.flags.bits());
    put(out, t.debit.value);
    put(out, t.credit.value);
    put(out, t.amount.count());
    put(out, row.debit_balance.count());
    put(out, row.credit_balance.count());
    put(out, static_cast<std::int32_t>(t.code));
    put(out, micros(t.event_at));
    put(out, micros(row.recorded_at));
    put(out, t.pending.uuid);
    put(out, row.expires_at ? micros(*row.expires_at) : std::int64_t{});
    put(out, static_cast<std::uint32_t>(t.reference.size()));
    out += t.reference;
}

}  // namespace cho40::ledger
