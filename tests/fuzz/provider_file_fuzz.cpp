#include "adapters/statements/provider_file.h"
#include "base/digest.h"
#include <cstdint>
#include <cstdlib>

namespace {

using namespace cho40::statements;

// What was read can be written and reads the same again.
void check(std::string const& bytes)
{
    auto file = read_provider_file(bytes);
    if (!file || !file->created_at) return;
    auto const written = write_provider_pipe(*file);
    if (!written) return;  // sums too large
    auto const again = read_provider_pipe(*written);
    if (!again || again->lines.size() != file->lines.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string const bytes(reinterpret_cast<char const*>(data), size);
    check(bytes);
    // With a hash that fits, so that the lines before it are reached.
    auto const trailer = bytes.rfind("\nT|");
    auto const bar = bytes.rfind('|');
    if (trailer == bytes.npos || bar <= trailer + 2) return 0;
    check(bytes.substr(0, bar + 1) + cho40::to_hex(cho40::sha256(bytes.substr(0, trailer + 1))) + "\n");
    return 0;
}
