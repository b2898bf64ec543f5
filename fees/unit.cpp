#include "fees/unit.h"
#include <algorithm>
#include <charconv>

namespace cho40::fees {
namespace {

auto bad(std::string detail) { return fail(Errc::invalid_csv, std::move(detail)); }

bool is_name(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

// "a;b" -> {"a", "b"}; the second is empty when there is no separator.
std::pair<std::string_view, std::string_view> cut(std::string_view text, char at)
{
    auto const i = text.find(at);
    if (i == text.npos) return {text, {}};
    return {text.substr(0, i), text.substr(i + 1)};
}

Result<PageTier> parse_tier(std::string_view text)
{
    auto const [pages, price_text] = cut(text, '=');
    auto const price = parse_count(price_text);
    if (!price) return bad("a page tier looks like 1-2=2000 or 3+=1000, not \"" + std::string(text) + '"');
    if (pages.ends_with('+')) {
        auto const first = parse_count(pages.substr(0, pages.size() - 1));
        if (!first) return bad("page number expected in \"" + std::string(text) + '"');
        return PageTier{*first, INT64_MAX, Dong(*price)};
    }
    auto const [from, to] = cut(pages, '-');
    auto const first = parse_count(from);
    auto const last = parse_count(to);
    if (!first || !last || *last < *first) return bad("page numbers expected in \"" + std::string(text) + '"');
    return PageTier{*first, *last, Dong(*price)};
}

Result<Unit> parse_per_page(std::string_view text)
{
    PerPage unit;
    if (text.starts_with(';')) {
        constexpr std::string_view marker = ";copies_from_2";
        if (!text.starts_with(marker)) return bad("after per_page; only copies_from_2 is known");
        text.remove_prefix(marker.size());
        unit.tiers_from_second_copy = true;
    }
    if (!text.starts_with(':')) return bad("per_page needs tiers: per_page:1-2=2000,3+=1000");
    auto [tiers, cap] = cut(text.substr(1), ';');
    std::int64_t next = 1;
    while (!tiers.empty()) {
        auto const [one, rest] = cut(tiers, ',');
        CHO_TRY(auto tier, parse_tier(one));
        if (tier.first != next || next == INT64_MAX) return bad("the page tiers must follow each other from page 1");
        next = tier.last == INT64_MAX ? INT64_MAX : tier.last + 1;
        unit.tiers.push_back(tier);
        tiers = rest;
    }
    if (next != INT64_MAX) return bad("the last page tier must be open, like 3+=1000");
    if (!cap.empty()) {
        constexpr std::string_view key = "cap_per_copy=";
        auto const amount = cap.starts_with(key) ? parse_count(cap.substr(key.size())) : std::nullopt;
        if (!amount) return bad("after the tiers only cap_per_copy=AMOUNT is known");
        unit.cap_per_copy = Dong(*amount);
    }
    return Unit(std::move(unit));
}

// "0.15" -> 1500 parts per million.
std::optional<std::int64_t> parse_percent_ppm(std::string_view text)
{
    auto const [whole_text, decimals] = cut(text, '.');
    auto const whole = parse_count(whole_text);
    if (!whole || *whole > 100 || decimals.size() > 4 || (text.find('.') != text.npos && decimals.empty())) return std::nullopt;
    std::string padded(decimals);
    padded.resize(4, '0');
    auto const fraction = parse_count(padded);
    if (!fraction) return std::nullopt;
    return *whole * 10'000 + *fraction;
}

Result<Unit> parse_formula(std::string_view text)
{
    PercentOf unit;
    auto [head, rest] = cut(text, ';');
    if (auto const percent = head.find('%'); percent != head.npos) {
        unit.ppm = parse_percent_ppm(head.substr(0, percent));
        if (!unit.ppm) return bad("a percentage like 0.15% expected in \"" + std::string(head) + '"');
        head.remove_prefix(percent + 1);
        if (head.starts_with("_of_")) {
            unit.of = head.substr(4);
        } else if (head == "_standard") {
            unit.ppm.reset();  // the province may choose another percentage; what it chose is not in the row
            unit.of = "standard";
        } else if (!head.empty()) {
            return bad("after the percentage only _of_NAME or _standard is known");
        }
    } else if (head.starts_with("percent_of_")) {
        unit.of = head.substr(11);
    } else {
        return bad("a formula starts with a percentage or percent_of_NAME");
    }
    if (!unit.of.empty() && !is_name(unit.of)) return bad("\"" + unit.of + "\" is not a name");
    while (!rest.empty()) {
        auto const [part, more] = cut(rest, ';');
        auto const [key, value] = cut(part, '=');
        auto const amount = parse_count(value);
        if (key == "min" && amount) unit.min = Dong(*amount);
        else if (key == "max" && amount) unit.max = Dong(*amount);
        else if (part.starts_with("province_may_set_up_to_") && part.ends_with('%')) unit.ppm.reset();
        else return bad("\"" + std::string(part) + "\" is not min=, max= or a known remark");
        rest = more;
    }
    if (unit.min && unit.max && *unit.max < *unit.min) return bad("max is smaller than min");
    return Unit(std::move(unit));
}

Result<Unit> parse_per_thing(std::string_view thing)
{
    if (!is_name(thing)) return bad("per_ needs a name of lower-case letters, digits and _");
    PerThing unit{.thing = std::string(thing)};
    if (auto const from = thing.rfind("_from_"); from != thing.npos) {
        auto const first = parse_count(thing.substr(from + 6));
        if (!first || *first < 1) return bad("per_…_from_N needs a number");
        unit.thing = thing.substr(0, from);
        unit.first_charged = *first;
    }
    unit.once_per_case = unit.thing == "case" || unit.thing == "dossier";
    return Unit(std::move(unit));
}

}  // namespace

std::optional<std::int64_t> parse_count(std::string_view digits)
{
    if (digits.empty() || digits.size() > 13 || !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) {
        return std::nullopt;
    }
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

Result<Unit> parse_unit(std::string_view text)
{
    if (text == "local") return Unit(SetLocally{});
    if (text == "see_circular") return Unit(SeeCircular{});
    auto const after = [&](std::string_view prefix) { return text.substr(prefix.size()); };
    if (text.starts_with("USD:")) {
        auto const dollars = parse_count(after("USD:"));
        if (!dollars || *dollars == 0 || *dollars > 1'000'000) return bad("USD: needs whole dollars, like USD:25");
        return Unit(InUsd{*dollars});
    }
    if (text.starts_with("range:")) {
        auto const [low_text, high_text] = cut(after("range:"), '-');
        auto const low = parse_count(low_text);
        auto const high = parse_count(high_text);
        if (!low || !high || *high < *low) return bad("a range looks like range:35000-105000");
        return Unit(Between{Dong(*low), Dong(*high)});
    }
    if (text.starts_with("formula:")) return parse_formula(after("formula:"));
    if (text.starts_with("bands:")) {
        if (!is_name(after("bands:"))) return bad("bands: needs the name of a band table");
        return Unit(ByBands{std::string(after("bands:"))});
    }
    if (text == "per_page" || text.starts_with("per_page:") || text.starts_with("per_page;")) return parse_per_page(after("per_page"));
    if (text.starts_with("per_")) return parse_per_thing(after("per_"));
    return bad("\"" + std::string(text) + "\" is not a unit: per_…, USD:, range:, formula:, bands:, local or see_circular");
}

}  // namespace cho40::fees
