#include "adapters/rails/rail.h"
#include "adapters/rails/transfer_list.h"
#include "tests/fuzz/rail_checks.h"
#include <cstdint>

// The answer of each provider that has a list. What is read can be booked, and reading comes to an end: the place to go on at is another.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace cho40;
    std::string const body(reinterpret_cast<char const*>(data), size);
    rails::ListWindow const window{Day::from(2026, 11, 22).begin(), Day::from(2026, 11, 22).end()};
    for (auto const* rail : rails::all_rails()) {
        auto const* const list = rail->list();
        if (!list) continue;
        for (std::string const place : {"", "2", "4711"}) {
            auto const page = list->read(body, window, place);
            if (!page) continue;
            for (auto const& transfer : page->transfers) check_bookable(transfer);
            if (page->next && *page->next == place) std::abort();
        }
    }
    return 0;
}
