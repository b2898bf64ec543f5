#pragma once
#include "ledger/statement.h"
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace cho40::documents {

// A statement as people and programs take it away.
struct StatementPaper {
    std::string book_name;
    std::string printed_by;  // who asked for it
    Instant printed_at;
};

// {"book", "account", "from", "to", "by", "opening", "lines": […], "closing", "debits", "credits", "count"}; amounts as the API
// writes them.
[[nodiscard]] nlohmann::json statement_json(ledger::Statement const& statement);
[[nodiscard]] nlohmann::json statement_line_json(ledger::StatementLine const& line);

// UTF-8 with a byte order mark, which is how a spreadsheet knows; CRLF; amounts and times as machines write them, a text that
// would be a formula made harmless. Piece by piece: the heading with the opening balance, each line, the closing balance.
[[nodiscard]] std::string statement_csv_head(ledger::StatementQuery const& query, Dong opening);
[[nodiscard]] std::string statement_csv_line(ledger::StatementLine const& line);
[[nodiscard]] std::string statement_csv_foot(ledger::StatementQuery const& query, ledger::StatementTotals const& totals);
[[nodiscard]] std::string statement_csv(ledger::Statement const& statement);

// For a terminal, Vietnam's time and columns of one width.
[[nodiscard]] std::string statement_text(ledger::Statement const& statement, StatementPaper const& paper);

// A4, Vietnamese, page numbers. The same statement and paper give the same bytes. Error: internal_error.
[[nodiscard]] Result<std::string> statement_pdf(ledger::Statement const& statement, StatementPaper const& paper);

}  // namespace cho40::documents
