#include "adapters/statements/fields.h"
#include <charconv>

namespace cho40::statements {
namespace {

std::string shown(std::string_view text) { return "\"" + std::string(text.substr(0, 40)) + "\""; }

}  // namespace

Result<Dong> read_dong(std::string_view text)
{
    auto const digits = text.starts_with('-') ? text.substr(1) : text;
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || digits.size() > 15 || digits.front() == '-' || error != std::errc() || end != digits.data() + digits.size()) {
        return fail(Errc::invalid_input, "not whole dong: " + shown(text));
    }
    return Dong(text.starts_with('-') ? -value : value);
}

Result<std::int64_t> read_count(std::string_view text)
{
    CHO_TRY(auto const value, read_dong(text));
    if (value.count() < 0) return fail(Errc::invalid_input, "not a number from 0: " + shown(text));
    return value.count();
}

Result<reconcile::Kind> read_line_kind(std::string_view text)
{
    if (text == "PAY") return reconcile::Kind::payment;
    if (text == "REFUND") return reconcile::Kind::refund;
    return fail(Errc::invalid_input, "the type must be PAY or REFUND, not " + shown(text));
}

Result<reconcile::LineStatus> read_line_status(std::string_view text)
{
    if (text == "SUCCESS") return reconcile::LineStatus::success;
    if (text == "FAILED") return reconcile::LineStatus::failed;
    return fail(Errc::invalid_input, "the status must be SUCCESS or FAILED, not " + shown(text));
}

std::string_view line_kind(reconcile::Kind kind) { return kind == reconcile::Kind::payment ? "PAY" : "REFUND"; }
std::string_view line_status(reconcile::LineStatus status) { return status == reconcile::LineStatus::success ? "SUCCESS" : "FAILED"; }

std::string utc_text(Instant at)
{
    auto text = to_rfc3339_micro(at);
    if (auto const zero = text.find(".000000Z"); zero != text.npos) text.replace(zero, std::string::npos, "Z");
    return text;
}

Error at_line(Error error, std::size_t line, std::string_view field)
{
    error.pointer = "line " + std::to_string(line);
    error.detail = std::string(field) + ": " + error.detail;
    return error;
}

}  // namespace cho40::statements
