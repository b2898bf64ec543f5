#include "adapters/api/ids.h"
#include "adapters/api/lists.h"
#include "adapters/api/recon_breaks.h"
#include "base/text.h"
#include <charconv>

namespace cho40::api {
namespace {

using http::ObjectReader;
using http::Request;

constexpr int age_max = 1000;

bool is_known_state(std::string_view name) { return reconcile::break_state_from(name).has_value(); }
bool is_known_class(std::string_view name) { return reconcile::break_class_from(name).has_value(); }

// "open,reopened" as the names that are stored.
template <class Known>
Result<std::vector<std::string>> names_of(std::string_view list, Known known, std::string pointer)
{
    std::vector<std::string> out;
    for (auto const written : names_in(list)) {
        auto name = to_ascii_upper(written);
        if (!known(name)) return fail(Errc::unknown_value, "not one of the known values", pointer);
        out.push_back(std::move(name));
    }
    return out;
}

Result<std::optional<Uuid>> assignee_of(std::optional<std::string> const& text, identity::Principal const& principal, std::string pointer)
{
    if (!text) return std::nullopt;
    if (*text == "me") return principal.id;
    auto const id = http::parse_id_text("usr", *text);
    if (!id) return fail(Errc::invalid_format, "me, or a user's id", std::move(pointer));
    return *id;
}

Result<std::optional<Day>> day_of(Request const& request, std::string_view name)
{
    auto const text = request.query_value(name);
    if (!text) return std::nullopt;
    auto day = Day::parse(*text);
    if (!day) return fail(Errc::invalid_date, day.error().detail, "#query/" + std::string(name));
    return *day;
}

// The last business day whose breaks are older than `age` working days today.
Day last_day_older_than(int age, Day today, reconcile::BreakClass kind)
{
    auto const& policy = reconcile::BreakPolicy::embedded();
    auto day = today;
    while (reconcile::aging_of(kind, day, today, policy, WorkingDays::embedded()).working_days <= age) day = day.plus_days(-1);
    return day;
}

}  // namespace

Result<BreakQuery> read_break_query(Request const& request, identity::Principal const& principal)
{
    BreakQuery query;
    query.partner = request.query_value("partner");
    CHO_TRY(query.from, day_of(request, "date_from"));
    CHO_TRY(query.to, day_of(request, "date_to"));
    CHO_TRY(auto const one, day_of(request, "date"));
    if (one) query.from = query.to = one;
    if (auto const list = request.query_value("class")) { CHO_TRY(query.classes, names_of(*list, is_known_class, "#query/class")); }
    if (auto const list = request.query_value("state")) { CHO_TRY(query.states, names_of(*list, is_known_state, "#query/state")); }
    CHO_TRY(query.assignee, assignee_of(request.query_value("assignee"), principal, "#query/assignee"));
    query.cause = request.query_value("cause");
    if (auto const text = request.query_value("age_gt")) {
        int age = 0;
        auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), age);
        if (error != std::errc() || end != text->data() + text->size() || age < 0 || age > age_max)
            return fail(Errc::invalid_format, "working days, 0 to 1000", "#query/age_gt");
        query.age_above = age;
    }
    return query;
}

BreakQuery read_break_query(ObjectReader in, identity::Principal const& principal)
{
    BreakQuery query;
    query.partner = in.text("partner", {1, 64});  // an act is of one book
    query.from = query.to = in.optional_day("date");
    auto const upper = [&in](std::string_view name, auto known) {
        std::vector<std::string> out;
        for (auto const& text : in.optional_texts(name, {0, 30}, {1, 40})) {
            auto stored = to_ascii_upper(text);
            if (!known(stored))
                in.refuse(name, Errc::unknown_value, "\"" + text + "\" is not one of the known values", "Giá trị không có.");
            else out.push_back(std::move(stored));
        }
        return out;
    };
    query.classes = upper("class", is_known_class);
    query.states = upper("state", is_known_state);
    auto const assignee = assignee_of(in.optional_text("assignee", {1, 64}), principal, "");
    if (!assignee) in.refuse("assignee", Errc::invalid_format, "me, or a user's id", "Ghi me hoặc mã người dùng.");
    else query.assignee = *assignee;
    query.cause = in.optional_text("cause", {0, 40});
    if (auto const age = in.optional_whole("age_gt", {0, age_max})) query.age_above = static_cast<int>(*age);
    return query;
}

boost::asio::awaitable<Result<stores::BreakFilter>> filter_of(ReconContext& context, identity::Principal principal, BreakQuery query)
{
    stores::BreakFilter filter;
    CHO_CO_TRY(filter.partners, co_await visible_partners(context, std::move(principal), query.partner));
    filter.from = query.from;
    filter.to = query.to;
    filter.classes = std::move(query.classes);
    filter.states = std::move(query.states);
    filter.assignee = query.assignee;
    filter.cause = std::move(query.cause);
    if (query.age_above) {
        auto const today = Day::of(context.clock.now());
        filter.due_until.emplace(last_day_older_than(*query.age_above, today, reconcile::BreakClass::MISSING_AT_BANK),
                                 last_day_older_than(*query.age_above, today, reconcile::BreakClass::MISSING_INTERNAL));
    }
    co_return filter;
}

}  // namespace cho40::api
