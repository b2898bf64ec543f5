#pragma once
#include "ledger/standing.h"
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace cho40::ledger {

// One law of the books. Rows of a book are shown in order of seq, from the first; the law answers in words an auditor
// understands as soon as it is broken.
class Invariant {
public:
    virtual ~Invariant() = default;
    [[nodiscard]] virtual std::string_view name() const = 0;
    // Before the first row, when that is not the book's first: where the book stands.
    virtual void begin(Standing const& standing) = 0;
    [[nodiscard]] virtual std::optional<std::string> on_row(JournalRow const& row) = 0;
    // What the books say of themselves after the row shown last.
    [[nodiscard]] virtual std::optional<std::string> on_standing(Standing const&) { return std::nullopt; }
    // Called after the last row of a book; forgets the book.
    [[nodiscard]] virtual std::optional<std::string> on_book_end(BookId book) = 0;
};

// The first fault found, or nothing: which law, and where.
struct Fault {
    std::string law;
    BookId book;
    std::int64_t seq = 0;  // 0: seen at the end of the book
    std::string what;
};

class ChainIntact;
struct HeadKey;
struct SignedHead;

// Shows rows of one book after another to every law.
class Verifier {
public:
    // With keys every head must be signed by one of them; without, signatures are not looked at. The keys must outlive the verifier.
    explicit Verifier(std::vector<HeadKey const*> keys = {});
    ~Verifier();
    // Heads of the book of the next rows, in order, each before the row with the number of its size.
    void expect(SignedHead const& head);
    // What the books say of themselves, one standing a book, before the row after it.
    void expect(Standing said);
    [[nodiscard]] std::optional<Fault> on_row(JournalRow const& row);
    [[nodiscard]] std::optional<Fault> finish();
    [[nodiscard]] std::int64_t rows() const { return rows_; }
    [[nodiscard]] std::int64_t books() const { return books_; }
    [[nodiscard]] std::int64_t heads() const;
    [[nodiscard]] std::int64_t signatures() const;  // of these, checked

private:
    [[nodiscard]] std::optional<Fault> compare_standings(BookId book, std::int64_t seq);

    std::vector<std::unique_ptr<Invariant>> laws_;
    ChainIntact* chain_;  // one of the laws
    std::deque<Standing> said_;
    std::optional<BookId> book_;
    std::int64_t rows_ = 0;
    std::int64_t books_ = 0;
};

// The laws that a book's rows keep by themselves, the one that names the cause before those that see its consequences.
[[nodiscard]] std::vector<std::unique_ptr<Invariant>> make_laws();

[[nodiscard]] std::unique_ptr<Invariant> make_conservation();
[[nodiscard]] std::unique_ptr<Invariant> make_balances_match_entries();
[[nodiscard]] std::unique_ptr<Invariant> make_sequence_gapless();
[[nodiscard]] std::unique_ptr<Invariant> make_one_outcome_per_key();
[[nodiscard]] std::unique_ptr<Invariant> make_holds_end_once();
[[nodiscard]] std::unique_ptr<Invariant> make_closed_stays_closed();

}  // namespace cho40::ledger
