#pragma once
#include "adapters/api/recon.h"
#include "adapters/api/recon_breaks.h"
#include "reconcile/workflow/day_close.h"

namespace cho40::api {

// A day of a partner as its newest comparison and its breaks say now.
struct DayFacts {
    stores::ReconRun run;
    reconcile::DaySheet sheet;
    std::vector<stores::ReconBreak> breaks;
};
// Nothing when nobody has compared the day. Error: too_many (breaks).
[[nodiscard]] boost::asio::awaitable<Result<std::optional<DayFacts>>> facts_of_day(ReconContext& context, stores::ReconPartner partner,
                                                                                   Day day);
// The same, if nothing came in since the comparison that a new one would look at. Errors: invalid_state, too_many.
[[nodiscard]] boost::asio::awaitable<Result<DayFacts>> fresh_facts_of_day(ReconContext& context, stores::ReconPartner partner, Day day);

// The newest signed one, or null.
[[nodiscard]] stores::ReconClosing const* newest_signed(std::vector<stores::ReconClosing> const& of_a_day);

// What is known of a closing without opening its sheet.
[[nodiscard]] nlohmann::json closing_head_json(stores::ReconClosing const& closing);
// The whole: figures, files, breaks, adjustments, and where the file and the raw lines lie. Errors: books_broken, amount_overflow.
[[nodiscard]] Result<nlohmann::json> closing_json(stores::ReconClosing const& closing);
[[nodiscard]] nlohmann::json adjustments_json(std::vector<reconcile::Adjustment> const& adjustments);
[[nodiscard]] std::string closing_state(stores::ReconClosing const& closing);  // "prepared", "signed", "rejected"
// What the installation signed for it. Pre: it is signed.
[[nodiscard]] reconcile::ClosingWords signed_words(stores::ReconClosing const& closing);

void add_recon_closing_routes(http::Router& router, ReconContext& context);
void add_recon_drill_routes(http::Router& router, ReconContext& context);
void add_recon_report_routes(http::Router& router, ReconContext& context);

}  // namespace cho40::api
