#pragma once
#include "adapters/api/report_answers.h"
#include "adapters/stores/recon_closings.h"

// The papers of reconciliation, in Vietnamese: what the JSON says, for signing and filing.
namespace cho40::api {

// Errors: books_broken, amount_overflow.
[[nodiscard]] Result<documents::Report> closing_paper(stores::ReconClosing const& closing, PaperOrder const& order);

// What people call a class, an adjustment, how a break ended, an equation.
[[nodiscard]] std::string class_words(reconcile::BreakClass kind);
[[nodiscard]] std::string adjustment_words(reconcile::AdjustmentKind kind);

}  // namespace cho40::api
