#include "adapters/statements/camt_bank_day.h"
#include "adapters/statements/camt_reader.h"
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace cho40::statements;
    auto const document = read_camt(std::string_view(reinterpret_cast<char const*>(data), size));
    if (!document) {
        if (!document.error().pointer.starts_with("line ")) std::abort();  // every refusal says where
        return 0;
    }
    if (document->statements.empty()) std::abort();
    auto const day = to_bank_day(*document);
    if (!day) return 0;
    for (auto const& entry : day->entries) {
        if (entry.amount.count() < 0 || (entry.currency != "VND" && !entry.amount.is_zero())) std::abort();
    }
    return 0;
}
