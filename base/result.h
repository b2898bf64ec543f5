#pragma once
#include "base/errc.h"
#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace cho40 {

// What is wrong with one member of a request, found with a JSON Pointer.
struct FieldError {
    std::string pointer;
    Errc code;
    std::string detail;                     // English
    std::string detail_vi = {};             // Vietnamese; where empty the code's Vietnamese title is shown
    std::optional<std::int64_t> limit = {};  // the bound that was passed, where there is one
};

// Something the caller or the outside world did. The detail says what is wrong, where, and what to do; it never
// carries secrets or another person's data.
struct Error {
    Error(Errc c, std::string d, std::string p = {}) : code(c), detail(std::move(d)), pointer(std::move(p)) {}

    Errc code;
    std::string detail;              // English
    std::string pointer;             // JSON Pointer into the request, line number, or empty
    std::string detail_vi;           // Vietnamese; where empty the page shows the code's Vietnamese title
    std::vector<FieldError> fields;  // all fields that are wrong, where there are several

    [[nodiscard]] Error vi(std::string text) &&
    {
        detail_vi = std::move(text);
        return std::move(*this);
    }
};

template <class T>
using Result = tl::expected<T, Error>;

// The value of an operation that has none: Result<Done>.
struct Done {
    friend constexpr bool operator==(Done, Done) = default;
};

[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string detail, std::string pointer = {})
{
    return tl::unexpected<Error>(Error(code, std::move(detail), std::move(pointer)));
}

[[nodiscard]] inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace cho40

#define CHO_CONCAT_(a, b) a##b
#define CHO_CONCAT(a, b) CHO_CONCAT_(a, b)
#define CHO_TRY_IMPL_(ret, tmp, target, ...)                                                                                               \
    auto tmp = (__VA_ARGS__);                                                                                                              \
    if (!tmp) ret ::tl::unexpected<::cho40::Error>(std::move(tmp).error());                                                                \
    target = *std::move(tmp)

// Unwraps a Result or hands its error up: CHO_TRY(auto total, sum(postings));
#define CHO_TRY(target, ...) CHO_TRY_IMPL_(return, CHO_CONCAT(cho_result_, __LINE__), target, __VA_ARGS__)
#define CHO_CO_TRY(target, ...) CHO_TRY_IMPL_(co_return, CHO_CONCAT(cho_result_, __LINE__), target, __VA_ARGS__)

#define CHO_TRY_VOID_IMPL_(ret, tmp, ...)                                                                                                  \
    if (auto tmp = (__VA_ARGS__); !tmp) ret ::tl::unexpected<::cho40::Error>(std::move(tmp).error())

// The same for a Result<Done> whose value nobody needs.
#define CHO_TRY_DO(...) CHO_TRY_VOID_IMPL_(return, CHO_CONCAT(cho_result_, __LINE__), __VA_ARGS__)
#define CHO_CO_TRY_DO(...) CHO_TRY_VOID_IMPL_(co_return, CHO_CONCAT(cho_result_, __LINE__), __VA_ARGS__)
