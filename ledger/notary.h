#pragma once
#include "ledger/merkle_paths.h"
#include "ledger/signed_head.h"
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <optional>
#include <unordered_map>

namespace cho40::ledger {

// Where heads and kept nodes are written down: beside the journal, never in a posting transaction.
struct NotaryStore : MerkleReader {
    // What is written for one book at once.
    struct Page {
        std::vector<MerkleNode> nodes;
        SignedHead head;
    };
    struct Standing {
        std::optional<SignedHead> head;  // of the page's book and size; none: the chain of heads has gone on without it
        bool nodes_agree = true;         // with what stood before
    };

    // Books of this writer that have grown since their newest head.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<BookId>>> books_behind() = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<SignedHead>>> newest_head(BookId book) = 0;
    // Adds what does not stand yet and never changes what does. A head follows the one it names as previous, or is not added:
    // no head has two successors. Answers what stands now, for each page.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<Standing>>> write(std::vector<Page> const& pages) = 0;
};

// What must never be, found while signing. Signing of the book stops until the service is started again.
enum class HeadAlarm {
    root_differs,  // a head stands that is not the root of the journal's rows
    node_differs,  // a kept node stands that is not the root of its rows
    head_forged,   // a head names our key and our key did not sign it
    rows_missing,  // the journal has fewer rows than were posted or signed
};
[[nodiscard]] std::string_view head_alarm_name(HeadAlarm alarm);

struct NotaryWatch {
    virtual ~NotaryWatch() = default;
    virtual void on_signed(SignedHead const& head) = 0;
    virtual void on_alarm(HeadAlarm alarm, BookId book, std::int64_t size) = 0;
};

struct NotaryLimits {
    std::int64_t rows_at_once = 1'024;   // read from the journal in one go
    std::int64_t rows_a_round = 65'536;  // of one book, when it has to be caught up with
    std::size_t rows_ahead = 65'536;     // leaf hashes of one book kept while it is being caught up with
    std::size_t nodes_unwritten = 4'096; // of one book; beyond that they are forgotten and made again from the journal
    std::size_t pages_at_once = 16;      // signed and written between two turns of the loop
    std::size_t books = 10'000;          // kept in memory
};

// Keeps the Merkle tree of each book of the writer and signs its head. Only the instance that writes has one; two for a
// moment do no harm. All of it runs on the loop.
class Notary {
public:
    // All must outlive it.
    Notary(boost::asio::any_io_executor executor, NotaryStore& store, HeadSigner const& signer, Clock const& clock, NotaryWatch& watch,
           NotaryLimits limits = {});

    // Rows that have become durable, in order of seq. Hashes and keeps, nothing else.
    void on_committed(std::span<JournalRow const> rows);

    // Takes up the books whose last rows no head covers yet. Call once, when the writer has taken over.
    [[nodiscard]] boost::asio::awaitable<Result<Done>> start();
    // Writes nodes and a head for each book that grew. True: there is more to do at once. To be called every second.
    [[nodiscard]] boost::asio::awaitable<Result<bool>> round();
    // The newest head of a book, signed now when the book grew since. Errors: not_found (a book without rows), books_broken
    // (an alarm was raised), unavailable.
    [[nodiscard]] boost::asio::awaitable<Result<SignedHead>> sign_now(BookId book);

private:
    struct Log {
        MerkleFrontier tree;
        bool loaded = false;              // kept nodes have been read into the tree
        bool live = false;                // the tree holds every row we were told of
        bool halted = false;              // an alarm was raised
        std::int64_t told = 0;            // newest row we were told of
        std::deque<Sha256> ahead;         // leaves told while not live …
        std::int64_t ahead_from = 0;      // … and the index of the first
        std::vector<MerkleNode> unwritten;
        bool newest_known = false;
        std::optional<SignedHead> newest;
        bool grew = false;                // since the last round

        [[nodiscard]] std::int64_t covered() const { return newest ? newest->size : 0; }
    };
    class Turn;

    void take(Log& log, std::int64_t seq, Sha256 const& leaf);
    void take_ahead(Log& log);
    void forget(Log& log);
    void halt(Log& log, HeadAlarm alarm, BookId book, std::int64_t size);
    boost::asio::awaitable<Result<Done>> load(BookId book, Log& log);
    boost::asio::awaitable<Result<bool>> catch_up(BookId book, Log& log);  // true: live
    boost::asio::awaitable<Result<Done>> check_newest(BookId book, Log& log);
    boost::asio::awaitable<Result<bool>> advance(BookId book, std::vector<NotaryStore::Page>& pages);  // false: there is more
    boost::asio::awaitable<Result<Done>> write(std::vector<NotaryStore::Page> pages);
    NotaryStore::Page next_page(BookId book, Log& log);
    void drop_idle_books();

    boost::asio::any_io_executor executor_;
    NotaryStore& store_;
    HeadSigner const& signer_;
    Clock const& clock_;
    NotaryWatch& watch_;
    NotaryLimits limits_;
    std::unordered_map<BookId, Log> logs_;
    bool busy_ = false;
    boost::asio::steady_timer free_;  // never expires; cancelled when busy_ ends
};

}  // namespace cho40::ledger
