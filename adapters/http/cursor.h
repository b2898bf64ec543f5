#pragma once
#include "adapters/http/message.h"
#include "base/secret.h"
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::http {

// Opaque positions in lists (api-conventions §9.2): the values of the order columns of the last row, signed, tied to the
// filters they were made with, good for 24 hours.
class Cursors {
public:
    Cursors(Secret key, Clock const& clock) : key_(std::move(key)), clock_(clock) {}

    // `position`: texts that the list itself will read again, at most 300 bytes in all.
    [[nodiscard]] std::string write(Request const& request, std::vector<std::string> const& position) const;

    // The position in ?cursor=; empty when there is none.
    // Errors: invalid_cursor (not ours, changed, of another operation, older than 24 hours), cursor_mismatch (made with
    // other filters).
    [[nodiscard]] Result<std::vector<std::string>> read(Request const& request) const;

    static constexpr std::chrono::hours lifetime{24};

private:
    Secret key_;
    Clock const& clock_;
};

// ?limit=: 50 when absent. Error: validation_failed with pointer #query/limit outside 1–200.
[[nodiscard]] Result<int> page_limit(Request const& request);

// Refuses query parameters that are not in `known` (cursor, limit and lang always are).
// Error: validation_failed with unknown_field for each.
[[nodiscard]] Result<Done> only_query(Request const& request, std::initializer_list<std::string_view> known);

// {"has_more", "next", "prev": null}, and the Link header that repeats it.
[[nodiscard]] nlohmann::json page_json(std::optional<std::string> const& next);
void add_next_link(Response& response, Request const& request, std::string const& next);

}  // namespace cho40::http
