#pragma once
#include "base/result.h"
#include <string>
#include <string_view>
#include <tl/expected.hpp>

struct pg_result;
struct pg_conn;

namespace cho40::postgres {

// What an answer of the server means for the caller. The rule is SQLSTATE only, never the text and never the state
// of the connection: a class 08 error can arrive on a healthy connection.
enum class Outcome {
    refused,      // rolled back; the same statement would be refused again (22xxx, 23xxx, own codes)
    retry_now,    // rolled back: serialisation failure or deadlock (40001, 40P01); again at once, same keys
    retry_later,  // rolled back: lock or statement timeout (55P03, 57014); again after a longer pause
    standby,      // nothing happened: this server only reads (25006); connect anew
    no_room,      // nothing happened: out of memory, disk or connections (53xxx); back off
    not_up,       // nothing happened: starting up, shutting down or refused (57P03, no connection)
    unknown,      // committed or not, nobody knows: ask again with the same keys
};

[[nodiscard]] std::string_view outcome_name(Outcome outcome);

struct DbError {
    DbError() = default;
    DbError(Outcome o, std::string state, std::string text) : outcome(o), sqlstate(std::move(state)), message(std::move(text)) {}

    Outcome outcome = Outcome::unknown;
    std::string sqlstate;  // five characters, or empty when the server did not answer
    std::string message;   // for the log only: primary message and statement name, no parameters, no row contents
    bool connection_lost = false;

    [[nodiscard]] bool is_unique_violation() const { return sqlstate == "23505"; }
    // Nothing was written: the same work may be sent again even if it is not idempotent.
    [[nodiscard]] bool nothing_happened() const { return outcome != Outcome::unknown; }
    [[nodiscard]] bool worth_retrying() const { return outcome != Outcome::refused; }
};

template <class T>
using DbResult = tl::expected<T, DbError>;

// The row of the table above for one SQLSTATE.
[[nodiscard]] Outcome classify(std::string_view sqlstate);

// Classes after which every other connection to the same server is suspect as well: 57P, 08, 25006.
[[nodiscard]] bool condemns_server(DbError const& error);

// From a failed result (PGRES_FATAL_ERROR and the like), or from a connection that has gone.
[[nodiscard]] DbError error_of(pg_result const* result, std::string_view statement);
[[nodiscard]] DbError lost_connection(pg_conn const* connection, std::string_view while_doing);

// In the domain's words: 23505 -> stale (somebody was first: read again), other refusals -> internal_error,
// everything that passes by itself -> unavailable. The detail carries the SQLSTATE and never the server's text.
[[nodiscard]] Error to_error(DbError const& error);

// CHO_CO_TRY's sibling for a DbResult inside a function that returns Result.
template <class T>
[[nodiscard]] Result<T> to_result(DbResult<T> result)
{
    if (!result) return tl::unexpected<Error>(to_error(result.error()));
    return *std::move(result);
}

}  // namespace cho40::postgres
