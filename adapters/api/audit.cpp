#include "adapters/api/lists.h"
#include "adapters/api/people.h"
#include "adapters/http/ids.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using identity::AuditEntry;
using nlohmann::json;

std::string_view actor_prefix(AuditEntry::Actor kind)
{
    switch (kind) {
    case AuditEntry::Actor::user: return "usr";
    case AuditEntry::Actor::key: return "key";
    case AuditEntry::Actor::rail: return "rla";
    case AuditEntry::Actor::system: return "";
    }
    return "";
}

json id_or_null(std::string_view prefix, Uuid const& id)
{
    return prefix.empty() || id.is_nil() ? json(nullptr) : json(http::id_text(prefix, id));
}

json line_json(stores::AuditLine const& line)
{
    auto const& e = line.entry;
    auto const details = json::parse(e.details, nullptr, false);
    bool const has_reason = details.is_object() && details.contains("reason");
    json const actor = {{"id", id_or_null(actor_prefix(e.actor_kind), e.actor)},
                        {"name", line.actor_name},
                        {"role", e.role ? json(identity::role_name(*e.role)) : json(nullptr)}};
    return {{"id", http::id_text("aud", e.id.uuid)},
            {"object", "audit_entry"},
            {"at", http::instant_json(e.at)},
            {"actor", actor},
            {"act", e.act},
            {"resource", id_or_null(e.target.prefix, e.target.id)},
            {"reason", has_reason ? details["reason"] : json(nullptr)},
            {"outcome", e.outcome == "done" ? "done" : "denied"},
            {"request_id", e.request_id}};
}

// An id of any kind: prefix_ and 26 characters. Whoever asks for something that cannot be gets an empty list.
std::optional<Uuid> any_id(std::string_view text)
{
    auto const at = text.rfind('_');
    return at == std::string_view::npos ? std::nullopt : Uuid::from_base32(text.substr(at + 1));
}

Result<std::optional<Instant>> instant_filter(Request const& request, std::string_view name)
{
    auto const text = request.query_value(name);
    if (!text) return std::optional<Instant>();
    auto const instant = parse_rfc3339(*text);
    if (instant) return std::optional<Instant>(*instant);
    Error refused(Errc::validation_failed, "a filter is not an instant");
    refused.fields.push_back(FieldError{
        "#query/" + std::string(name), Errc::invalid_format, "RFC 3339, for example 2026-11-22T03:15:30Z", "Thời điểm theo RFC 3339.", {}});
    return fail(std::move(refused));
}

Result<stores::AuditFilter> read_filter(Request const& request, http::Cursors const& cursors)
{
    CHO_TRY_DO(http::only_query(request, {"actor", "resource", "act", "created_from", "created_to"}));
    stores::AuditFilter filter;
    CHO_TRY(filter.limit, http::page_limit(request));
    if (auto const actor = request.query_value("actor")) filter.actor = any_id(*actor).value_or(Uuid{});
    if (auto const resource = request.query_value("resource")) filter.target = any_id(*resource).value_or(Uuid{});
    filter.act = request.query_value("act").value_or("");
    CHO_TRY(filter.from, instant_filter(request, "created_from"));
    CHO_TRY(filter.to, instant_filter(request, "created_to"));
    CHO_TRY(filter.before, id_before(request, cursors));
    return filter;
}

Answering list(PeopleContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(identity::may_act_for(principal, identity::Place::province()));
    CHO_CO_TRY(auto filter, read_filter(request, context.cursors));
    auto const limit = filter.limit++;  // the store is asked for one more
    bool const filtered = filter.actor || filter.target || filter.from || filter.to || !filter.act.empty();
    CHO_CO_TRY(auto lines, co_await context.audits.list(std::move(filter)));
    std::optional<std::string> next;
    if (cut_to(lines, limit)) {
        std::vector<std::string> const position = {lines.back().entry.id.uuid.to_string()};
        next = context.cursors.write(request, position);
    }
    json data = json::array();
    for (auto const& line : lines) data.push_back(line_json(line));
    std::optional<WhyEmpty> why;
    if (filtered) why = WhyEmpty{"filters_exclude_all", "Không có dòng nào khớp bộ lọc.", "No entry matches the filters."};
    co_return list_response(request, std::move(data), next, context.clock.now(), why);
}

}  // namespace

void add_audit_routes(http::Router& router, PeopleContext& context)
{
    router.add(http::Method::get, "/v1/audit", "audit.list", [&context](Request r) { return list(context, std::move(r)); });
}

}  // namespace cho40::api
