#include "adapters/identity/audit.h"
#include <nlohmann/json.hpp>

namespace cho40::identity {

std::string_view actor_name(AuditEntry::Actor actor)
{
    switch (actor) {
    case AuditEntry::Actor::user: return "user";
    case AuditEntry::Actor::key: return "key";
    case AuditEntry::Actor::rail: return "rail";
    case AuditEntry::Actor::system: return "system";
    }
    return "system";
}

AuditTrail::AuditTrail(ledger::Ledger& ledger, Clock const& clock, Random& random) : ledger_(ledger), clock_(clock), random_(random) {}

AuditEntry AuditTrail::entry(ledger::BookId book, Principal const& principal) const
{
    AuditEntry entry;
    entry.book = book;
    entry.at = clock_.now();
    entry.id = make_id<AuditRecord>(entry.at, random_);
    entry.actor = principal.id;
    entry.role = principal.acting_role();
    switch (principal.kind) {
    case Principal::Kind::user: entry.actor_kind = AuditEntry::Actor::user; break;
    case Principal::Kind::api_key: entry.actor_kind = AuditEntry::Actor::key; break;
    case Principal::Kind::anonymous: entry.actor_kind = AuditEntry::Actor::system; break;
    }
    return entry;
}

std::shared_ptr<AuditEntry const> AuditTrail::done(ledger::BookId book, Principal const& principal, http::Request const& request,
                                                   AuditTarget target, std::string details) const
{
    auto made = std::make_shared<AuditEntry>(entry(book, principal));
    made->act = std::string(request.operation_id);
    made->target = std::move(target);
    made->request_id = request.request_id;
    made->details = std::move(details);
    return made;
}

boost::asio::awaitable<Result<Done>> AuditTrail::looked(ledger::BookId book, Principal principal, std::string request_id,
                                                        AuditTarget target)
{
    auto made = std::make_shared<AuditEntry>(entry(book, principal));
    made->act = "looked";
    made->target = std::move(target);
    made->request_id = std::move(request_id);
    co_return co_await write(std::move(made));
}

boost::asio::awaitable<void> AuditTrail::denied(Principal principal, std::string operation_id, std::string request_id, Errc why)
{
    auto made = std::make_shared<AuditEntry>(entry(ledger::BookId{0}, principal));
    made->act = std::move(operation_id);
    made->outcome = std::string(errc_name(why));
    made->request_id = std::move(request_id);
    // A refusal that cannot be written is still a refusal; the log has the request.
    [[maybe_unused]] auto const written = co_await write(std::move(made));
}

boost::asio::awaitable<Result<Done>> AuditTrail::write(std::shared_ptr<AuditEntry const> entry)
{
    ledger::Command command(entry->book);
    command.rows.push_back(std::move(entry));
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return Done{};
}

}  // namespace cho40::identity
