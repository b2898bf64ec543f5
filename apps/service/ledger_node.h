#pragma once
#include "adapters/api/ledger_forward.h"
#include "adapters/stores/ledger_journal.h"
#include "adapters/stores/pulse_store.h"
#include "ledger/invariants/batch_check.h"
#include "ledger/notary.h"
#include "ledger/writer.h"
#include <boost/asio/steady_timer.hpp>

namespace cho40::service {

// This instance's place at the ledger. One instance of a writer group writes; the others hand their commands to it and watch
// its pulse, and when that stops one of them takes over. An instance without an address for others is alone: it takes the
// lease when it starts, and when somebody else takes it, it is told so and stops.
class LedgerNode final : public ledger::Ledger {
public:
    struct Options {
        std::string address;  // base URL under which other instances reach this one; empty: alone
        std::chrono::milliseconds lease = std::chrono::seconds(5);   // a pulse older than this is a writer that is gone
        std::chrono::milliseconds round = std::chrono::milliseconds(250);
        bool check_batches = false;  // hold each against the laws of the books, and write no more after one that breaks them
    };

    // Who signs for the books while this instance writes.
    struct Signing {
        ledger::NotaryStore& store;
        ledger::HeadSigner const& signer;
        ledger::NotaryWatch& watch;
    };

    LedgerNode(boost::asio::any_io_executor executor, postgres::SharedConnectionInfo info, postgres::Pool& pool, http::Client& client,
               identity::InstallationKey const& key, stores::JournalOptions journal, Options options, Signing signing,
               stores::RowWriters const& row_writers, Clock const& clock, observability::Log const& log,
               std::function<void(ledger::Batch const&)> after_commit);

    [[nodiscard]] boost::asio::awaitable<Result<Done>> start();  // as writer, or behind a writer that is alive
    [[nodiscard]] boost::asio::awaitable<void> write();  // until stop(), or must_end()
    [[nodiscard]] boost::asio::awaitable<void> watch();  // pulse and takeover, until cancelled
    [[nodiscard]] boost::asio::awaitable<void> keep_parts();  // until cancelled
    [[nodiscard]] boost::asio::awaitable<void> sign_heads();  // until cancelled
    void stop();  // what is queued is still written
    // The last heads are signed, and others need not wait for the pulse to grow old.
    [[nodiscard]] boost::asio::awaitable<void> rest();

    [[nodiscard]] boost::asio::awaitable<Result<ledger::Receipt>> submit(ledger::Command command) override;
    [[nodiscard]] boost::asio::awaitable<std::vector<Result<ledger::Receipt>>> submit_all(std::vector<ledger::Command> commands) override;

    // What this instance writes with; null behind another writer.
    [[nodiscard]] ledger::Writer* writer();
    [[nodiscard]] bool can_take_commands();
    // Alone and replaced, or its batches broke a law of the books: it has nothing to do here any more.
    [[nodiscard]] bool must_end() const { return must_end_; }

private:
    // A term as writer: the journal with its lease, the writer over it, and the notary of what it writes.
    struct Term {
        explicit Term(LedgerNode& node);
        stores::LedgerJournal journal;
        ledger::Notary notary;
        ledger::Writer writer;
        std::optional<ledger::BatchCheck> check;
    };

    [[nodiscard]] bool alone() const { return options_.address.empty(); }
    boost::asio::awaitable<Result<Done>> take_over(std::optional<std::int64_t> expected_epoch);
    void check(Term& term, ledger::Batch const& batch);
    boost::asio::awaitable<void> beat();
    boost::asio::awaitable<void> follow();
    boost::asio::awaitable<void> pause(std::chrono::milliseconds time);

    boost::asio::any_io_executor executor_;
    postgres::SharedConnectionInfo info_;
    stores::PulseStore pulses_;
    http::Client& client_;
    identity::InstallationKey const& key_;
    stores::JournalOptions journal_options_;
    Options options_;
    Signing signing_;
    stores::RowWriters const& row_writers_;
    Clock const& clock_;
    observability::Log const& log_;
    std::function<void(ledger::Batch const&)> after_commit_;
    std::shared_ptr<Term> term_;
    std::shared_ptr<api::RemoteLedger> leader_;
    std::string leader_address_;
    Signal term_begun_;
    bool stopping_ = false;
    bool must_end_ = false;
};

}  // namespace cho40::service
