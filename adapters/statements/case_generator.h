#pragma once
#include "adapters/statements/case_answer.h"

namespace cho40::statements {

struct GeneratorSettings {
    std::int64_t payments = 0;   // 1 to 5,000,000
    std::uint64_t seed = 1;      // same seed, same bytes on every machine
    bool csv_statement = false;  // the statement as bank.csv whatever the size
};

// A realistic day (16/11/2026) of a market: payments through the provider and straight to the account, refunds, failed
// attempts, a provider file for the day and the next, batches, and breaks of every class the rules know, a few in a
// thousand. The answer is known by construction: the engine has no part in it.
struct GeneratedCase {
    std::vector<reconcile::InternalRecord> internal;
    std::vector<reconcile::ProviderLine> day, next_day;
    std::vector<reconcile::BankEntry> bank;
    CheckpointAnswer answer;
    bool csv_statement = false;
};

// Error: invalid_input.
[[nodiscard]] Result<GeneratedCase> generate_case(GeneratorSettings settings);

// Writes internal.csv, provider.csv, provider-2.csv, imports.csv, expected.json and the statement: camt053.xml up to
// 50,000 payments unless asked otherwise, bank.csv above. Makes the folder. Errors: invalid_input, unavailable (the folder cannot be written).
[[nodiscard]] Result<Done> write_case(GeneratedCase const& generated, std::filesystem::path const& folder);

}  // namespace cho40::statements
