#include "adapters/api/ledger_reads.h"
#include "adapters/api/ledger_reads_json.h"
#include "adapters/api/lists.h"
#include "adapters/http/ids.h"
#include "adapters/http/json_writer.h"
#include <charconv>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using ledger::BookId;
using ledger::EntryRange;
using nlohmann::json;

Result<std::int64_t> number_from(std::string_view text, std::string_view name)
{
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (!text.empty() && error == std::errc() && end == text.data() + text.size() && value >= 0) return value;
    return fail(wrong_query(name, Errc::wrong_type, "a whole number, not negative", "Số nguyên không âm."));
}

Result<ledger::TransferFilter> filter_of(Request const& request)
{
    CHO_TRY_DO(http::only_query(request, {"account", "reference", "code", "from", "to", "by"}));
    ledger::TransferFilter filter;
    filter.reference = request.query_value("reference");
    if (auto const code = request.query_value("code")) {
        CHO_TRY(auto const number, number_from(*code, "code"));
        if (number > 32'767) return fail(wrong_query("code", Errc::too_large, "at most 32767", "Tối đa 32767."));
        filter.code = static_cast<ledger::TransferCode>(number);
    }
    CHO_TRY(auto const from, instant_in_query(request, "from"));
    CHO_TRY(auto const to, instant_in_query(request, "to"));
    CHO_TRY(auto const by, axis_in_query(request));
    CHO_TRY_DO(needs_time(request, from.has_value() || to.has_value(), "from"));
    if (from.has_value() != to.has_value()) {
        return fail(wrong_query(from ? "to" : "from", Errc::required, "a period has two ends", "Khoảng thời gian cần hai đầu."));
    }
    if (from) (by == ledger::TimeAxis::event ? filter.happened : filter.recorded) = std::pair(*from, *to);
    auto const named = request.query_value("account").has_value() + filter.reference.has_value() + filter.code.has_value() +
                       from.has_value();
    if (named != 1 || (filter.reference && filter.reference->empty())) {
        return fail(Errc::invalid_input, "say exactly one of account, reference, code, or from and to", "#query");
    }
    return filter;
}

std::optional<ledger::HoldState> hold_state_named(std::string_view name)
{
    if (name == "open") return ledger::HoldState::open;
    if (name == "posted") return ledger::HoldState::posted;
    if (name == "voided") return ledger::HoldState::voided;
    if (name == "expired") return ledger::HoldState::expired;
    return std::nullopt;
}

constexpr std::size_t rows_at_once = 500;

// Each row once, in order of seq; whoever comes back with the last id it saw misses nothing.
Response live_journal(LedgerReadsContext& context, BookId book, std::int64_t after)
{
    return Response::event_stream([&context, book, after](http::EventSink& sink) -> boost::asio::awaitable<void> {
        EventHub::Listener listener(context.hub, book, journal_stream(book));
        auto place = after;
        auto greeted = co_await sink.send(std::to_string(place), "ready", "{}");
        while (greeted && !sink.closed()) {
            auto const rows = co_await context.ledger.feed(book, place, rows_at_once);
            if (!rows) co_return;  // the database is away: the reader comes back with the last id it has
            for (auto const& row : *rows) {
                auto sent = co_await sink.send(std::to_string(row.seq), "ledger_row", http::dump_json(ledger_row_json(row)));
                if (!sent) co_return;
                place = row.seq;
            }
            if (rows->size() < rows_at_once) co_await listener.wait(EventHub::poll_interval);
        }
    });
}

}  // namespace

Answering list_ledger_transfers(LedgerReadsContext& context, Request request)
{
    CHO_CO_TRY(auto const reader, co_await admit_reader(context, request));
    auto const book = reader.book.book;
    CHO_CO_TRY(auto filter, filter_of(request));
    CHO_CO_TRY(auto const limit, http::page_limit(request));
    CHO_CO_TRY(auto const position, number_in_cursor(context, request));
    ledger::TransferPage page;
    if (auto const account = request.query_value("account")) {
        CHO_CO_TRY(auto const number, number_from(*account, "account"));
        EntryRange range;
        range.before = position.value_or(ledger::seq_end);
        range.limit = static_cast<std::size_t>(limit) + 1;
        CHO_CO_TRY(page.rows, co_await context.ledger.entries(book, ledger::AccountNumber{number}, range));
        if (cut_to(page.rows, limit)) page.next = page.rows.back().seq;
    } else {
        CHO_CO_TRY(page, co_await context.ledger.transfers(book, std::move(filter), position.value_or(ledger::seq_end),
                                                           static_cast<std::size_t>(limit)));
    }
    std::optional<std::string> next;
    if (page.next) next = context.cursors.write(request, {std::to_string(*page.next)});
    json data = json::array();
    for (auto const& row : page.rows) data.push_back(ledger_row_json(row));
    WhyEmpty const none{"filters_exclude_all", "Không có bút toán nào khớp.", "No transfer matches."};
    WhyEmpty const later{"look_further", "Chưa thấy; xem tiếp trang sau.", "None so far; go on with the next page."};
    co_return list_response(request, std::move(data), next, context.clock.now(), next ? later : none);
}

Answering read_ledger_transfer(LedgerReadsContext& context, Request request)
{
    CHO_CO_TRY(auto const reader, co_await admit_reader(context, request));
    CHO_CO_TRY(auto const id, http::parse_id_text("trf", request.path_value("transfer")));
    CHO_CO_TRY(auto const row, co_await context.ledger.transfer(reader.book.book, Id<ledger::Transfer>(id)));
    if (!row) co_return fail(Errc::not_found, "no such transfer");
    co_return Response::json(ledger_row_json(*row));
}

Answering list_ledger_holds(LedgerReadsContext& context, Request request)
{
    CHO_CO_TRY(auto const reader, co_await admit_reader(context, request));
    CHO_CO_TRY_DO(http::only_query(request, {"state", "account"}));
    auto const state = hold_state_named(request.query_value("state").value_or("open"));
    if (!state)
        co_return fail(wrong_query("state", Errc::unknown_value, "open, posted, voided or expired", "open, posted, voided, expired."));
    CHO_CO_TRY(auto const limit, http::page_limit(request));
    CHO_CO_TRY(auto const behind, id_before(request, context.cursors));
    auto const book = reader.book.book;
    auto const after = behind.value_or(Uuid{});
    auto const most = static_cast<std::size_t>(limit) + 1;
    std::vector<ledger::HoldReport> holds;
    if (auto const account = request.query_value("account")) {
        CHO_CO_TRY(auto const number, number_from(*account, "account"));
        if (*state != ledger::HoldState::open) {
            co_return fail(wrong_query("account", Errc::invalid_input, "only of open holds; the account's entries say how others ended",
                                       "Chỉ lọc được khoản đang giữ; bút toán của tài khoản cho biết các khoản khác."));
        }
        CHO_CO_TRY(holds, co_await context.ledger.holds_of(book, ledger::AccountNumber{number}, after, most));
    } else {
        CHO_CO_TRY(holds, co_await context.ledger.holds(book, *state, after, most));
    }
    std::optional<std::string> next;
    if (cut_to(holds, limit)) next = context.cursors.write(request, {holds.back().id.uuid.to_string()});
    json data = json::array();
    for (auto const& hold : holds) data.push_back(ledger_hold_json(hold));
    WhyEmpty const why{"no_hold", "Không có khoản tạm giữ nào.", "No holds."};
    co_return list_response(request, std::move(data), next, context.clock.now(), why);
}

Answering read_ledger_journal(LedgerReadsContext& context, Request request)
{
    CHO_CO_TRY(auto const reader, co_await admit_reader(context, request));
    auto const book = reader.book.book;
    CHO_CO_TRY_DO(http::only_query(request, {"after"}));
    CHO_CO_TRY(auto after, number_from(request.query_value("after").value_or("0"), "after"));
    CHO_CO_TRY(auto const limit, http::page_limit(request));
    CHO_CO_TRY(auto const newest, co_await context.ledger.head(book));
    if (request.header("Accept").find("text/event-stream") != std::string_view::npos) {
        if (auto const resume = request.header("Last-Event-ID"); !resume.empty()) { CHO_CO_TRY(after, number_from(resume, "after")); }
        if (after > newest) co_return fail(wrong_query("after", Errc::too_large, "the journal has no such row", "Sổ chưa có dòng này."));
        co_return live_journal(context, book, after);
    }
    CHO_CO_TRY(auto const rows, co_await context.ledger.feed(book, after, static_cast<std::size_t>(limit)));
    json data = json::array();
    for (auto const& row : rows) data.push_back(ledger_row_json(row));
    auto const last = rows.empty() ? after : rows.back().seq;
    co_return Response::json(
        json{{"data", std::move(data)}, {"last", last}, {"head", newest}, {"as_of", http::exact_instant_json(context.clock.now())}});
}

}  // namespace cho40::api
