#include "base/check.h"
#include "ledger/invariants/chain_intact.h"
#include "ledger/invariants/held_plus_available.h"

namespace cho40::ledger {

std::vector<std::unique_ptr<Invariant>> make_laws()
{
    std::vector<std::unique_ptr<Invariant>> laws;
    laws.push_back(make_sequence_gapless());
    laws.push_back(make_one_outcome_per_key());
    laws.push_back(make_balances_match_entries());
    laws.push_back(make_holds_end_once());
    laws.push_back(make_closed_stays_closed());
    laws.push_back(make_conservation());
    return laws;
}

Verifier::Verifier(std::vector<HeadKey const*> keys) : laws_(make_laws())
{
    auto chain = std::make_unique<ChainIntact>(std::move(keys));
    chain_ = chain.get();
    laws_.push_back(std::move(chain));
    laws_.push_back(std::make_unique<HeldPlusAvailable>());
}

Verifier::~Verifier() = default;

void Verifier::expect(SignedHead const& head) { chain_->expect(head); }

void Verifier::expect(Standing said) { said_.push_back(std::move(said)); }

std::int64_t Verifier::heads() const { return chain_->heads(); }

std::int64_t Verifier::signatures() const { return chain_->signatures(); }

std::optional<Fault> Verifier::on_row(JournalRow const& row)
{
    if (!book_ || *book_ != row.book) {
        CHO_CHECK(!book_ || *book_ < row.book);  // books one after another, each in order
        if (auto fault = finish()) return fault;
        book_ = row.book;
        ++books_;
    }
    ++rows_;
    for (auto const& law : laws_) {
        if (auto what = law->on_row(row)) return Fault{std::string(law->name()), row.book, row.seq, *what};
    }
    return compare_standings(row.book, row.seq);
}

std::optional<Fault> Verifier::compare_standings(BookId book, std::int64_t seq)
{
    while (!said_.empty() && said_.front().book == book && said_.front().seq <= seq) {
        auto const said = std::move(said_.front());
        said_.pop_front();
        for (auto const& law : laws_) {
            if (auto what = law->on_standing(said)) return Fault{std::string(law->name()), book, seq, *what};
        }
    }
    return std::nullopt;
}

std::optional<Fault> Verifier::finish()
{
    if (!book_) return std::nullopt;
    if (!said_.empty() && said_.front().book == *book_) {
        auto const rows = said_.front().seq;
        said_.pop_front();
        return Fault{"sequence_gapless", *book_, 0, "it was said to have " + std::to_string(rows) + " rows, which are not all there"};
    }
    for (auto const& law : laws_) {
        if (auto what = law->on_book_end(*book_)) return Fault{std::string(law->name()), *book_, 0, *what};
    }
    return std::nullopt;
}

}  // namespace cho40::ledger
