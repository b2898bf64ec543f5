#include "adapters/api/transfer_reader.h"
#include "adapters/http/json_reader.h"
#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

using namespace cho40;
using namespace cho40::api;

namespace {

// What the ledger may be handed without asking again.
void check(TransferLine const& line)
{
    if (!line.faults.empty()) return;
    auto const& t = line.transfer;
    if (t.id.is_nil() || t.amount < Dong() || t.debit.value < 0 || t.credit.value < 0) std::abort();
    if (t.timeout.count() < 0 || t.reference.size() > 64 * 4) std::abort();
    if (t.kind == ledger::TransferKind::expire) std::abort();
    bool const ends = ledger::ends_pending(t.kind);
    if (ends == t.pending.is_nil()) std::abort();
    if (!ends && (t.code < ledger::TransferCode{general_code_min} || t.code > ledger::TransferCode{general_code_max})) std::abort();
}

}  // namespace

// The quick reader of transfers: it never changes what it reads, takes nothing that is not JSON to the strict reader, and what it
// passes on is within the bounds it promises.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static SystemClock const clock;
    static TransferReader reader(clock);
    std::string const text(reinterpret_cast<char const*>(data), size);
    auto body = text;
    if (auto const one = reader.read_one(body)) {
        if (!http::parse_json(text) || !one->line.faults.empty() || one->book.value <= 0) std::abort();
        check(one->line);
    }
    if (body != text) std::abort();
    if (auto const bulk = reader.read_bulk(body)) {
        // A member that stands twice is a fault of its line, and of the whole to the strict reader.
        bool const clean = std::ranges::all_of(bulk->lines, [](TransferLine const& line) { return line.faults.empty(); });
        if ((clean && !http::parse_json(text)) || bulk->lines.empty() || bulk->lines.size() > ledger_lines_max) std::abort();
        for (auto const& line : bulk->lines) check(line);
    }
    if (body != text) std::abort();
    return 0;
}
