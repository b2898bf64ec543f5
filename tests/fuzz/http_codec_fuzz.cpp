#include "adapters/http/codec.h"
#include <cstdlib>

using namespace cho40::http;
using Stage = RequestDecoder::Stage;

namespace {

struct Seen {
    Stage stage = Stage::head;
    std::string method;
    std::string target;
    std::string body;
    std::size_t fields = 0;
    std::size_t used = 0;

    bool operator==(Seen const&) const = default;
};

// Reads one request out of `bytes`, `step` bytes at a time.
Seen read_request(std::string_view bytes, std::size_t step)
{
    RequestDecoder decoder(HeadLimits{512, 128, 20});
    Seen seen;
    std::string pending;
    std::size_t at = 0;
    while (true) {
        auto const used = decoder.put(pending);
        if (used > pending.size()) std::abort();
        pending.erase(0, used);
        seen.used += used;
        if (decoder.stage() == Stage::head_done) {
            seen.method = decoder.head().method;
            seen.target = decoder.head().target;
            seen.fields = decoder.head().headers.size();
            decoder.begin_body(300);
            continue;
        }
        if (decoder.stage() == Stage::done || decoder.stage() == Stage::failed || at == bytes.size()) break;
        auto const part = bytes.substr(at, step);
        pending += part;
        at += part.size();
    }
    seen.stage = decoder.stage();
    if (seen.stage == Stage::done) seen.body = decoder.body();
    if (seen.body.size() > 300) std::abort();
    return seen;
}

void read_response(std::string_view bytes, std::size_t step, bool head)
{
    ResponseDecoder decoder({512, 300}, head);
    std::string pending;
    for (std::size_t at = 0; at < bytes.size() && !decoder.done(); at += step) {
        pending += bytes.substr(at, step);
        auto const used = decoder.put(pending);
        if (!used) return;
        pending.erase(0, *used);
    }
    if (!decoder.put_end()) return;
    auto const response = decoder.take();
    if (response.body_text().size() > 300) std::abort();
}

}  // namespace

// However the bytes are cut, the same request comes out. Whether it fails early or late may differ; what is accepted not.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const whole = read_request(text, size + 1);
    for (std::size_t step : {1, 3, 7}) {
        auto const pieces = read_request(text, step);
        if ((whole.stage == Stage::done) != (pieces.stage == Stage::done)) std::abort();
        if (whole.stage == Stage::done && whole != pieces) std::abort();
        read_response(text, step, step == 3);
    }
    return 0;
}
