#include "adapters/api/fee_pages.h"
#include "adapters/api/page_answers.h"
#include "base/text.h"
#include "fees/quote.h"
#include <algorithm>

namespace cho40::api {
namespace {

using http::Request;
using pages::FeeQuestion;
using pages::FeeQuoteView;
using pages::TypedField;

constexpr std::size_t fees_max = 10, personas_max = 10;
constexpr std::int64_t count_max = 100'000, amount_max = 9'999'999'999'999, usd_max = 1'000'000;
constexpr std::size_t typed_max = 40;

std::vector<std::string> values_of(Request const& request, std::string_view name, std::size_t max)
{
    std::vector<std::string> values;
    for (auto const& one : request.query) {
        bool const known = std::ranges::find(values, one.value) != values.end();
        if (one.name == name && !one.value.empty() && !known && values.size() < max) values.push_back(one.value);
    }
    return values;
}

// "1.500.000.000 đ", "1 500 000": as people write amounts, with marks and spaces between the digits.
std::optional<std::int64_t> number_in(std::string_view typed)
{
    std::string digits;
    for (char c : typed) {
        if (c >= '0' && c <= '9') digits += c;
        else if (c != '.' && c != ',' && c != ' ') return std::nullopt;
    }
    return fees::parse_count(digits);
}

std::string without_currency(std::string typed)
{
    for (std::string_view sign : {"đ", "VND", "vnd", "\u00A0"}) {
        for (auto at = typed.find(sign); at != typed.npos; at = typed.find(sign)) typed.erase(at, sign.size());
    }
    return std::string(trim(typed));
}

TypedField field_in(Request const& request, std::string const& name)
{
    auto typed = request.query_value(name).value_or("");
    if (!is_valid_utf8(typed) || typed.size() > typed_max) return {"", !typed.empty()};
    return {std::string(trim(typed)), false};
}

std::int64_t count_in(TypedField& field)
{
    if (field.typed.empty()) field.typed = "1";
    auto const count = number_in(field.typed);
    field.wrong = field.wrong || !count || *count < 1 || *count > count_max;
    return field.wrong ? 1 : *count;
}

std::optional<Dong> amount_in(TypedField& field, std::int64_t least, std::int64_t most)
{
    if (field.typed.empty()) return std::nullopt;
    auto const amount = number_in(without_currency(field.typed));
    field.wrong = field.wrong || !amount || *amount < least || *amount > most;
    return field.wrong ? std::nullopt : std::optional(Dong(*amount));
}

// 22/11/2026 as people write it, or 2026-11-22.
std::optional<Day> day_in(std::string_view typed)
{
    std::string iso(typed);
    if (typed.size() == 10 && typed[2] == '/' && typed[5] == '/')
        iso = std::string(typed.substr(6)) + '-' + std::string(typed.substr(3, 2)) + '-' + std::string(typed.substr(0, 2));
    auto const day = Day::parse(iso);
    return day ? std::optional(*day) : std::nullopt;
}

Day read_day(TypedField& field, Day today)
{
    auto const day = field.typed.empty() ? std::optional(today) : day_in(field.typed);
    field.wrong = field.wrong || !day;
    if (day) field.typed = day->to_vietnamese();
    return day.value_or(today);
}

// What somebody typed of one fee; nothing when there is no such fee, or it is a price.
std::optional<FeeQuestion> question_of(FeeQuoteView const& view, Request const& request, std::string const& code, bool english)
{
    auto const* any = view.tables.any_rate(code);
    if (!any || any->kind == fees::FeeKind::gia) return std::nullopt;
    auto const on_day = view.tables.rates_on(code, view.asked.day);
    FeeQuestion question;
    question.rate = on_day.empty() ? any : on_day.front();
    question.asks = fees::asks_of(question.rate->unit);
    if (auto const* unit = std::get_if<fees::PerThing>(&question.rate->unit)) {
        if (auto const* thing = view.tables.counted_thing(unit->thing)) question.thing = english ? thing->name_en : thing->name_vi;
    }
    for (auto const& [field, name] :
         {std::pair{&question.quantity, "quantity."}, {&question.pages, "pages."}, {&question.value, "value."}}) {
        *field = field_in(request, name + code);
    }
    return question;
}

fees::LineOrder order_of(FeeQuestion& question)
{
    fees::LineOrder line;
    line.fee_code = question.rate->fee_code;
    if (question.asks.quantity) line.quantity = count_in(question.quantity);
    if (question.asks.pages) line.pages = count_in(question.pages);
    if (question.asks.value) line.value = amount_in(question.value, 0, amount_max);
    return line;
}

bool has_wrong_field(FeeQuoteView const& view)
{
    return view.day.wrong || view.usd.wrong ||
           std::ranges::any_of(view.questions, [](FeeQuestion const& q) { return q.quantity.wrong || q.pages.wrong || q.value.wrong; });
}

void read_payer(Request const& request, FeeQuoteView& view)
{
    view.asked.channel = fees::parse_channel(request.query_value("channel").value_or("")).value_or(fees::Channel::counter);
    std::vector<std::string> codes;
    for (auto const& question : view.questions) codes.push_back(question.rate->fee_code);
    view.groups = fees::groups_that_matter(view.tables, codes, view.asked.day);
    for (auto& persona : values_of(request, "persona", personas_max)) {
        if (std::ranges::find(view.groups, persona, &fees::Audience::key) != view.groups.end())
            view.asked.personas.push_back(std::move(persona));
    }
}

http::Response search(FeeContext const& context, Request const& request, fees::FeeTables const& tables, std::vector<std::string> chosen,
                      bool no_such_fee)
{
    pages::FeeSearchView view;
    auto const typed = request.query_value("q").value_or("");
    if (is_valid_utf8(typed) && count_code_points(typed) <= 120) view.typed = trim(typed);
    if (!view.typed.empty()) view.found = fees::find_fees(tables, view.typed, Day::of(context.clock.now()));
    view.chosen = std::move(chosen);
    view.no_such_fee = no_such_fee;
    return answer(request, pages::fee_search_page(page_context(context, request), view), no_such_fee ? 404 : 200);
}

}  // namespace

Answering fees_page(FeeContext& context, Request request)
{
    auto const tables = context.tables.current();
    auto codes = values_of(request, "fee", fees_max);
    // With `q` the person is looking for one fee more.
    if (codes.empty() || request.query_value("q")) {
        std::erase_if(codes, [&](std::string const& code) { return !tables->knows(code); });
        co_return search(context, request, *tables, std::move(codes), false);
    }
    FeeQuoteView view{*tables, {}, {}, field_in(request, "day"), field_in(request, "usd"), {}, {}, {}};
    view.asked.day = read_day(view.day, Day::of(context.clock.now()));
    view.asked.vnd_per_usd = amount_in(view.usd, 1, usd_max);
    for (auto const& code : codes) {
        auto question = question_of(view, request, code, language_of(request) == pages::Language::en);
        if (!question) co_return search(context, request, *tables, {}, true);
        view.asked.lines.push_back(order_of(*question));
        view.questions.push_back(*std::move(question));
    }
    read_payer(request, view);
    if (!has_wrong_field(view)) {
        CHO_CO_TRY(view.lines, fees::assess_lines(*tables, view.asked));
        CHO_CO_TRY(view.totals, fees::totals_of(view.lines));
    }
    co_return answer(request, pages::fee_quote_page(page_context(context, request), view), has_wrong_field(view) ? 422 : 200);
}

}  // namespace cho40::api
