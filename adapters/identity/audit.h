#pragma once
#include "adapters/http/message.h"
#include "adapters/identity/principal.h"
#include "ledger/ports.h"
#include <memory>
#include <string>

namespace cho40::identity {

struct AuditRecord {};

// What was acted on, as it is named at the edge: AuditTarget{"pay", payment.uuid}. Nothing: {"", nil}.
struct AuditTarget {
    std::string prefix;
    Uuid id;
};

// One line of the trail; written, never changed. Attach it to the command whose effect it tells of.
struct AuditEntry : ledger::AttachedRow {
    enum class Actor : std::uint8_t { user, key, rail, system };

    ledger::BookId book;         // 0: nothing to do with a book
    Id<AuditRecord> id;
    Instant at;
    Actor actor_kind = Actor::system;
    Uuid actor;                  // user, key or rail account; nil for the system
    std::optional<Role> role;    // the role it was done in
    std::string act;             // operation id, or "looked"
    AuditTarget target;
    std::string outcome = "done";  // or the code of the refusal
    std::string request_id;
    std::string details = "{}";  // a JSON object: {"reason": {"code", "text"}}, before and after; no secrets
};

[[nodiscard]] std::string_view actor_name(AuditEntry::Actor actor);  // "user", "key", …

// Makes entries, and writes those that have no effect of their own to go with.
class AuditTrail {
public:
    AuditTrail(ledger::Ledger& ledger, Clock const& clock, Random& random);

    // To be attached to a command. `act` is the request's operation id.
    [[nodiscard]] std::shared_ptr<AuditEntry const> done(ledger::BookId book, Principal const& principal, http::Request const& request,
                                                         AuditTarget target, std::string details = "{}") const;

    // Somebody looked at another's tax or identity data: durable before the answer goes out.
    [[nodiscard]] boost::asio::awaitable<Result<Done>> looked(ledger::BookId book, Principal principal, std::string request_id,
                                                              AuditTarget target);

    // Somebody known was refused. Best effort: when the trail cannot be written the refusal stands all the same.
    [[nodiscard]] boost::asio::awaitable<void> denied(Principal principal, std::string operation_id, std::string request_id, Errc why);

private:
    AuditEntry entry(ledger::BookId book, Principal const& principal) const;
    boost::asio::awaitable<Result<Done>> write(std::shared_ptr<AuditEntry const> entry);

    ledger::Ledger& ledger_;
    Clock const& clock_;
    Random& random_;
};

}  // namespace cho40::identity
