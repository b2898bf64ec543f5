#include "adapters/http/idempotency.h"
#include "adapters/http/percent.h"
#include <algorithm>

namespace cho40::http {

Result<std::string> idempotency_key(Request const& request)
{
    constexpr auto pointer = "#header/Idempotency-Key";
    auto const times = request.headers.count("Idempotency-Key");
    if (times == 0) {
        return fail(Error(Errc::missing_idempotency_key, "send an Idempotency-Key of 16 to 64 characters", pointer)
                        .vi("Thiếu Idempotency-Key (16 đến 64 ký tự)."));
    }
    auto key = request.headers.get("Idempotency-Key");
    if (key.size() >= 2 && key.front() == '"' && key.back() == '"') key = key.substr(1, key.size() - 2);
    bool const letters = std::ranges::all_of(
        key, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; });
    if (times != 1 || key.size() < 16 || key.size() > 64 || !letters) {
        return fail(Error(Errc::invalid_input, "Idempotency-Key must be sent once: 16 to 64 of A-Z a-z 0-9 _ -", pointer)
                        .vi("Idempotency-Key phải gửi một lần: 16 đến 64 ký tự A-Z a-z 0-9 _ -."));
    }
    return std::string(key);
}

Sha256 request_fingerprint(Request const& request)
{
    auto parameters = request.query;
    std::ranges::sort(parameters,
                      [](Parameter const& a, Parameter const& b) { return a.name != b.name ? a.name < b.name : a.value < b.value; });
    std::string query;
    for (auto const& parameter : parameters) { query += percent_encode(parameter.name) + '=' + percent_encode(parameter.value) + '&'; }
    std::string text;
    text.reserve(request.body.size() + query.size() + request.path.size() + 64);
    for (std::string_view part :
         {std::string_view(request.method_text), std::string_view(request.path), std::string_view(query), std::string_view(request.body)}) {
        text += std::to_string(part.size());
        text += ':';
        text += part;
    }
    return sha256(text);
}

}  // namespace cho40::http
