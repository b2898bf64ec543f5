#pragma once
#include "base/digest.h"
#include "reconcile/engine.h"
#include <memory>
#include <set>

namespace cho40::reconcile {

enum class Side : std::uint8_t { internal, provider, bank };

enum class ImportResult : std::uint8_t { ACCEPTED, ACCEPTED_LATE, DUPLICATE_FILE, SUPERSEDES, FILE_CONFLICT, FILE_INTEGRITY };
[[nodiscard]] std::string_view name_of(ImportResult result);

// A file as it arrived, already read into records.
struct ImportedFile {
    Side side = Side::internal;
    std::string name;                 // for people; two names can be one file
    Sha256 digest{};                  // of its raw bytes
    Day business_date;                // the day covered; for a bank statement or snapshot the last day
    int revision = 1;
    Instant received_at;
    std::set<std::string> parties;    // accounts, or the partner's code (held when it is another's); empty: the file does not say
    std::vector<InternalRecord> internal;
    std::vector<ProviderLine> provider;
    std::vector<BankEntry> bank;
    std::vector<StatementBalance> balances;
    std::optional<std::string> damage;  // what its reader found wrong with counts, sums or content: it is not applied
};

// The first provider line whose amount, fee and net do not agree, or that is of another day than its file.
[[nodiscard]] std::optional<std::string> find_line_damage(ImportedFile const& file);

// Gives entries without a bank reference one made of their content and their ordinal among identical entries of the file.
void give_references(ImportedFile& file);

// Which files are in force. Same bytes are one file whatever its name. The logical identity is (side, party, business
// date) with a revision: a higher one supersedes, the same or a lower one with other bytes is held for people.
class FileRegister {
public:
    explicit FileRegister(Settings settings) : settings_(std::move(settings)) {}

    // Keeps the file and says what became of it. Entries without a bank reference get one made of their content and their
    // ordinal among identical entries of the file, so that true twins survive and a second import adds nothing.
    ImportResult import(ImportedFile file);

    // What a run at `as_of` looks at. Points into the register.
    [[nodiscard]] RunInput input(Instant as_of) const;

    [[nodiscard]] Settings const& settings() const { return settings_; }

private:
    struct Standing {
        ImportedFile file;
        bool in_force = false;
    };

    [[nodiscard]] Standing* same_identity(ImportedFile const& file) const;
    [[nodiscard]] std::optional<std::string> find_damage(ImportedFile const& file, Standing const* superseded) const;
    ImportResult hold(ImportedFile file, BreakClass kind, std::string why);

    Settings settings_;
    std::vector<std::unique_ptr<Standing>> files_;
    std::set<Sha256> seen_;
    std::vector<HeldFile> held_;
};

}  // namespace cho40::reconcile
