#pragma once
#include "adapters/http/client.h"
#include "adapters/http/router.h"
#include "adapters/identity/secrets.h"
#include "adapters/stores/command_wire.h"
#include "ledger/ports.h"

namespace cho40::api {

// Between instances of one installation: commands go to the one that writes, over HTTP, signed with a key that every
// instance derives from the installation's. A repeated message does no harm, because a command is recognised by its ids.

// POST /internal/ledger/commands. `ledger` is what this instance writes with, or null when it does not write.
void add_ledger_forward_route(http::Router& router, identity::InstallationKey const& key, stores::RowWriters const& writers,
                              Clock const& clock, std::function<ledger::Ledger*()> ledger);

// The other end. Errors beside those of the writer: writer_lost (it cannot be reached; whether it acted is not known until the
// same command is sent again).
class RemoteLedger final : public ledger::Ledger {
public:
    RemoteLedger(http::Client& client, identity::InstallationKey const& key, stores::RowWriters const& writers, Clock const& clock,
                 std::string address);

    [[nodiscard]] boost::asio::awaitable<Result<ledger::Receipt>> submit(ledger::Command command) override;
    [[nodiscard]] boost::asio::awaitable<std::vector<Result<ledger::Receipt>>> submit_all(std::vector<ledger::Command> commands) override;

private:
    http::Client& client_;
    Secret key_;
    stores::RowWriters const& writers_;
    Clock const& clock_;
    std::string address_;
};

}  // namespace cho40::api
