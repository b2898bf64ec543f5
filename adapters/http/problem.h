#pragma once
#include "adapters/http/message.h"
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cho40::http {

enum class Retry { do_not_retry, retry_same_key, retry_after, fix_and_retry };

[[nodiscard]] std::string_view retry_name(Retry retry);

// What a code means on the wire.
struct Problem {
    Errc code;
    int status;
    Retry retry;
    int after_seconds;  // > 0 exactly when Retry-After is sent
    std::string_view title_vi;
    std::string_view title_en;
};

[[nodiscard]] Problem const& problem_of(Errc code);
[[nodiscard]] std::span<Problem const> all_problems();  // in the order of CHO40_ERROR_CODES: for docs and tests

struct ProblemContext {
    std::string instance;    // path of the request
    std::string request_id;
    Language language = Language::vi;
    std::optional<int> after_seconds = {};  // replaces the row's, for example the rest of a rate-limit window
    std::optional<std::int64_t> current_version = {};  // for version_mismatch
};

// application/problem+json as api-conventions §6: type, title, status, detail, instance, code, request_id, retry,
// errors[]; Content-Language; Retry-After where due.
[[nodiscard]] Response problem_response(Error const& error, ProblemContext const& context);
[[nodiscard]] Response problem_response(Error const& error, Request const& request);

// The address before the code in `type`.
inline constexpr std::string_view problem_type_base = "https://docs.cho40.example/problems/";

}  // namespace cho40::http
