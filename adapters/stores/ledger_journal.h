#pragma once
#include "adapters/observability/log.h"
#include "adapters/postgres/pipeline.h"
#include "adapters/stores/copy_lanes.h"
#include "adapters/stores/journal_parts.h"
#include "adapters/stores/row_writers.h"
#include "ledger/ports.h"

namespace cho40::stores {

struct JournalOptions {
    std::string writer_group{};
    std::string holder{};   // who takes the lease, for people who look
    std::string address{};  // where other instances reach this one; empty: nowhere
    std::size_t lanes = 2;  // connections large batches overlap on; with 1, a lost connection is not survived: for measuring only
    std::size_t copy_from = 256;        // transfers from which a batch goes by COPY instead of one pipelined segment
    std::int64_t part_rows = 1'000'000; // rows after which a part is full
    std::chrono::hours part_age{24 * 31};  // or this long after its opening, when anything is in it
    std::int64_t settle_rows = 100'000;        // rows that the open part gained, or
    std::chrono::seconds settle_age{5};        // time after which any it gained, are frozen
};

// The journal on PostgreSQL. A small batch is one segment: one transaction, one round trip; a large one goes by COPY on one of
// two lanes, so that the next is being written while one commits. A lost answer is cleared up by sending the batch again:
// its own row, written first, waits for the lost transaction and then says whether that stands.
class LedgerJournal final : public ledger::Journal {
public:
    LedgerJournal(boost::asio::any_io_executor executor, postgres::SharedConnectionInfo info, JournalOptions options,
                  RowWriters const& writers, Clock const& clock, observability::Log const& log);
    ~LedgerJournal() override;

    // Take over only from this epoch (0: from nobody); nothing: from whomever.
    void expect_epoch(std::optional<std::int64_t> epoch) { expected_epoch_ = epoch; }
    // Errors: unavailable (no database within the deadline), books_broken, writer_lost (another epoch than expected stands).
    [[nodiscard]] boost::asio::awaitable<Result<ledger::State>> take_over() override;
    [[nodiscard]] boost::asio::awaitable<Append> append(std::shared_ptr<ledger::Batch const> batch, Turn turn) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<ledger::JournalRow>>> find(std::vector<Uuid> ids) override;

    // After this, append() gives up on an unreachable database instead of asking for ever.
    void give_up() { giving_up_ = true; }

    // One round of looking after the parts, called every second or so by the instance that writes: makes the next part before
    // this one is full, freezes what was written, seals what is full. What was sealed; rows up to there need not be kept in memory.
    [[nodiscard]] boost::asio::awaitable<std::vector<SealedUpTo>> keep_parts();

    [[nodiscard]] std::int64_t epoch() const { return epoch_; }
    [[nodiscard]] std::int64_t rows_in_open_part() const { return part_rows_; }

private:
    enum class Try { committed, refused, abandoned, lease_lost, nothing_happened, unknown };

    boost::asio::awaitable<Try> try_once(std::shared_ptr<ledger::Batch const> batch, std::int64_t batch_no, std::int16_t part,
                                         Turn const& turn, std::string& error);
    boost::asio::awaitable<Try> try_segment(std::shared_ptr<ledger::Batch const> batch, std::int64_t batch_no, std::int16_t part,
                                            Turn const& turn, std::string& error);
    boost::asio::awaitable<Try> try_copy(std::shared_ptr<ledger::Batch const> batch, std::int64_t batch_no, std::int16_t part,
                                         Turn const& turn, std::string& error);
    boost::asio::awaitable<Try> meaning_of(postgres::DbError refusal, std::string& error);
    boost::asio::awaitable<std::optional<bool>> stands(std::int64_t batch_no);  // nothing: could not ask
    boost::asio::awaitable<std::optional<bool>> holds_lease();
    boost::asio::awaitable<postgres::DbResult<std::unique_ptr<postgres::Connection>>> connect();
    boost::asio::awaitable<postgres::DbResult<Done>> open_pipeline();
    boost::asio::awaitable<postgres::DbResult<std::int64_t>> raise_epoch(postgres::Connection& connection);
    [[nodiscard]] std::string application_name() const;
    [[nodiscard]] bool wants_settling() const;
    [[nodiscard]] std::int16_t part_for(std::size_t rows);

    boost::asio::any_io_executor executor_;
    postgres::SharedConnectionInfo info_;
    JournalOptions options_;
    RowWriters const& writers_;
    Clock const& clock_;
    observability::Log const& log_;
    std::shared_ptr<postgres::Pipeline> pipeline_;
    CopyLanes lanes_;
    std::optional<std::int64_t> expected_epoch_;
    std::int64_t epoch_ = 0;
    std::int64_t batch_no_ = 0;
    bool giving_up_ = false;

    std::vector<JournalPart> parts_;        // all of the group, in order; rows go to `part_`
    std::int16_t part_ = 0;
    std::int64_t part_rows_ = 0;
    Instant part_since_;
    std::int64_t settled_rows_ = 0;         // of the open part
    Instant settled_at_;
    std::optional<std::int16_t> next_part_; // made, and empty
    std::map<std::int16_t, int> writing_;   // batches on their way, by part
};

}  // namespace cho40::stores
