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

Verifier::Verifier(HeadKey const* key) : laws_(make_laws())
{
    auto chain = std::make_unique<ChainIntact>(key);
    chain_ = chain.get();
    laws_.push_back(std::move(chain));
    auto balances = std::make_unique<HeldPlusAvailable>();
    balances_ = balances.get();
    laws_.push_back(std::move(balances));
}

Verifier::~Verifier() = default;

void Verifier::expect(SignedHead const& head) { chain_->expect(head); }

void Verifier::expect(Standing said) { balances_->expect(std::move(said)); }

std::int64_t Verifier::heads() const { return chain_->heads(); }

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
    return std::nullopt;
}

std::optional<Fault> Verifier::finish()
{
    if (!book_) return std::nullopt;
    for (auto const& law : laws_) {
        if (auto what = law->on_book_end(*book_)) return Fault{std::string(law->name()), *book_, 0, *what};
    }
    return std::nullopt;
}

}  // namespace cho40::ledger
