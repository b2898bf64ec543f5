#include "ledger/invariants/batch_check.h"

namespace cho40::ledger {

struct BatchCheck::Book {
    Book()
    {
        laws = make_laws();
        auto last = std::make_unique<HeldPlusAvailable>();
        balances = last.get();
        laws.push_back(std::move(last));
    }

    std::vector<std::unique_ptr<Invariant>> laws;
    HeldPlusAvailable* balances;  // one of them
    std::int64_t event_seq = 0;
};

BatchCheck::BatchCheck(State const& state)
{
    for (auto const id : state.books()) {
        auto const standing = state.standing(id);
        auto& book = book_of(id);
        for (auto const& law : book.laws) law->begin(standing);
        book.event_seq = standing.event_seq;
    }
}

BatchCheck::~BatchCheck() = default;

BatchCheck::Book& BatchCheck::book_of(BookId id)
{
    auto& book = books_[id];
    if (!book) book = std::make_unique<Book>();
    return *book;
}

std::optional<Fault> BatchCheck::on_committed(Batch const& batch, State const& state)
{
    for (auto const& row : batch.journal) {
        for (auto const& law : book_of(row.book).laws) {
            if (auto what = law->on_row(row)) return Fault{std::string(law->name()), row.book, row.seq, *what};
        }
        touched_.emplace(row.book, row.transfer.debit);
        touched_.emplace(row.book, row.transfer.credit);
    }
    for (auto const& event : batch.events) {
        auto const expected = ++book_of(event.book).event_seq;
        if (event.seq == expected) continue;
        return Fault{"events_gapless", event.book, event.seq, "event " + std::to_string(expected) + " is missing"};
    }
    if (state.unsettled() > 0) return std::nullopt;
    for (auto const& [id, account] : touched_) {
        auto const& law = *book_of(id).balances;
        if (auto what = law.compare(account, state.balance(id, account).value_or(Balance{})))
            return Fault{std::string(law.name()), id, 0, *what};
    }
    touched_.clear();
    return std::nullopt;
}

}  // namespace cho40::ledger
