// An amount from an account of one book to an account of another. Who asks carries it to its end; when that takes too long, or
// the service dies, the instance that writes the first book does.
#include "adapters/api/ledger_between.h"
#include "adapters/api/ledger_reads_json.h"
#include "adapters/api/resource_json.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "adapters/http/problem.h"
#include "base/signal.h"
#include "ledger/recent_transfers.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using ledger::Movement;
using ledger::MovementReport;
using ledger::MovementState;
using nlohmann::json;

constexpr auto patience = std::chrono::seconds(3);  // then the answer is 202
constexpr std::size_t carried_max = 1'000;

struct Place {
    ledger::BookId book;
    ledger::AccountNumber account;
};

Place read_place(http::ObjectReader in)
{
    Place place;
    auto const book = parse_book(in.text("book", {1, 19}));
    if (book) place.book = *book;
    else in.refuse("book", Errc::invalid_format, "must be a book's number in decimal digits", "Phải là số của sổ.");
    place.account.value = in.whole("account", {1, whole_max});
    return place;
}

std::string read_reference(http::ObjectReader& in)
{
    auto reference = in.optional_text("reference", {0, ledger::State::reference_bytes_max}).value_or("");
    if (reference.size() > ledger::State::reference_bytes_max) {
        in.refuse("reference", Errc::text_too_long, "a reference has at most 64 bytes", "Tối đa 64 byte.");
    } else if (std::ranges::any_of(reference, is_control_character)) {
        in.refuse("reference", Errc::invalid_format, "must not contain control characters", "Không được chứa ký tự điều khiển.");
    }
    return reference;
}

// `latest`: no event lies later.
Result<Movement> read_movement(Request const& request, Instant latest)
{
    CHO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    Movement m;
    m.id = in.id<ledger::Transfer>("id");
    auto const made_at = ledger::uuid7_milliseconds(m.id.uuid);
    if (!m.id.is_nil() && !made_at) {
        in.refuse("id", Errc::invalid_format, "must be trf_ and an UUIDv7 in lower-case Crockford base32",
                  "Phải là trf_ và UUIDv7 dạng base32.");
    }
    auto const credit = read_place(in.object("credit"));
    auto const debit = read_place(in.object("debit"));
    m.from = credit.book;
    m.credit = credit.account;
    m.to = debit.book;
    m.debit = debit.account;
    if (m.from == m.to) {
        in.object("debit").refuse("book", Errc::invalid_input, "both accounts lie in one book: post an ordinary transfer",
                                  "Hai tài khoản cùng một sổ: hãy ghi bút toán thường.");
    }
    m.amount = in.money("amount", {1, whole_max});
    m.code = static_cast<ledger::TransferCode>(in.optional_whole("code", {general_code_min, general_code_max}).value_or(general_code_min));
    m.reference = read_reference(in);
    auto const event_at = in.optional_instant("event_at");
    if (event_at && *event_at > latest) {
        in.refuse("event_at", Errc::invalid_date, "lies more than a minute ahead of our clock",
                  "Muộn hơn đồng hồ của hệ thống quá một phút.");
    }
    m.event_at = event_at.value_or(Instant(std::chrono::milliseconds(made_at.value_or(0))));
    CHO_TRY_DO(body.finish());
    return m;
}

Error at(Error error, std::string pointer)
{
    error.pointer = std::move(pointer);
    return error;
}

// The first book refused: a pointer of the ledger's into the command as one into the request. The side that is debited there
// is the way to the other book.
Error as_asked(Error error)
{
    constexpr std::string_view transfer = "/transfers/0";
    std::string_view const pointer = error.pointer;
    if (!pointer.starts_with(transfer)) return at(std::move(error), "");
    auto const member = pointer.substr(transfer.size());
    if (member.empty() || member == "/credit") return at(std::move(error), "/credit/account");
    if (member == "/debit") return at(std::move(error), "/debit/book");
    if (member == "/book") return at(std::move(error), "/credit/book");
    if (member == "/kind" || member == "/timeout" || member == "/flags" || member == "/pending") return at(std::move(error), "/id");
    return at(std::move(error), std::string(member));
}

// The other book refused, and the amount was given back.
Error turned_away(MovementReport const& report)
{
    auto const code = report.end.reason.value_or(Errc::internal_error);
    auto const& problem = http::problem_of(code);
    Error error(code, "book " + std::to_string(report.movement.to.value) +
                          " refused it, and the amount was given back: " + std::string(problem.title_en));
    error.pointer = code == Errc::period_closed ? "/event_at" : "/debit/account";
    return std::move(error).vi("Sổ nhận từ chối, số tiền đã được trả lại: " + std::string(problem.title_vi));
}

json movement_json(MovementReport const& report, http::Language language)
{
    auto const& m = report.movement;
    auto const& end = report.end;
    bool const finished = end.state != MovementState::under_way;
    constexpr std::array names{"pending", "posted", "refused"};
    std::string_view code, text;
    if (end.reason) {
        auto const& problem = http::problem_of(*end.reason);
        code = errc_name(*end.reason);
        text = language == http::Language::vi ? problem.title_vi : problem.title_en;
    }
    auto const arrived = end.state == MovementState::posted ? json(end.arrived_seq) : json(nullptr);
    auto const ended = report.ended_seq ? json(*report.ended_seq) : json(nullptr);
    auto const since = report.ended_at.value_or(report.left_at);
    auto state = http::state_json(names[static_cast<std::size_t>(end.state) - 1], finished, since, code, text);
    state["since"] = http::exact_instant_json(since);
    return {
        {"object", "ledger_movement"},
        {"id", transfer_text(m.id)},
        {"state", std::move(state)},
        {"credit", {{"book", std::to_string(m.from.value)}, {"account", m.credit.value}, {"seq", report.left_seq}, {"ended_seq", ended}}},
        {"debit", {{"book", std::to_string(m.to.value)}, {"account", m.debit.value}, {"seq", arrived}}},
        {"amount", http::money_json(m.amount)},
        {"code", static_cast<int>(m.code)},
        {"reference", http::text_or_null(m.reference)},
        {"event_at", http::exact_instant_json(m.event_at)},
        {"recorded_at", http::exact_instant_json(report.left_at)}};
}

boost::asio::awaitable<void> carry(BetweenContext& context, Movement movement, std::shared_ptr<Signal> done)
{
    struct Counted {
        explicit Counted(std::size_t& c) : count(c) { ++count; }
        ~Counted() { --count; }
        Counted(Counted const&) = delete;
        Counted& operator=(Counted const&) = delete;
        std::size_t& count;
    } const counted(context.carried);
    std::vector<Movement> one;
    one.push_back(std::move(movement));
    (void)co_await context.carrier.carry(std::move(one));  // what has not ended is found by the writer's rounds
    done->ring();
}

// Comes back when it has ended, or could not be ended now, or has taken too long.
boost::asio::awaitable<void> carry_a_while(BetweenContext& context, Movement movement)
{
    auto const done = std::make_shared<Signal>(context.executor);
    if (!context.beside(carry(context, std::move(movement), done))) co_return;
    boost::asio::steady_timer limit(context.executor, patience);
    limit.async_wait([done](boost::system::error_code) { done->ring(); });
    co_await done->wait();
}

// What stands under the id that has left: compared with what was asked for, and brought to its end if it can be.
boost::asio::awaitable<Result<MovementReport>> conclude(BetweenContext& context, Movement asked, bool replayed)
{
    if (!replayed) co_await carry_a_while(context, asked);
    for (bool again = replayed;; again = false) {
        CHO_CO_TRY(auto const report, co_await context.store.find(asked.from, asked.id));
        if (!report) co_return fail(Errc::books_broken, "its hold stands and it does not; run `cho40 ledger verify`");
        if (report->movement != asked) {  // the ledger has compared all but where it goes to in the other book
            co_return fail(Errc::transfer_differs,
                           "this id stands already with another account to debit; send the same again or make a new id", "/debit/account");
        }
        if (!again || report->end.state != MovementState::under_way) co_return *report;
        co_await carry_a_while(context, asked);
    }
}

Response answer(MovementReport const& report, bool replayed, http::Language language)
{
    bool const under_way = report.end.state == MovementState::under_way;
    auto response = Response::json(movement_json(report, language), under_way ? 202 : replayed ? 200 : 201);
    auto const& m = report.movement;
    response.header("Location", "/v1/ledger/books/" + std::to_string(m.from.value) + "/between/" + transfer_text(m.id));
    return response;
}

boost::asio::awaitable<Result<Done>> check_general_at(PostingContext& posting, identity::Principal principal, ledger::BookId book,
                                                      std::string pointer)
{
    auto const general = co_await check_general(posting, std::move(principal), book);
    if (!general) co_return fail(at(general.error(), std::move(pointer)));
    co_return Done{};
}

Answering post_between(BetweenContext& context, Request request)
{
    auto& posting = context.posting;
    CHO_CO_TRY(auto const principal, co_await admit_writer(posting, request));
    CHO_CO_TRY(auto const m, read_movement(request, posting.clock.now() + ledger::RecentTransfers::clock_skew_max));
    CHO_CO_TRY_DO(co_await check_general_at(posting, principal, m.from, "/credit/book"));
    CHO_CO_TRY_DO(co_await check_general_at(posting, principal, m.to, "/debit/book"));
    if (context.carried >= carried_max) co_return fail(Errc::queue_full, "too much is under way between books; try again in a moment");
    auto const left = co_await posting.ledger.submit(leave(m));
    if (!left) co_return fail(as_asked(left.error()));
    CHO_CO_TRY(auto const report, co_await conclude(context, m, left->replayed));
    if (report.end.state == MovementState::refused) co_return fail(turned_away(report));
    co_return answer(report, left->replayed, request.language);
}

Answering read_between(BetweenContext& context, Request request)
{
    CHO_CO_TRY(auto const reader, co_await admit_reader(context.reads, request));
    CHO_CO_TRY(auto const id, http::parse_id_text("trf", request.path_value("transfer")));
    CHO_CO_TRY(auto const report, co_await context.store.find(reader.book.book, Id<ledger::Transfer>(id)));
    if (!report) co_return fail(Errc::not_found, "nothing of this id has left the book for another one");
    co_return Response::json(movement_json(*report, request.language));
}

}  // namespace

void add_ledger_between_routes(http::Router& router, BetweenContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    http::RouteOptions one;
    one.body_bytes_max = 16 * 1024;
    one.quiet = true;  // it is its own record in both journals; refusals are logged
    router.add(post, "/v1/ledger/transfers/between", "ledger_between.create", with(post_between), one);
    router.add(get, "/v1/ledger/books/{book}/between/{transfer}", "ledger_between.read", with(read_between));
}

}  // namespace cho40::api
