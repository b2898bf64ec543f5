#pragma once
#include "adapters/api/handler.h"
#include "adapters/http/cursor.h"
#include "adapters/identity/gate.h"
#include "adapters/identity/idempotency.h"
#include "adapters/identity/sign_ins.h"
#include "adapters/stores/audit_store.h"
#include "adapters/stores/people_store.h"
#include "ledger/ports.h"

namespace cho40::api {

// What the routes about people, sign-ins and the audit trail work with. Outlives the server.
struct PeopleContext {
    identity::Gate& gate;
    identity::Idempotency& idempotency;
    identity::SignIns& sign_ins;
    identity::Passwords& passwords;
    stores::PeopleStore& people;
    stores::AuditStore& audits;
    ledger::Ledger& ledger;
    http::Cursors const& cursors;
    Clock const& clock;
    Random& random;
};

void add_sign_in_routes(http::Router& router, PeopleContext& context);  // sign_ins.create, sign_ins.delete, me.read
void add_user_routes(http::Router& router, PeopleContext& context);     // users.create
void add_audit_routes(http::Router& router, PeopleContext& context);    // audit.list

inline void add_people_routes(http::Router& router, PeopleContext& context)
{
    add_sign_in_routes(router, context);
    add_user_routes(router, context);
    add_audit_routes(router, context);
}

}  // namespace cho40::api
