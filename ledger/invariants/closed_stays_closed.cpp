#include "ledger/invariants/invariant.h"
#include <unordered_set>

namespace cho40::ledger {
namespace {

// A closed account takes no new transfers; only the end of a pending closing opens it again.
class ClosedStaysClosed final : public Invariant {
public:
    std::string_view name() const override { return "closed_stays_closed"; }

    void begin(Standing const& standing) override
    {
        for (auto const& [account, balance] : standing.accounts) {
            if (account.closed) closed_.insert(account.number);
        }
    }

    std::optional<std::string> on_row(JournalRow const& row) override
    {
        auto const& t = row.transfer;
        if (!ends_pending(t.kind)) {
            for (auto const account : {t.debit, t.credit}) {
                if (closed_.contains(account)) return "account " + std::to_string(account.value) + " was closed before";
            }
        }
        bool const closes = t.kind == TransferKind::posted || t.kind == TransferKind::pending;
        bool const opens = t.kind == TransferKind::undo || t.kind == TransferKind::expire;
        for (auto const& [account, closing] : {std::pair(t.debit, t.flags.closing_debit), std::pair(t.credit, t.flags.closing_credit)}) {
            if (closing && closes) closed_.insert(account);
            if (closing && opens) closed_.erase(account);
        }
        return std::nullopt;
    }

    std::optional<std::string> on_standing(Standing const& said) override
    {
        for (auto const& [account, balance] : said.accounts) {
            if (account.closed == closed_.contains(account.number)) continue;
            return "account " + std::to_string(account.number.value) +
                   (account.closed ? " is said to be closed, and no row closed it" : " is said to be open, and a row closed it");
        }
        return std::nullopt;
    }

    std::optional<std::string> on_book_end(BookId) override
    {
        closed_.clear();
        return std::nullopt;
    }

private:
    std::unordered_set<AccountNumber> closed_;
};

}  // namespace

std::unique_ptr<Invariant> make_closed_stays_closed() { return std::make_unique<ClosedStaysClosed>(); }

}  // namespace cho40::ledger
