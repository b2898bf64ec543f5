#pragma once
#include "adapters/api/recon.h"
#include "adapters/documents/report_pdf.h"
#include "adapters/stores/recon_closings.h"

// The papers of reconciliation, in Vietnamese: what the JSON says, for signing and filing.
namespace cho40::api {

enum class ReportFormat { json, csv, pdf };
// `?format=`. Error: unknown_value.
[[nodiscard]] Result<ReportFormat> report_format(http::Request const& request);
// A file to take away. Table-Sha256 is the digest of the table, which stands in its last row and on the paper.
[[nodiscard]] http::Response report_file(std::string bytes, ReportFormat format, std::string const& name, Sha256 const& digest);
[[nodiscard]] Answering drawn_report(ReconContext& context, documents::Report report, std::string name, Sha256 digest);

// Whoever asked for a paper, and when.
struct PaperOrder {
    std::string printed_by;
    Instant printed_at;
};

// Errors: books_broken, amount_overflow.
[[nodiscard]] Result<documents::Report> closing_paper(stores::ReconClosing const& closing, PaperOrder const& order);

// What people call a class, an adjustment, how a break ended, an equation.
[[nodiscard]] std::string class_words(reconcile::BreakClass kind);
[[nodiscard]] std::string adjustment_words(reconcile::AdjustmentKind kind);

}  // namespace cho40::api
