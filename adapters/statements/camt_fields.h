#pragma once
#include "adapters/statements/camt.h"

namespace cho40::statements {

// Puts the text of one element into the statement being read. `path` is the local names below Stmt, Rpt or Ntfctn:
// "Ntry/NtryDtls/TxDtls/RmtInf/Ustrd". Elements nobody asks for are passed over. Error: invalid_input.
[[nodiscard]] Result<Done> set_camt_field(CamtStatement& statement, std::string_view path, std::string const& text,
                                          std::string const& currency);

// Opens a list member at its first tag: Ntry, TxDtls, Bal.
void open_camt_member(CamtStatement& statement, std::string_view path, int line);

}  // namespace cho40::statements
