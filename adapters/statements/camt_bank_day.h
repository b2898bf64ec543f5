#pragma once
#include "adapters/statements/camt_payments.h"
#include "adapters/statements/camt_reader.h"
#include "reconcile/sum.h"
#include <functional>
#include <map>
#include <set>
#include <tuple>

namespace cho40::statements {

// Booked entries and balances of a statement file, as reconciliation wants them.
struct BankDay {
    struct Head {
        std::string account;
        int line;
    };

    CamtMessage message;
    std::vector<Head> statements;                      // at least one
    std::set<std::string> accounts;
    std::vector<reconcile::BankEntry> entries;         // only booked ones
    std::vector<reconcile::StatementBalance> balances; // of statements that give opening and closing of the day in VND
    std::size_t booked = 0;                            // entries, not payments
    std::size_t pending = 0;                           // entries that are not booked money yet
    std::size_t repeated = 0;                          // entries of an intraday report that an earlier one of the file had
    std::optional<Day> last_day;
    // Sums in the file that do not agree: opening + booked = closing, or the parts of an entry; or pages of a statement that
    // are missing. FILE_INTEGRITY.
    std::optional<std::string> damage;
    // Of the two the worse: amounts contradict each other. Of a file that is only a part, what it says may still be right.
    bool sums_disagree = false;
};

// Makes the records while the message is read. An entry in another currency keeps its currency and has amount 0. An entry
// that holds several payments with their own amounts becomes one record for each. Running intraday reports (camt.052) tell
// the same entries again and again: each is taken once, told by the account and the bank's reference.
// Error: invalid_input (no date), pointer "line N".
class BankDayBuilder final : public CamtListener {
public:
    using Sink = std::function<void(reconcile::BankEntry)>;

    // With a sink the day keeps no entries.
    explicit BankDayBuilder(Sink sink = {}) : sink_(std::move(sink)) {}

    Result<Done> entry(CamtMessage const& message, CamtStatement const& statement, CamtEntry entry) override;
    Result<Done> statement(CamtMessage const& message, CamtStatement const& statement) override;

    // What was found, once the reader has finished.
    [[nodiscard]] BankDay& conclude();

private:
    using Told = std::tuple<std::string, std::string, reconcile::Direction, std::int64_t, std::string, bool, Day>;

    Result<Done> take_balances(CamtMessage const& message, CamtStatement const& statement);
    [[nodiscard]] bool was_told(CamtEntry const& entry, reconcile::BankEntry const& record);
    void follow_pages(CamtStatement const& statement);
    void note_day(Day day);
    void note_damage(std::string what);
    void note_wrong_sum(std::string what);

    Sink sink_;
    BankDay day_;
    reconcile::Sum credits_, debits_;  // of the statement being read
    std::map<std::string, int> pages_; // the page that must come next, of accounts whose last page did not come yet
    std::map<Told, std::size_t> told_; // by which report; of intraday reports only
};

// The whole of a file. Errors: those of CamtReader and the builder.
[[nodiscard]] Result<BankDay> read_bank_day(std::string_view bytes);

}  // namespace cho40::statements
