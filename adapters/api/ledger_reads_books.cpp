#include "adapters/api/ledger_reads.h"
#include "adapters/api/ledger_reads_json.h"
#include "adapters/api/lists.h"
#include "adapters/api/resource_json.h"
#include "adapters/http/json_writer.h"
#include <limits>
#include <nlohmann/json.hpp>

// Which books there are, and which accounts in one.
namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using nlohmann::json;

std::string_view kind_name(ledger::BookKind kind)
{
    switch (kind) {
    case ledger::BookKind::market: return "market";
    case ledger::BookKind::agency: return "agency";
    case ledger::BookKind::general: return "general";
    }
    return "";
}

// Which books of the general kind the principal may look at; nothing: none, as its key or role is for one place.
std::optional<stores::BookReach> reach_of(identity::Principal const& principal)
{
    if (!identity::may_act_for(principal, identity::Place::province())) return std::nullopt;
    if (principal.has_role(identity::Role::operator_)) return stores::BookReach{};
    return stores::BookReach{principal.owner};
}

}  // namespace

json ledger_book_json(stores::BookOwner const& book)
{
    json view = {{"book", std::to_string(book.book.value)},
                 {"name", book.name},
                 {"kind", kind_name(book.kind)},
                 {"closed_before", http::exact_instant_json(book.closed_before)}};
    stamp(view, "ledger_book", 1, book.created_at, book.created_at);
    view["created_at"] = view["updated_at"] = http::exact_instant_json(book.created_at);
    return view;
}

Answering list_ledger_books(LedgerReadsContext& context, Request request)
{
    CHO_CO_TRY(auto const principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {}));
    CHO_CO_TRY(auto const limit, http::page_limit(request));
    CHO_CO_TRY(auto const after, number_in_cursor(context, request));
    std::vector<stores::BookOwner> books;
    if (auto const reach = reach_of(principal)) {
        CHO_CO_TRY(books, co_await context.books.list(*reach, ledger::BookId{after.value_or(0)}, static_cast<std::size_t>(limit) + 1));
    }
    std::optional<std::string> next;
    if (cut_to(books, limit)) next = context.cursors.write(request, {std::to_string(books.back().book.value)});
    json data = json::array();
    for (auto const& book : books) data.push_back(ledger_book_json(book));
    WhyEmpty const why{"no_book_yet", "Chưa có sổ riêng nào.", "No books of your own yet."};
    co_return list_response(request, std::move(data), next, context.clock.now(), why);
}

Answering read_ledger_book(LedgerReadsContext& context, Request request)
{
    CHO_CO_TRY(auto const reader, co_await admit_reader(context, request));
    CHO_CO_TRY_DO(http::only_query(request, {}));
    co_return Response::json(ledger_book_json(reader.book));
}

Answering list_ledger_accounts(LedgerReadsContext& context, Request request)
{
    CHO_CO_TRY(auto const reader, co_await admit_reader(context, request));
    CHO_CO_TRY_DO(http::only_query(request, {}));
    CHO_CO_TRY(auto const limit, http::page_limit(request));
    CHO_CO_TRY(auto const after, number_in_cursor(context, request));
    auto const book = reader.book.book;
    CHO_CO_TRY(auto accounts,
               co_await context.ledger.accounts(book, ledger::AccountNumber{after.value_or(std::numeric_limits<std::int64_t>::min())},
                                                static_cast<std::size_t>(limit) + 1));
    std::optional<std::string> next;
    if (cut_to(accounts, limit)) next = context.cursors.write(request, {std::to_string(accounts.back().account.number.value)});
    json data = json::array();
    for (auto const& account : accounts) data.push_back(ledger_account_json(book, account));
    WhyEmpty const why{"no_account_yet", "Sổ chưa có tài khoản nào.", "The book has no accounts yet."};
    co_return list_response(request, std::move(data), next, context.clock.now(), why);
}

}  // namespace cho40::api
