#pragma once
#include "adapters/http/message.h"
#include "adapters/stores/recon_records.h"
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace cho40::api {

// "AUTO_RESOLVED" as the API writes it: "auto_resolved".
[[nodiscard]] std::string lower_name(std::string_view stored);
// "file_conflict": the names of import results as the API writes them.
[[nodiscard]] std::string recon_result_name(reconcile::ImportResult result);

// `result` is what became of the file now: a repeat is a duplicate of what was stored then.
[[nodiscard]] nlohmann::json recon_file_json(stores::ReconFile const& file, reconcile::ImportResult result, http::Language language);

// What a run looked at: which bytes, and what of the ledger is the day's.
struct RunInputs {
    reconcile::CountSum ledger;
    std::vector<stores::ReconFile> files;
};

// {"ledger", "matched", "waiting", "breaks", "equations", "files", "rules_sha256"}, kept with the run.
[[nodiscard]] std::string run_summary(reconcile::DayRun const& run, RunInputs const& inputs);
[[nodiscard]] nlohmann::json recon_run_json(stores::ReconRun const& run);
// The figures of a partner's day that nobody has run yet.
[[nodiscard]] nlohmann::json empty_summary();

[[nodiscard]] std::string break_members(reconcile::DayBreak const& found);

}  // namespace cho40::api
