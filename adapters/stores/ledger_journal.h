#pragma once
#include "adapters/observability/log.h"
#include "adapters/postgres/pipeline.h"
#include "adapters/stores/row_writers.h"
#include "ledger/ports.h"
#include <set>

namespace cho40::postgres {
class Connection;
}

namespace cho40::stores {

// The journal on PostgreSQL: a batch is one transaction and one round trip (batch_segment.h). A lost answer is cleared up
// by asking whether the batch's row stands.
class LedgerJournal final : public ledger::Journal {
public:
    LedgerJournal(boost::asio::any_io_executor executor, postgres::SharedConnectionInfo info, std::string writer_group, std::string holder,
                  RowWriters const& writers, Clock const& clock, observability::Log const& log);

    // Errors: unavailable (no database within the deadline).
    [[nodiscard]] boost::asio::awaitable<Result<ledger::State>> take_over() override;
    [[nodiscard]] boost::asio::awaitable<Append> append(std::shared_ptr<ledger::Batch const> batch) override;

    // After this, append() gives up on an unreachable database instead of asking for ever.
    void give_up() { giving_up_ = true; }

private:
    enum class Try { committed, refused, lease_lost, nothing_happened, unknown };

    boost::asio::awaitable<Try> try_once(std::shared_ptr<ledger::Batch const> batch, std::string& error);
    boost::asio::awaitable<std::optional<bool>> stands(std::int64_t batch_no);  // nothing: could not ask
    boost::asio::awaitable<std::optional<bool>> holds_lease();
    boost::asio::awaitable<postgres::DbResult<std::unique_ptr<postgres::Connection>>> connect();
    boost::asio::awaitable<postgres::DbResult<Done>> open_pipeline();
    boost::asio::awaitable<postgres::DbResult<Done>> ensure_partitions(Instant at);
    boost::asio::awaitable<Result<ledger::State>> load(postgres::Connection& connection);

    boost::asio::any_io_executor executor_;
    postgres::SharedConnectionInfo info_;
    std::string group_;
    std::string holder_;
    RowWriters const& writers_;
    Clock const& clock_;
    observability::Log const& log_;
    std::shared_ptr<postgres::Pipeline> pipeline_;
    std::int64_t epoch_ = 0;
    std::int64_t batch_no_ = 0;
    std::set<std::string> partitions_;
    bool giving_up_ = false;
};

// Pre: the columns of the journal in the order of its table.
[[nodiscard]] ledger::JournalRow read_journal_row(postgres::Row const& row);

}  // namespace cho40::stores
