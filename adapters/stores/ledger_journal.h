#pragma once
#include "adapters/observability/log.h"
#include "adapters/postgres/connection.h"
#include "adapters/stores/row_writers.h"
#include "ledger/ports.h"
#include <set>

namespace cho40::stores {

// The journal on PostgreSQL: BEGIN, lease check, binary COPY of the journal rows, accounts, events, attached rows set
// by set, COMMIT. A lost answer is cleared up by asking whether the batch's row stands.
class LedgerJournal final : public ledger::Journal {
public:
    LedgerJournal(boost::asio::any_io_executor executor, postgres::SharedConnectionInfo info, std::string writer_group,
                  std::string holder, RowWriters const& writers, Clock const& clock, observability::Log const& log);

    // Errors: unavailable (no database within the deadline).
    [[nodiscard]] boost::asio::awaitable<Result<ledger::State>> take_over() override;
    [[nodiscard]] boost::asio::awaitable<Append> append(std::shared_ptr<ledger::Batch const> batch) override;

    // After this, append() gives up on an unreachable database instead of asking for ever.
    void give_up() { giving_up_ = true; }

private:
    enum class Try { committed, refused, lease_lost, nothing_happened, unknown };

    boost::asio::awaitable<Try> try_once(std::shared_ptr<ledger::Batch const> batch, std::string& error);
    boost::asio::awaitable<postgres::DbResult<Done>> write_batch(std::shared_ptr<ledger::Batch const> batch);
    boost::asio::awaitable<std::optional<bool>> stands(std::int64_t batch_no);  // nothing: could not ask
    boost::asio::awaitable<bool> connect();
    boost::asio::awaitable<postgres::DbResult<Done>> ensure_partitions(Instant at);
    boost::asio::awaitable<Result<ledger::State>> load();

    boost::asio::any_io_executor executor_;
    postgres::SharedConnectionInfo info_;
    std::string group_;
    std::string holder_;
    RowWriters const& writers_;
    Clock const& clock_;
    observability::Log const& log_;
    std::unique_ptr<postgres::Connection> connection_;
    std::int64_t epoch_ = 0;
    std::int64_t batch_no_ = 0;
    std::set<std::string> partitions_;
    bool giving_up_ = false;
};

// The order and types of the journal's columns, shared by the writer and by everything that reads rows back.
inline constexpr std::string_view journal_columns =
    "book_id, seq, transfer_id, debit_account, credit_account, amount, debit_balance, credit_balance, code, reference, "
    "event_at, recorded_at, chain";
[[nodiscard]] ledger::JournalRow read_journal_row(postgres::Row const& row);

}  // namespace cho40::stores
