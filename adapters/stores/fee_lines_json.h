#pragma once
#include "fees/records.h"

namespace cho40::stores {

// Lines of a notice and the printed part of a receipt as they are stored. What was decided is written out whole: later
// tables never change it. Reading what we did not write is a mistake of ours and throws nlohmann's exceptions.
[[nodiscard]] std::string lines_json(fees::StoredNotice const& stored);
void read_lines(fees::StoredNotice& stored, std::string_view text);

[[nodiscard]] std::string printed_json(fees::Receipt const& receipt);
void read_printed(fees::Receipt& receipt, std::string_view text);

[[nodiscard]] std::string entry_lines_json(fees::ReceiptEntry const& entry);
[[nodiscard]] std::vector<fees::ReceiptEntry> read_entries(std::string_view text);  // as fees_statements.h puts them together

[[nodiscard]] fees::ReceiptForm receipt_form(std::string_view code);
[[nodiscard]] fees::ReceiptNumber read_receipt_number(std::string_view text);  // {"form", "symbol", "number"}

[[nodiscard]] std::string texts_json(std::vector<std::string> const& texts);
[[nodiscard]] std::vector<std::string> read_texts(std::string_view text);

}  // namespace cho40::stores
