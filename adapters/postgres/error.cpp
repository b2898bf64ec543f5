#include "adapters/postgres/error.h"
#include <fmt/format.h>
#include <libpq-fe.h>

namespace cho40::postgres {

std::string_view outcome_name(Outcome outcome)
{
    switch (outcome) {
    case Outcome::refused: return "refused";
    case Outcome::retry_now: return "retry_now";
    case Outcome::retry_later: return "retry_later";
    case Outcome::standby: return "standby";
    case Outcome::no_room: return "no_room";
    case Outcome::not_up: return "not_up";
    case Outcome::unknown: return "unknown";
    }
    return "unknown";
}

Outcome classify(std::string_view sqlstate)
{
    auto const starts = [&](std::string_view prefix) { return sqlstate.starts_with(prefix); };
    if (sqlstate.empty()) return Outcome::unknown;
    if (sqlstate == "40001" || sqlstate == "40P01") return Outcome::retry_now;
    if (sqlstate == "40003") return Outcome::unknown;
    if (sqlstate == "55P03" || sqlstate == "57014") return Outcome::retry_later;
    if (sqlstate == "25006") return Outcome::standby;
    if (sqlstate == "57P03") return Outcome::not_up;
    if (starts("53")) return Outcome::no_room;
    if (starts("57P") || starts("08")) return Outcome::unknown;
    return Outcome::refused;
}

bool condemns_server(DbError const& error)
{
    return error.sqlstate.starts_with("57P") || error.sqlstate.starts_with("08") || error.sqlstate == "25006";
}

DbError error_of(pg_result const* result, std::string_view statement)
{
    auto const* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    auto const* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    std::string sqlstate = state ? state : "";
    // DETAIL is left out: for 23505 and 23514 it repeats the row, and rows hold names and account numbers.
    auto message = fmt::format("{}: {}", statement, primary ? primary : "no message");
    auto const outcome = classify(sqlstate);
    DbError error(outcome, std::move(sqlstate), std::move(message));
    error.connection_lost = error.sqlstate.empty();
    return error;
}

DbError lost_connection(pg_conn const* connection, std::string_view while_doing)
{
    std::string_view text = connection ? PQerrorMessage(connection) : "";
    if (auto const end = text.find('\n'); end != std::string_view::npos) text = text.substr(0, end);
    DbError error(Outcome::unknown, "", fmt::format("{}: connection lost: {}", while_doing, text));
    error.connection_lost = true;
    return error;
}

Error to_error(DbError const& error)
{
    auto const state = error.sqlstate.empty() ? std::string("no answer") : error.sqlstate;
    if (error.outcome != Outcome::refused)
        return Error(Errc::unavailable, fmt::format("the database cannot answer now ({}, {})", outcome_name(error.outcome), state));
    if (error.is_unique_violation()) return Error(Errc::stale, "somebody else was first; read again");
    return Error(Errc::internal_error, fmt::format("the database refused ({})", state));
}

}  // namespace cho40::postgres
