#include "ledger/chain.h"

namespace cho40::ledger {
namespace {

template <class Int>
void put(std::string& out, Int value)
{
    for (int shift = static_cast<int>(sizeof(Int)) * 8 - 8; shift >= 0; shift -= 8) {
        out += static_cast<char>((static_cast<std::uint64_t>(value) >> shift) & 255);
    }
}

}  // namespace

std::string chain_bytes(JournalRow const& row)
{
    auto const& t = row.transfer;
    std::string out;
    out.reserve(128 + t.reference.size());
    put(out, row.book.value);
    put(out, row.seq);
    out.append(reinterpret_cast<char const*>(t.id.uuid.bytes.data()), t.id.uuid.bytes.size());
    put(out, t.debit.value);
    put(out, t.credit.value);
    put(out, t.amount.count());
    put(out, row.debit_balance.count());
    put(out, row.credit_balance.count());
    put(out, static_cast<std::int32_t>(t.code));
    put(out, static_cast<std::int64_t>(t.event_at.time_since_epoch().count()));
    put(out, static_cast<std::int64_t>(row.recorded_at.time_since_epoch().count()));
    put(out, static_cast<std::uint32_t>(t.reference.size()));
    out += t.reference;
    return out;
}

Sha256 chain_link(Sha256 const& previous, JournalRow const& row)
{
    std::string bytes(reinterpret_cast<char const*>(previous.data()), previous.size());
    bytes += chain_bytes(row);
    return sha256(bytes);
}

}  // namespace cho40::ledger
