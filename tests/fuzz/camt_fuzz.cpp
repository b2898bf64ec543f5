#include "adapters/statements/camt_bank_day.h"
#include <cstdint>
#include <cstdlib>

namespace {

using namespace cho40::statements;

// Whatever is read, the way it is cut must not matter.
cho40::Result<BankDay> read_in_pieces(std::string_view bytes, std::size_t piece)
{
    BankDayBuilder builder;
    CamtReader reader(builder);
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) CHO_TRY_DO(reader.feed(bytes.substr(0, piece)));
    CHO_TRY_DO(reader.finish());
    return std::move(builder.conclude());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    auto const day = read_bank_day(bytes);
    auto const again = read_in_pieces(bytes, 1 + size % 7);
    if (day.has_value() != again.has_value()) std::abort();
    if (!day) {
        if (!day.error().pointer.starts_with("line ")) std::abort();  // every refusal says where
        return 0;
    }
    if (day->statements.empty() || day->entries.size() != again->entries.size()) std::abort();
    for (auto const& entry : day->entries) {
        if (entry.account.empty() || entry.amount.count() < 0) std::abort();
        if (entry.currency != "VND" && !entry.amount.is_zero()) std::abort();
    }
    return 0;
}
