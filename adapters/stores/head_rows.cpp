#include "adapters/stores/head_rows.h"
#include <algorithm>
#include <stdexcept>

namespace cho40::stores {
namespace {

using postgres::Bytea;

template <class Bytes>
Bytes fixed(Bytea const& from)
{
    Bytes out;
    if (from.bytes.size() != out.size()) throw std::logic_error("ledger_head: a column of the wrong length");
    std::ranges::copy(from.bytes, out.begin());
    return out;
}

}  // namespace

ledger::SignedHead read_head(postgres::Row const& row)
{
    ledger::SignedHead head;
    head.book = ledger::BookId{row.get<std::int64_t>(0)};
    head.size = row.get<std::int64_t>(1);
    head.root = row.get<Sha256>(2);
    head.previous = row.get<Sha256>(3);
    head.at = row.get<Instant>(4);
    head.key = fixed<ledger::KeyId>(row.get<Bytea>(5));
    head.signature = fixed<ledger::HeadSignature>(row.get<Bytea>(6));
    return head;
}

}  // namespace cho40::stores
