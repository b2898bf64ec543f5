#pragma once
#include "adapters/api/recon_papers.h"
#include "reconcile/workflow/minutes.h"
#include "reconcile/workflow/provider_league.h"

namespace cho40::api {

// `sha256` is of the table as CSV, on JSON and paper alike.
[[nodiscard]] nlohmann::json minutes_json(reconcile::MonthlyMinutes const& minutes, Sha256 const& digest);
[[nodiscard]] documents::Report minutes_paper(reconcile::MonthlyMinutes const& minutes, Sha256 const& digest, PaperOrder const& order);

[[nodiscard]] nlohmann::json league_json(reconcile::ProviderLeague const& league, Sha256 const& digest);
[[nodiscard]] documents::Report league_paper(reconcile::ProviderLeague const& league, Sha256 const& digest, PaperOrder const& order);

}  // namespace cho40::api
