#include "adapters/api/ledger_reads_json.h"
#include "adapters/api/posting.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "adapters/http/problem.h"
#include "merchants/records.h"
#include "merchants/register.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using nlohmann::json;

constexpr http::WholeRange account_numbers{1, whole_max};
// An account begins at 0, which lies within its limits: a floor is at most 0, a ceiling at least.
constexpr http::WholeRange floors{-whole_max, 0};
constexpr http::WholeRange ceilings{0, whole_max};

boost::asio::awaitable<Result<ledger::BookId>> book_in_path(PostingContext& context, identity::Principal const& principal,
                                                            Request const& request)
{
    CHO_CO_TRY(auto const book, parse_book(request.path_value("book")));
    CHO_CO_TRY_DO(co_await check_general(context, principal, book));
    co_return book;
}

Answering create_book(PostingContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    if (!identity::may_act_for(principal, identity::Place::province())) {
        co_return fail(Error(Errc::forbidden,
                             "this key or role is for one place, whose book the product keeps; books of one's own are made "
                             "with a key that is bound to no place")
                           .vi("Khoá hoặc vai trò này gắn với một nơi; sổ riêng được lập bằng khoá không gắn với nơi nào."));
    }
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto const name = body.root().text("name", {1, 120});
    CHO_CO_TRY_DO(body.finish());
    auto const book = merchants::draw_book(context.random);
    auto const owner = principal.owner;
    identity::Idempotency::Work work = [&context, book, name, owner](identity::Ticket ticket) -> Answering {
        auto const now = context.clock.now();
        stores::BookOwner made;
        made.book = book;
        made.name = name;
        made.created_at = now;
        auto const view = ledger_book_json(made);
        ticket.audit_details(http::dump_json({{"book", std::to_string(book.value)}}));
        ledger::Command command(book);
        command.guards.push_back(ticket.guard());
        command.rows = ticket.rows(identity::Answer(201, http::dump_json(view), {}));
        command.rows.push_back(std::make_shared<merchants::NewBook>(book, ledger::BookKind::general, name, owner, now));
        CHO_CO_TRY_DO(co_await context.ledger.submit(std::move(command)));
        co_return ticket.response();
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), book, std::move(work));
}

std::vector<ledger::Account> read_accounts(http::ObjectReader in)
{
    std::vector<ledger::Account> accounts;
    in.each("accounts", {1, ledger_lines_max}, [&accounts](http::ObjectReader line) {
        ledger::Account account;
        account.number.value = line.whole("number", account_numbers);
        account.limits.floor = line.optional_dong("floor", floors);
        account.limits.ceiling = line.optional_dong("ceiling", ceilings);
        accounts.push_back(account);
    });
    return accounts;
}

// Which of its limits an account that is open already differs in, "/floor".
std::string differing_limit(ledger::Limits const& asked, ledger::Limits const& stands)
{
    return asked.floor != stands.floor ? "/floor" : asked.ceiling != stands.ceiling ? "/ceiling" : "";
}

json account_result(ledger::Account const& account, Result<ledger::Receipt> const& result, std::string const& field,
                    http::Language language)
{
    json line = {{"number", account.number.value}, {"status", result ? "open" : "refused"}};
    if (result) return line;
    auto const& error = result.error();
    auto const& problem = http::problem_of(error.code);
    line["code"] = errc_name(problem.code);
    line["detail"] = language == http::Language::en ? error.detail
                     : error.detail_vi.empty()      ? std::string(problem.title_vi)
                                                    : error.detail_vi;
    line["field"] = field;
    return line;
}

// With what those accounts were opened that are refused for being open with other limits.
boost::asio::awaitable<Result<stores::BookStore::LimitsOf>> limits_that_stand(PostingContext& context, ledger::BookId book,
                                                                              std::vector<ledger::Account> const& accounts,
                                                                              std::vector<Result<ledger::Receipt>> const& results)
{
    std::vector<std::int64_t> differing;
    for (std::size_t i = 0; i < accounts.size(); ++i) {
        if (!results[i + 1] && results[i + 1].error().code == Errc::transfer_differs) differing.push_back(accounts[i].number.value);
    }
    if (differing.empty()) co_return stores::BookStore::LimitsOf();
    co_return co_await context.books.limits(book, std::move(differing));
}

// Opening an account that is open with the same limits changes nothing, so the request needs no key to be repeated.
Answering open_accounts(PostingContext& context, Request request)
{
    CHO_CO_TRY(auto const principal, co_await admit_writer(context, request));
    CHO_CO_TRY(auto const book, co_await book_in_path(context, principal, request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto const accounts = read_accounts(body.root());
    CHO_CO_TRY_DO(body.finish());

    // What was asked is on record before the first account is opened; each account then stands or falls by itself.
    std::vector<ledger::Command> commands(1, ledger::Command(book));
    json const details = {{"book", std::to_string(book.value)},
                          {"count", accounts.size()},
                          {"first", accounts.front().number.value},
                          {"last", accounts.back().number.value}};
    commands[0].rows.push_back(context.audit.done(book, principal, request, {}, http::dump_json(details)));
    for (auto const& account : accounts) commands.emplace_back(book).open.push_back(account);
    auto const results = co_await context.ledger.submit_all(std::move(commands));

    for (auto const& result : results) {
        if (!result && http::problem_of(result.error().code).status == 503) co_return tl::unexpected<Error>(result.error());
    }
    CHO_CO_TRY(auto const stand, co_await limits_that_stand(context, book, accounts, results));
    json lines = json::array();
    for (std::size_t i = 0; i < accounts.size(); ++i) {
        auto const& account = accounts[i];
        auto const found = stand.find(account.number.value);
        auto const limit = found == stand.end() ? std::string() : differing_limit(account.limits, found->second);
        lines.push_back(account_result(account, results[i + 1], "/accounts/" + std::to_string(i) + limit, request.language));
    }
    co_return Response::json({{"results", std::move(lines)}});
}

Answering close_period(PostingContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await admit_writer(context, request));
    CHO_CO_TRY(auto const book, co_await book_in_path(context, principal, request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto const before = body.root().instant("closed_before");
    CHO_CO_TRY_DO(body.finish());
    identity::Idempotency::Work work = [&context, book, before](identity::Ticket ticket) -> Answering {
        json const view = {{"book", std::to_string(book.value)}, {"closed_before", http::exact_instant_json(before)}};
        ticket.audit_details(http::dump_json(view));
        ledger::Command command(book);
        command.close_before = before;
        command.guards.push_back(ticket.guard());
        command.rows = ticket.rows(identity::Answer(200, http::dump_json(view), {}));
        auto closed = co_await context.ledger.submit(std::move(command));
        if (!closed) {
            auto& error = closed.error();
            if (error.code == Errc::period_closed || error.code == Errc::period_not_open) {
                error.pointer = "/closed_before";
                error.detail_vi = error.code == Errc::period_closed ? "Kỳ đã khoá không mở lại." : "Chỉ khoá được kỳ đã kết thúc.";
            }
            co_return tl::unexpected<Error>(std::move(error));
        }
        co_return ticket.response();
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), book, std::move(work));
}

}  // namespace

boost::asio::awaitable<Result<identity::Principal>> admit_writer(PostingContext& context, Request const& request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(identity::may_act_for(principal, identity::Place::province()));
    co_return principal;
}

boost::asio::awaitable<Result<Done>> check_general(PostingContext& context, identity::Principal principal, ledger::BookId book)
{
    CHO_CO_TRY(auto const facts, co_await context.books.find(book));
    auto const no_such_book = [] { return fail(Error(Errc::not_found, "there is no such book").vi("Không có sổ này.")); };
    if (!facts) co_return no_such_book();
    if (facts->kind != ledger::BookKind::general) {
        co_return fail(Error(Errc::forbidden, "the book of a market or an agency is posted to by payments, fees and their like only; "
                                              "make a book of your own for other transfers")
                           .vi("Sổ của chợ và cơ quan chỉ được ghi bởi nghiệp vụ của hệ thống; hãy lập sổ riêng cho bút toán khác."));
    }
    if (!identity::is_owner(principal, facts->owner)) {
        if (!identity::may_look_at(principal, facts->owner)) co_return no_such_book();
        co_return fail(Error(Errc::forbidden, "the book is somebody else's: it can be read, and posted to by its owner only")
                           .vi("Sổ của người khác: chỉ được xem, chỉ chủ sổ được ghi."));
    }
    co_return Done{};
}

void add_ledger_book_routes(http::Router& router, PostingContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(post, "/v1/ledger/books", "ledger_books.create", with(create_book));
    router.add(post, "/v1/ledger/books/{book}/accounts", "ledger_accounts.create", with(open_accounts));
    router.add(post, "/v1/ledger/books/{book}/periods", "ledger_periods.create", with(close_period));
}

}  // namespace cho40::api
