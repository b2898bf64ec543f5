#include "qr-pay/memo.h"
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace cho40::qr_pay;
    std::string_view const narrative(reinterpret_cast<char const*>(data), size);
    auto const reading = extract_codes(narrative, [](std::string_view code) { return OrderCode::parse(code).has_value(); });
    bool const none = reading.result == MemoResult::none;
    bool const many = reading.result == MemoResult::ambiguous;
    if (none != reading.codes.empty() || many != (reading.codes.size() > 1)) std::abort();

    // Whatever is found must be among the codes a caller would look up.
    auto const candidates = codes_to_look_up(narrative);
    for (auto const& code : reading.codes) {
        bool listed = false;
        for (auto const& candidate : candidates) listed = listed || candidate.text() == code;
        if (!listed) std::abort();
    }
    return 0;
}
