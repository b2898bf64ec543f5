#pragma once
#include "ledger/ports.h"
#include <map>

namespace cho40::tests::model {

// What a database would keep: survives its writers, fences all but the newest, and refuses what contradicts it.
struct Disk {
    struct Book {
        std::map<ledger::AccountNumber, ledger::Account> accounts;
        std::map<Uuid, ledger::Hold> holds;
        std::vector<ledger::JournalRow> rows;  // seq is the position from 1
        std::optional<Instant> closed_before;
        std::int64_t events = 0;
        std::size_t sealed = 0;  // rows whose effect is noted in `balances`
        std::map<ledger::AccountNumber, Dong> balances;
    };
    std::map<ledger::BookId, Book> books;
    std::vector<Uuid> order;  // of all rows
    std::map<Uuid, std::int64_t> versions;
    std::int64_t epoch = 0;

    // Why the batch cannot stand; nothing: it does now.
    [[nodiscard]] std::optional<std::string> commit(ledger::Batch const& batch);
    void seal();
    [[nodiscard]] ledger::State load(std::size_t remembered) const;
    [[nodiscard]] ledger::JournalRow const* find(Uuid const& id) const;

private:
    [[nodiscard]] std::optional<std::string> contradiction(ledger::Batch const& batch) const;
    void enter(ledger::JournalRow const& row);
    std::map<Uuid, std::pair<ledger::BookId, std::size_t>> ids_;
};

class MemoryJournal final : public ledger::Journal {
public:
    MemoryJournal(Disk& disk, std::size_t remembered) : disk_(disk), remembered_(remembered) {}

    boost::asio::awaitable<Result<ledger::State>> take_over() override;
    boost::asio::awaitable<Append> append(std::shared_ptr<ledger::Batch const> batch, Turn turn) override;
    boost::asio::awaitable<Result<std::vector<ledger::JournalRow>>> find(std::vector<Uuid> ids) override;

private:
    Disk& disk_;
    std::size_t remembered_;
    std::int64_t epoch_ = 0;
};

}  // namespace cho40::tests::model
