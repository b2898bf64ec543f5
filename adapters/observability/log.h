#pragma once
#include "base/result.h"
#include "base/time.h"
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

namespace cho40::observability {

enum class Level { debug, info, warning, error };

// "debug", "info", "warning", "error". Error: invalid_config.
[[nodiscard]] Result<Level> parse_level(std::string_view text);

// One named value of a log line. Views are read before write() returns, never kept. Never put personal data, account
// numbers or secrets into one: ids, codes, counts and durations only.
struct Field {
    enum class Kind { text, whole, real, truth };

    Field(std::string_view k, std::string_view v) : key(k), kind(Kind::text), text(v) {}
    Field(std::string_view k, std::string const& v) : key(k), kind(Kind::text), text(v) {}
    Field(std::string_view k, char const* v) : key(k), kind(Kind::text), text(v) {}
    Field(std::string_view k, bool v) : key(k), kind(Kind::truth), whole(v ? 1 : 0) {}
    Field(std::string_view k, std::integral auto v) : key(k), kind(Kind::whole), whole(static_cast<std::int64_t>(v)) {}
    Field(std::string_view k, std::floating_point auto v) : key(k), kind(Kind::real), real(static_cast<double>(v)) {}

    std::string_view key;
    Kind kind;
    std::string_view text;
    std::int64_t whole = 0;
    double real = 0;
};

// Structured log: one JSON object a line with "level", "time" (UTC, milliseconds), "event" (a name such as
// "http.request", not a sentence), "request_id" where there is one, then the fields in the order given. Bytes that are
// not UTF-8 come out as U+FFFD. One loop on one thread writes; the pool may write too (a line is one write(2)).
class Log {
public:
    using Sink = std::function<void(std::string_view line)>;  // gets the line with its '\n'

    Log(Clock const& clock, Level least, Sink sink);

    [[nodiscard]] bool enabled(Level level) const { return level >= least_; }
    void write(Level level, std::string_view event, std::string_view request_id, std::initializer_list<Field> fields) const;

    void debug(std::string_view event, std::initializer_list<Field> fields = {}) const;
    void info(std::string_view event, std::initializer_list<Field> fields = {}) const;
    void warning(std::string_view event, std::initializer_list<Field> fields = {}) const;
    void error(std::string_view event, std::initializer_list<Field> fields = {}) const;

private:
    Clock const& clock_;
    Level least_;
    Sink sink_;
};

// Writes each line to a file descriptor (usually 2) at once; a line that cannot be written is dropped.
[[nodiscard]] Log::Sink to_descriptor(int descriptor);

}  // namespace cho40::observability
