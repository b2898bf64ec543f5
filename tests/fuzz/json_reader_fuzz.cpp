#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include <cstdlib>
#include <nlohmann/json.hpp>

using namespace cho40;
using namespace cho40::http;

// Strict parsing never throws, and what it accepts prints to what it accepts again. Reading fields of any document ends in
// values or in errors that point into it.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    if (auto const parsed = parse_json(text)) {
        auto const printed = dump_json(*parsed);
        auto const again = parse_json(printed);
        if (!again || dump_json(*again) != printed) std::abort();
    }
    auto body = JsonBody::parse(text);
    if (!body) return 0;
    auto in = body->root();
    auto const amount = in.money("amount");
    auto const note = in.optional_text("note", {1, 20});
    (void)in.optional_instant("due_at");  // any instant is as good as any other
    in.optional_each("lines", {0, 5}, [](ObjectReader line) {
        auto const count = line.whole("count", {1, 9});
        if (count < 1 || count > 9) std::abort();
    });
    auto const done = body->finish();
    if (done && amount.count() < 1) std::abort();
    if (done && note && note->empty()) std::abort();
    if (!done && done.error().fields.empty()) std::abort();
    return 0;
}
