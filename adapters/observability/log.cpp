#include "adapters/observability/log.h"
#include <cmath>
#include <fmt/format.h>
#include <unistd.h>

namespace cho40::observability {
namespace {

std::string_view level_name(Level level)
{
    switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
    }
    return "error";
}

// Length of the well-formed UTF-8 sequence that begins here, 0 when there is none (RFC 3629, table 3-7 of Unicode).
std::size_t sequence_length(std::string_view text)
{
    auto const byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    auto const tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    unsigned const first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return tail(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        if (!tail(1) || !tail(2)) return 0;
        if (first == 0xE0 && byte(1) < 0xA0) return 0;
        if (first == 0xED && byte(1) > 0x9F) return 0;  // surrogates
        return 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        if (!tail(1) || !tail(2) || !tail(3)) return 0;
        if (first == 0xF0 && byte(1) < 0x90) return 0;
        if (first == 0xF4 && byte(1) > 0x8F) return 0;
        return 4;
    }
    return 0;
}

void put_text(std::string& out, std::string_view text)
{
    out += '"';
    while (!text.empty()) {
        char const c = text.front();
        std::size_t length = 1;
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        } else if ((length = sequence_length(text)) > 0) {
            out += text.substr(0, length);
        } else {
            out += "\xEF\xBF\xBD";
            length = 1;
        }
        text.remove_prefix(length);
    }
    out += '"';
}

void put_value(std::string& out, Field const& field)
{
    switch (field.kind) {
    case Field::Kind::text: put_text(out, field.text); break;
    case Field::Kind::whole: fmt::format_to(std::back_inserter(out), "{}", field.whole); break;
    case Field::Kind::truth: out += field.whole != 0 ? "true" : "false"; break;
    case Field::Kind::real:
        if (std::isfinite(field.real)) fmt::format_to(std::back_inserter(out), "{}", field.real);
        else out += "null";  // JSON has no word for it
        break;
    }
}

}  // namespace

Result<Level> parse_level(std::string_view text)
{
    for (auto level : {Level::debug, Level::info, Level::warning, Level::error}) {
        if (text == level_name(level)) return level;
    }
    return fail(Errc::invalid_config, "the log level is one of debug, info, warning, error");
}

Log::Log(Clock const& clock, Level least, Sink sink) : clock_(clock), least_(least), sink_(std::move(sink)) {}

void Log::write(Level level, std::string_view event, std::string_view request_id, std::initializer_list<Field> fields) const
{
    if (!enabled(level)) return;
    std::string line;
    line.reserve(256);
    line += "{\"level\":\"";
    line += level_name(level);
    line += "\",\"time\":\"";
    line += to_rfc3339(clock_.now());
    line += "\",\"event\":";
    put_text(line, event);
    if (!request_id.empty()) {
        line += ",\"request_id\":";
        put_text(line, request_id);
    }
    for (auto const& field : fields) {
        line += ',';
        put_text(line, field.key);
        line += ':';
        put_value(line, field);
    }
    line += "}\n";
    sink_(line);
}

void Log::debug(std::string_view event, std::initializer_list<Field> fields) const { write(Level::debug, event, {}, fields); }
void Log::info(std::string_view event, std::initializer_list<Field> fields) const { write(Level::info, event, {}, fields); }
void Log::warning(std::string_view event, std::initializer_list<Field> fields) const { write(Level::warning, event, {}, fields); }
void Log::error(std::string_view event, std::initializer_list<Field> fields) const { write(Level::error, event, {}, fields); }

Log::Sink to_descriptor(int descriptor)
{
    return [descriptor](std::string_view line) {
        // One write(2) a line keeps lines of several threads whole. When the reader of the pipe is gone the line is lost:
        // a service must not stop because nobody reads its log.
        while (!line.empty()) {
            auto const n = ::write(descriptor, line.data(), line.size());
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return;
            line.remove_prefix(static_cast<std::size_t>(n));
        }
    };
}

}  // namespace cho40::observability
