#pragma once
#include "base/time.h"
#include "reconcile/records.h"
#include <string_view>

// Cells of the reconciliation files: read strictly, and written.
namespace cho40::statements {

// Whole đồng: an optional minus and at most 15 digits. Error: invalid_input.
[[nodiscard]] Result<Dong> read_dong(std::string_view text);
// Whole number from 0. Error: invalid_input.
[[nodiscard]] Result<std::int64_t> read_count(std::string_view text);
[[nodiscard]] Result<reconcile::Kind> read_line_kind(std::string_view text);          // PAY, REFUND
[[nodiscard]] Result<reconcile::LineStatus> read_line_status(std::string_view text);  // SUCCESS, FAILED

[[nodiscard]] std::string_view line_kind(reconcile::Kind kind);
[[nodiscard]] std::string_view line_status(reconcile::LineStatus status);

// 2026-11-16T00:12:41Z, with a fraction only where there is one.
[[nodiscard]] std::string utc_text(Instant at);

// Adds "line N" and the field to an error.
[[nodiscard]] Error at_line(Error error, std::size_t line, std::string_view field);

}  // namespace cho40::statements

// target = read, or an error that says line and field.
#define CHO40_FIELD(target, line, field, ...)                                                                                              \
    do {                                                                                                                                   \
        auto field_value = (__VA_ARGS__);                                                                                                  \
        if (!field_value) return fail(at_line(std::move(field_value).error(), line, field));                                               \
        target = *std::move(field_value);                                                                                                  \
    } while (false)
