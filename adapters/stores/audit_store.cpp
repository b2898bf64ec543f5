#include "adapters/stores/audit_store.h"
#include "adapters/stores/audit_statements.h"

namespace cho40::stores {
namespace {

using identity::AuditEntry;
using postgres::Statement;

constexpr Statement list_audit{
    "audit_list", "SELECT a.book_id, a.audit_id, a.at, a.actor_kind, a.actor_id, a.actor_role, a.act, a.target_kind, a.target, a.outcome, "
                  "  a.request_id, a.details, coalesce(u.name, k.name, '') "
                  "FROM audit_entry a "
                  "LEFT JOIN app_user u ON a.actor_kind = 'user' AND u.user_id = a.actor_id "
                  "LEFT JOIN api_key k ON a.actor_kind = 'key' AND k.key_id = a.actor_id "
                  "WHERE ($1::uuid IS NULL OR a.actor_id = $1) AND ($2::uuid IS NULL OR a.target = $2) AND ($3 = '' OR a.act = $3) "
                  "  AND ($4::timestamptz IS NULL OR a.at >= $4) AND ($5::timestamptz IS NULL OR a.at < $5) "
                  "  AND ($6::uuid IS NULL OR a.audit_id < $6) "
                  "ORDER BY a.audit_id DESC LIMIT $7"};

AuditEntry::Actor actor_from(std::string_view name)
{
    for (auto const actor : {AuditEntry::Actor::user, AuditEntry::Actor::key, AuditEntry::Actor::rail}) {
        if (identity::actor_name(actor) == name) return actor;
    }
    return AuditEntry::Actor::system;
}

}  // namespace

postgres::Params audit_params(std::span<AuditEntry const* const> entries)
{
    auto const role = [](AuditEntry const& e) { return e.role ? std::string(identity::role_name(*e.role)) : std::string(); };
    return postgres::Params(column<std::int64_t>(entries, [](auto const& e) { return e.book.value; }),
                            column<Uuid>(entries, [](auto const& e) { return e.id.uuid; }),
                            column<Instant>(entries, [](auto const& e) { return e.at; }),
                            column<std::string>(entries, [](auto const& e) { return std::string(identity::actor_name(e.actor_kind)); }),
                            column<Uuid>(entries, [](auto const& e) { return e.actor; }), column<std::string>(entries, role),
                            column<std::string>(entries, [](auto const& e) { return e.act; }),
                            column<std::string>(entries, [](auto const& e) { return e.target.prefix; }),
                            column<Uuid>(entries, [](auto const& e) { return e.target.id; }),
                            column<std::string>(entries, [](auto const& e) { return e.outcome; }),
                            column<std::string>(entries, [](auto const& e) { return e.request_id; }),
                            column<postgres::Json>(entries, [](auto const& e) { return postgres::Json(e.details); }));
}

void add_audit(postgres::Segment& segment, AuditEntry const& entry)
{
    AuditEntry const* const one[] = {&entry};
    segment.add_step(insert_audit_entries, audit_params(one));
}

void add_audit_writers(RowWriters& writers) { writers.add<AuditEntry>(insert_audit_entries, &audit_params, 90); }

boost::asio::awaitable<Result<std::vector<AuditLine>>> AuditStore::list(AuditFilter filter)
{
    postgres::Params params(filter.actor, filter.target, filter.act, filter.from, filter.to, filter.before,
                            static_cast<std::int64_t>(filter.limit));
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(list_audit, std::move(params))));
    std::vector<AuditLine> lines;
    for (auto const row : rows) {
        AuditLine line;
        auto& e = line.entry;
        e.book = ledger::BookId{row.get<std::int64_t>(0)};
        e.id = row.get<Id<identity::AuditRecord>>(1);
        e.at = row.get<Instant>(2);
        e.actor_kind = actor_from(row.get<std::string>(3));
        e.actor = row.get<Uuid>(4);
        e.role = identity::role_from(row.get<std::string>(5));
        e.act = row.get<std::string>(6);
        e.target = identity::AuditTarget{row.get<std::string>(7), row.get<Uuid>(8)};
        e.outcome = row.get<std::string>(9);
        e.request_id = row.get<std::string>(10);
        e.details = row.get<postgres::Json>(11).text;
        line.actor_name = row.get<std::string>(12);
        lines.push_back(std::move(line));
    }
    co_return lines;
}

}  // namespace cho40::stores
