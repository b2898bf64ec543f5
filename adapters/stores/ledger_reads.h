#pragma once
#include "adapters/stores/book_map.h"
#include "adapters/stores/part_statements.h"
#include "ledger/reader.h"
#include "ledger/state.h"
#include <functional>

namespace cho40::stores {

// The memory of the instance that writes; null elsewhere.
using WriterMemory = std::function<ledger::State const*()>;

// Reads the journal part by part. A sealed part is asked through the index of its debit and its credit side; for what is not
// sealed the writer's memory names the rows, and where there is none the rows are walked along. An account that a large
// share of the rows touch is found by walking in every part. All calls on the loop's thread.
//
// Rows become visible in order of seq, so parts are asked from the newest to the oldest: whatever one of them shows, all that
// came before it is seen too.
class LedgerReads final : public ledger::LedgerReader {
public:
    // A question to memory is answered on the thread that posts: so many steps take a millisecond.
    static constexpr std::size_t memory_steps_default = 20'000;

    explicit LedgerReads(postgres::Pool& pool, WriterMemory memory = {}, std::size_t memory_steps = memory_steps_default)
        : pool_(pool), memory_(std::move(memory)), memory_steps_(memory_steps), maps_(pool)
    {
    }

    [[nodiscard]] Answer<ledger::AccountReport> account(ledger::BookId book, ledger::AccountNumber account) override;
    [[nodiscard]] Answer<Dong> balance_at(ledger::BookId book, ledger::AccountNumber account, Instant at, ledger::TimeAxis by) override;
    [[nodiscard]] Answer<std::vector<ledger::JournalRow>> entries(ledger::BookId book, ledger::AccountNumber account,
                                                                  ledger::EntryRange range) override;
    [[nodiscard]] Answer<std::unique_ptr<ledger::StatementStream>> statement(ledger::StatementQuery query) override;
    [[nodiscard]] Answer<std::optional<ledger::JournalRow>> transfer(ledger::BookId book, Id<ledger::Transfer> id) override;
    [[nodiscard]] Answer<ledger::TransferPage> transfers(ledger::BookId book, ledger::TransferFilter filter, std::int64_t before,
                                                         std::size_t limit) override;
    [[nodiscard]] Answer<std::vector<ledger::HoldReport>> holds(ledger::BookId book, ledger::HoldState state, Uuid after,
                                                                std::size_t limit) override;
    [[nodiscard]] Answer<std::vector<ledger::JournalRow>> feed(ledger::BookId book, std::int64_t after, std::size_t limit) override;
    [[nodiscard]] Answer<std::int64_t> head(ledger::BookId book) override;

    // What parts of a question work on.
    struct Subject {
        ledger::BookId book;
        ledger::AccountNumber account;
        std::shared_ptr<BookMap const> map;
        AccountFacts facts;

        // So many rows touch it that walking along all of them finds its own sooner than an index does.
        [[nodiscard]] bool busy() const { return facts.sealed_entries * 128 > map->sealed_last; }
    };
    // Some rows of a sealed part: after < seq < before.
    struct SealedPiece {
        std::int16_t part;
        std::int64_t after, before;
    };
    struct Key {
        std::int64_t seq;
        Instant event_at;
    };

    [[nodiscard]] Answer<Subject> subject(ledger::BookId book, ledger::AccountNumber account);
    [[nodiscard]] Answer<std::vector<ledger::JournalRow>> entries_of(Subject const& subject, ledger::EntryRange range);
    // Of the account, those of the given rows that are durable, in order of seq.
    [[nodiscard]] Answer<std::vector<ledger::JournalRow>> rows_of(Subject const& subject, std::vector<std::int64_t> seqs);
    // The newest row that touches the account with seq < before, or nothing: the balance was 0 then.
    [[nodiscard]] Answer<Dong> balance_before(Subject const& subject, std::int64_t before);
    // The first seq recorded at or after the instant; one after the newest row when there is none.
    [[nodiscard]] Answer<std::int64_t> first_at(ledger::BookId book, BookMap const& map, Instant at);
    [[nodiscard]] Answer<std::int64_t> head_of(ledger::BookId book, BookMap const& map);
    // What happened before the instant, whenever it was recorded, among rows with seq < before.
    [[nodiscard]] Answer<Dong> happened_before(Subject const& subject, Instant at, std::int64_t before);
    // The account's movements that happened in [from, to), in that order, among rows with seq < before.
    [[nodiscard]] Answer<std::vector<Key>> keys_between(Subject const& subject, Instant from, Instant to, std::int64_t before);

private:
    using Rows = std::vector<ledger::JournalRow>;
    boost::asio::awaitable<Result<Done>> add_sealed(Subject const& subject, ledger::EntryRange range, Rows& out);
    boost::asio::awaitable<Result<Done>> add_pieces(Subject const& subject, std::vector<SealedPiece> const& pieces,
                                                    ledger::EntryRange const& range, Rows& out);
    boost::asio::awaitable<Result<Done>> add_hot(Subject const& subject, ledger::EntryRange range, Rows& out);
    boost::asio::awaitable<Result<bool>> add_remembered(Subject const& subject, ledger::EntryRange range, Rows& out);
    boost::asio::awaitable<Result<Done>> add_walked(Subject const& subject, ledger::EntryRange range, Rows& out);
    boost::asio::awaitable<Result<ledger::TransferPage>> by_reference(ledger::BookId book, BookMap const& map, std::string reference,
                                                                      std::int64_t before, std::size_t limit);
    struct Walk;
    boost::asio::awaitable<Result<Done>> walk_part(Walk& walk, std::vector<std::int16_t> parts, std::int64_t low, std::int64_t high);

    postgres::Pool& pool_;
    WriterMemory memory_;
    std::size_t memory_steps_;
    BookMaps maps_;
    PartStatements statements_;
};

}  // namespace cho40::stores
