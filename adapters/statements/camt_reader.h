#pragma once
#include "adapters/statements/camt.h"

namespace cho40::statements {

inline constexpr std::size_t camt_bytes_max = 512u << 20;
inline constexpr int camt_depth_max = 40;
inline constexpr std::size_t camt_text_bytes_max = 16u << 10;  // of one element

// Reads a whole document, element by element. Elements are told by local name: banks differ in namespace versions.
// Every error's pointer is "line N".
// Errors: xml_malformed (not well-formed XML, or another document), xml_forbidden (DOCTYPE, entities, too deep, too
// large), statement_missing (a camt message without a statement), invalid_input (an entry without amount, direction or
// status, or with one that cannot be read).
[[nodiscard]] Result<CamtDocument> read_camt(std::string_view bytes);

}  // namespace cho40::statements
