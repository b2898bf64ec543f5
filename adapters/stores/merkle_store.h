#pragma once
#include "adapters/postgres/pool.h"
#include "ledger/notary.h"
#include "ledger/proof.h"

namespace cho40::stores {

// The notary's tables (ledger_head, merkle_node) beside the journal it reads.
class MerkleStore final : public ledger::NotaryStore {
public:
    MerkleStore(postgres::Pool& pool, std::string writer_group) : pool_(pool), group_(std::move(writer_group)) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Sha256>>> hashes(ledger::BookId book, int level, std::int64_t first,
                                                                             std::int64_t count) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<ledger::BookId>>> books_behind() override;
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<ledger::SignedHead>>> newest_head(ledger::BookId book) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Standing>>> write(std::vector<Page> const& pages) override;

private:
    postgres::Pool& pool_;
    std::string group_;
};

// What proofs are made from. Reads only.
class ProofStore final : public ledger::ProofReader {
public:
    explicit ProofStore(postgres::Pool& pool) : pool_(pool) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Sha256>>> hashes(ledger::BookId book, int level, std::int64_t first,
                                                                             std::int64_t count) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<ledger::JournalRow>>> find_row(Id<ledger::Transfer> transfer,
                                                                                             std::optional<ledger::BookId> book) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<ledger::JournalRow>>> row_at(ledger::BookId book, std::int64_t seq) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<ledger::SignedHead>>> newest_head(ledger::BookId book) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<ledger::SignedHead>>> first_head(ledger::BookId book,
                                                                                               std::int64_t size) override;

private:
    postgres::Pool& pool_;
};

}  // namespace cho40::stores
