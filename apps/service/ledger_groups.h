#pragma once
#include "adapters/api/ledger_forward.h"
#include "adapters/stores/book_store.h"
#include "apps/service/ledger_node.h"

namespace cho40::service {

// Sends each command to the writer of its book's group: this instance's own node, or the instance whose pulse another group
// shows. A book that is just being made belongs to the own group.
class LedgerGroups final : public ledger::Ledger {
public:
    LedgerGroups(LedgerNode& own, std::string own_group, postgres::Pool& pool, http::Client& client, identity::InstallationKey const& key,
                 stores::RowWriters const& row_writers, Clock const& clock)
        : own_(own), own_group_(std::move(own_group)), pool_(pool), books_(pool), client_(client), key_(key), row_writers_(row_writers),
          clock_(clock)
    {
    }

    [[nodiscard]] boost::asio::awaitable<Result<ledger::Receipt>> submit(ledger::Command command) override;
    // Those of one group in their order; groups one after the other.
    [[nodiscard]] boost::asio::awaitable<std::vector<Result<ledger::Receipt>>> submit_all(std::vector<ledger::Command> commands) override;

private:
    using Answers = std::vector<Result<ledger::Receipt>>;

    boost::asio::awaitable<Result<std::string>> group_of(ledger::BookId book);
    boost::asio::awaitable<Answers> submit_to(std::string group, std::vector<ledger::Command> commands);

    LedgerNode& own_;
    std::string own_group_;
    postgres::Pool& pool_;
    stores::BookStore books_;
    http::Client& client_;
    identity::InstallationKey const& key_;
    stores::RowWriters const& row_writers_;
    Clock const& clock_;
};

}  // namespace cho40::service
