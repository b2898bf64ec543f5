#pragma once
#include "apps/sandbox/bank.h"
#include "reconcile/records.h"
#include <map>
#include <string>
#include <vector>

// What the bank and the providers write down about a day. Same books, same breaks, same bytes.
namespace cho40::sandbox {

// Mistakes of one day, of every rail account. Which payments are hit depends on the seed; no payment is hit twice.
struct Breaks {
    int missing = 0;     // payments the other side does not know
    int extra = 0;       // payments only the other side knows
    int amount_off = 0;  // 500 đồng too much
    int reversed = 0;    // credits the bank takes back the same day
};

class DayFiles {
public:
    explicit DayFiles(Bank const& bank) : bank_(bank) {}

    void put(Day day, Breaks breaks) { breaks_.insert_or_assign(day, breaks); }
    void reset() { breaks_.clear(); }

    // The provider's daily file. Revision 1 has the day's mistakes, later ones are right.
    [[nodiscard]] std::vector<reconcile::ProviderLine> provider_lines(RailAccount const& account, Day day, int revision) const;
    [[nodiscard]] std::string daily_file(RailAccount const& account, Day day, int revision) const;

    // The bank's statement: a camt.053 document with one Stmt for each receiving account the rail account tells of. With
    // Channel::bank every transfer is an entry; with Channel::provider there is one credit for each day's batch, net of
    // fees, on the day after, with the batch in its narrative. Error: statement_missing when there is no account.
    [[nodiscard]] Result<std::string> camt053(RailAccount const& account, Day day) const;

private:
    struct DayTransfer {
        Transfer transfer;
        bool missing = false;
        bool reversed = false;
        Dong amount;  // as the other side has it
    };

    using EntriesByAccount = std::map<std::string, std::vector<reconcile::BankEntry>>;  // by "bin/number"

    [[nodiscard]] std::vector<DayTransfer> day_of(RailAccount const& account, Day day, bool with_mistakes) const;
    [[nodiscard]] EntriesByAccount entries(RailAccount const& rail, Day day) const;
    [[nodiscard]] EntriesByAccount transfer_entries(RailAccount const& rail, Day day) const;
    [[nodiscard]] EntriesByAccount settlement_entries(RailAccount const& rail, Day day) const;
    // The first day with a transfer; `day` when there is none before.
    [[nodiscard]] Day first_day(Day day) const;
    [[nodiscard]] Breaks breaks_of(Day day) const;

    Bank const& bank_;
    std::map<Day, Breaks> breaks_;
};

// Names what a provider paid out together: "PAYOS20261122B4F1A00001". One batch for each receiving account and day.
[[nodiscard]] std::string batch_of(RailAccount const& rail, std::string const& account_number, Day day);

}  // namespace cho40::sandbox
