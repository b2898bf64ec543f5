#pragma once
#include "base/result.h"
#include "base/time.h"
#include <string>
#include <utility>
#include <vector>

namespace cho40::documents {

struct ReportColumn {
    std::string title;
    double share = 1;    // of the paper's width, against the other columns
    bool right = false;  // figures
};

struct ReportSection {
    std::string title;
    std::vector<ReportColumn> columns;
    std::vector<std::vector<std::string>> rows;  // as many cells as columns
    std::string when_empty;                      // said instead of the table
};

// Whoever answers for the paper: what they are, and who and when, or an empty line to sign on.
struct ReportSigner {
    std::string as;
    std::string who;
    std::string when;
};

// A paper with tables, for people. Texts of others are shown as they are (visible_text).
struct Report {
    std::string title;
    std::vector<std::pair<std::string, std::string>> facts;
    std::vector<ReportSection> sections;
    std::vector<ReportSigner> signers;
    std::vector<std::string> notes;
    std::string sha256;  // of the table that the paper shows, hex: at the foot of every page
    std::string printed_by;
    Instant printed_at;
};

// A4, page numbers; a table that goes on has its titles on each page. The same report gives the same bytes. Error: internal_error.
[[nodiscard]] Result<std::string> report_pdf(Report const& report);

}  // namespace cho40::documents
