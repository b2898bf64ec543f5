#include "fees/relief.h"
#include "fees/unit.h"
#include <algorithm>
#include <array>

namespace cho40::fees {
namespace {

constexpr std::array<std::string_view, 5> kind_names = {"pct", "off", "free", "cap", "min"};

auto bad(std::string_view token, std::string detail)
{
    return fail(Errc::invalid_csv, "\"" + std::string(token) + "\": " + std::move(detail));
}

bool is_audience(std::string_view name)
{
    return !name.empty() && std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

std::vector<std::string_view> split(std::string_view text, char at)
{
    std::vector<std::string_view> parts;
    while (true) {
        auto const i = text.find(at);
        parts.push_back(text.substr(0, i));
        if (i == text.npos) return parts;
        text.remove_prefix(i + 1);
    }
}

Result<std::optional<Day>> parse_open_day(std::string_view text)
{
    if (text.empty()) return std::optional<Day>();
    CHO_TRY(auto day, Day::parse(text));
    return std::optional<Day>(day);
}

Result<Done> read_dates(Relief& relief, std::string_view token, std::string_view dates)
{
    auto const dots = dates.find("..");
    if (dots == dates.npos) return bad(token, "dates look like @2026-08-15..2027-02-28");
    auto const from = parse_open_day(dates.substr(0, dots));
    auto const to = parse_open_day(dates.substr(dots + 2));
    if (!from || !to) return bad(token, "dates look like @2026-08-15..2027-02-28");
    relief.from = *from;
    relief.to = *to;
    if (relief.from && relief.to && *relief.to < *relief.from) return bad(token, "it ends before it begins");
    return Done{};
}

Result<Done> read_source(Relief& relief, std::string_view token, std::string_view source)
{
    if (auto const bracket = source.find('('); bracket != source.npos) {
        if (!source.ends_with(')')) return bad(token, "the bracket of the condition is not closed");
        relief.condition = source.substr(bracket + 1, source.size() - bracket - 2);
        source = source.substr(0, bracket);
    }
    if (source.empty()) return bad(token, "a source is needed after #");
    relief.source = source;
    return Done{};
}

Result<Done> read_value(Relief& relief, std::string_view token, std::string_view text)
{
    if (relief.kind == ReliefKind::free) {
        if (!text.empty()) return bad(token, "free has no value; an audience is written free::elderly");
        return Done{};
    }
    auto const value = parse_count(text);
    if (!value) return bad(token, "a whole number is needed");
    if ((relief.kind == ReliefKind::pct || relief.kind == ReliefKind::off) && *value > 100) return bad(token, "more than 100 per cent");
    relief.value = *value;
    return Done{};
}

Result<Relief> parse_token(std::string_view token)
{
    auto const whole = token;
    Relief relief{};
    if (auto const hash = token.find('#'); hash != token.npos) {
        CHO_TRY_DO(read_source(relief, whole, token.substr(hash + 1)));
        token = token.substr(0, hash);
    }
    if (auto const at = token.find('@'); at != token.npos) {
        CHO_TRY_DO(read_dates(relief, whole, token.substr(at + 1)));
        token = token.substr(0, at);
    }
    auto const parts = split(token, ':');
    auto const kind = std::ranges::find(kind_names, parts[0]);
    if (kind == kind_names.end() || parts.size() > 3)
        return bad(whole, "a reduction is pct, off, free, cap or min, then :VALUE, :AUDIENCE");
    relief.kind = static_cast<ReliefKind>(kind - kind_names.begin());
    CHO_TRY_DO(read_value(relief, whole, parts.size() > 1 ? parts[1] : std::string_view()));
    if (parts.size() == 3) {
        for (auto const name : split(parts[2], '|')) {
            if (!is_audience(name)) return bad(whole, "\"" + std::string(name) + "\" is not the name of a group");
            relief.audience.emplace_back(name);
        }
    }
    return relief;
}

}  // namespace

std::string_view relief_kind_name(ReliefKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

std::string Relief::id() const
{
    std::string text(relief_kind_name(kind));
    if (kind != ReliefKind::free) text += ':' + std::to_string(value);
    else if (!audience.empty()) text += ':';
    for (std::size_t i = 0; i < audience.size(); ++i) text += (i == 0 ? ':' : '|') + audience[i];
    if (!source.empty()) text += '#' + source;
    return text;
}

Result<std::vector<Relief>> parse_reduction_rule(std::string_view text)
{
    std::vector<Relief> reliefs;
    if (text.empty()) return reliefs;
    for (auto const token : split(text, ';')) {
        CHO_TRY(auto relief, parse_token(token));
        reliefs.push_back(std::move(relief));
    }
    return reliefs;
}

}  // namespace cho40::fees
