#include "adapters/api/ledger_reads.h"
#include "adapters/http/instants.h"
#include <charconv>

namespace cho40::api {

using http::Request;
using identity::Place;

namespace {

std::optional<std::int64_t> number(std::string_view text)
{
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::int64_t> whole_number(std::string_view text)
{
    auto const value = number(text);
    return value && *value >= 0 ? value : std::nullopt;
}

}  // namespace

boost::asio::awaitable<Result<AdmittedReader>> admit_reader(LedgerReadsContext& context, Request const& request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    auto const value = whole_number(request.path_value("book"));
    if (!value) co_return fail(Errc::not_found, "no such book");
    CHO_CO_TRY(auto book, co_await context.books.find(ledger::BookId{*value}));
    auto const place = book.market ? Place::market_of(*book.market) : book.agency ? Place::agency(*book.agency) : Place::province();
    auto const allowed = identity::may_act_for(principal, place);
    if (!allowed || !identity::may_look_at(principal, book.owner)) co_return fail(Errc::not_found, "no such book");
    co_return AdmittedReader{std::move(principal), std::move(book)};
}

Result<ledger::AccountNumber> account_in_path(Request const& request)
{
    auto const value = number(request.path_value("number"));  // below zero: a transit account
    if (value) return ledger::AccountNumber{*value};
    Error refused(Errc::validation_failed, "a part of the path is not understood");
    refused.fields.push_back(
        FieldError{"#path/number", Errc::wrong_type, "an account's number in decimal digits", "Số tài khoản trong sổ.", {}});
    return fail(std::move(refused));
}

Error wrong_query(std::string_view name, Errc code, std::string detail, std::string detail_vi)
{
    Error refused(Errc::validation_failed, "a member of the query is not understood");
    refused.fields.push_back(FieldError{"#query/" + std::string(name), code, std::move(detail), std::move(detail_vi), {}});
    return refused;
}

Result<std::optional<Instant>> instant_in_query(Request const& request, std::string_view name)
{
    auto const text = request.query_value(name);
    if (!text) return std::optional<Instant>();
    auto const instant = http::parse_exact_instant(*text);
    if (instant) return std::optional<Instant>(*instant);
    return fail(wrong_query(name, Errc::invalid_format, "RFC 3339 and no finer than microseconds, for example 2026-11-22T03:15:30.120456Z",
                            "Thời điểm theo RFC 3339, mịn nhất đến micrô giây."));
}

Result<ledger::TimeAxis> axis_in_query(Request const& request)
{
    auto const by = request.query_value("by").value_or("recorded");
    if (by == "recorded") return ledger::TimeAxis::recorded;
    if (by == "event") return ledger::TimeAxis::event;
    return fail(wrong_query("by", Errc::unknown_value, "recorded or event", "recorded hoặc event."));
}

Result<Done> needs_time(Request const& request, bool named, std::string_view name)
{
    if (named || !request.query_value("by")) return Done{};
    return fail(wrong_query("by", Errc::invalid_input, "only together with `" + std::string(name) + "`",
                            "Chỉ dùng cùng với `" + std::string(name) + "`."));
}

Result<std::optional<std::int64_t>> number_in_cursor(LedgerReadsContext& context, Request const& request)
{
    CHO_TRY(auto const position, context.cursors.read(request));
    if (position.empty()) return std::optional<std::int64_t>();
    auto const last = number(position.front());
    if (!last) return fail(Errc::invalid_cursor, "this cursor was not made here", "#query/cursor");
    return last;
}

void add_ledger_read_routes(http::Router& router, LedgerReadsContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(get, "/v1/ledger/books", "ledger_books.list", with(list_ledger_books));
    router.add(get, "/v1/ledger/books/{book}", "ledger_books.read", with(read_ledger_book));
    router.add(get, "/v1/ledger/books/{book}/accounts", "ledger_accounts.list", with(list_ledger_accounts));
    router.add(get, "/v1/ledger/books/{book}/accounts/{number}", "ledger_accounts.read", with(read_ledger_account));
    router.add(get, "/v1/ledger/books/{book}/accounts/{number}/entries", "ledger_accounts.entries", with(list_ledger_entries));
    router.add(get, "/v1/ledger/books/{book}/accounts/{number}/statement", "ledger_accounts.statement", with(read_ledger_statement));
    router.add(get, "/v1/ledger/books/{book}/transfers", "ledger_transfers.list", with(list_ledger_transfers));
    router.add(get, "/v1/ledger/books/{book}/transfers/{transfer}", "ledger_transfers.read", with(read_ledger_transfer));
    router.add(get, "/v1/ledger/books/{book}/holds", "ledger_holds.list", with(list_ledger_holds));
    router.add(get, "/v1/ledger/books/{book}/journal", "ledger_journal.list", with(read_ledger_journal));
}

}  // namespace cho40::api
